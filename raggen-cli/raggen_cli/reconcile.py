"""`raggen reconcile`: do the chats and the memory hold the same? What differs can be put right.

raggen-web compares, which holds the messages and raggen-embed's key; this asks it and shows what it
says.
"""

import json
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

from rich.table import Table

from raggen_cli import loopback
from raggen_cli.backup.swap import RECONCILE
from raggen_cli.doctor import running_ports
from raggen_cli.errors import ServiceError
from raggen_cli.screen import Screen
from raggen_cli.settings import Settings

# A million items take minutes.
SECONDS = 15 * 60
COUNTS = {
    "here": "reconcile_here",
    "there": "reconcile_there",
    "pending": "reconcile_pending",
    "refused": "reconcile_refused",
}
KINDS = {
    "missing": "reconcile_missing",
    "extra": "reconcile_extra",
    "version": "reconcile_version",
    "text": "reconcile_text",
}
# Ids of a kind that the table names; JSON has them all.
NAMED = 5


def ask(port: int, *, repair: bool) -> dict[str, Any]:
    """Let raggen-web compare, and with `repair` put right what differs.

    Raises:
        ServiceError: raggen-web or raggen-embed does not answer.
    """
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/reconcile",
        data=json.dumps({"repair": repair}).encode(),
        headers={"content-type": "application/json"},
        method="POST",
    )
    try:
        with loopback.opened(request, SECONDS) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        error.close()
        key = "reconcile_no_memory" if error.code == 503 else "reconcile_failed"
        raise ServiceError(key, status=error.code) from error
    except (OSError, ValueError) as error:
        raise ServiceError("reconcile_no_answer", port=port) from error
    if not isinstance(found, dict) or not isinstance(found.get("differences"), list):
        raise ServiceError("reconcile_no_answer", port=port)
    return found


def run(settings: Settings, screen: Screen, *, repair: bool, as_json: bool) -> int:
    """Compare, and show what was found.

    Returns:
        The exit code: 0 where nothing differs, or all that did is being put right; else 1.
    """
    port = (running_ports(settings) or settings).web_port
    found = ask(port, repair=repair)
    differences = found["differences"]
    if as_json:
        screen.write(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(found, screen)
        if differences:
            screen.line("reconcile_repairing" if repair else "reconcile_differ",
                        count=len(differences))  # fmt: skip
        else:
            screen.line("reconcile_same", count=found["here"])
    if not differences and not found["pending"]:
        # What a restore asks the next start to do is done.
        (settings.data_dir / RECONCILE).unlink(missing_ok=True)
    return 1 if differences and not repair else 0


def show(found: dict[str, Any], screen: Screen) -> None:
    """Print the counts, and the first ids of each kind of difference."""
    text = screen.messages.text
    table = Table(box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for name, key in COUNTS.items():
        table.add_row(text(key), str(found[name]), "")
    counts = Counter(one["what"] for one in found["differences"])
    for kind, key in KINDS.items():
        ids = [one["id"] for one in found["differences"] if one["what"] == kind]
        named = ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")
        table.add_row(text(key), str(counts[kind]), named)
    screen.console.print(table)
