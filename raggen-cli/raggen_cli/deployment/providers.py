"""Can each configured model provider be reached, and does it take its key? One cheap call each.

raggen-web asks them, as it would for an answer: the one that runs, or one that is started for this,
with an empty database of its own, and ends at once.
"""

import asyncio
import contextlib
import json
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from raggen_cli import loopback, ports, services
from raggen_cli.commands import launched
from raggen_cli.deployment.environment import Environment
from raggen_cli.finding import Finding, Text
from raggen_cli.layout import Layout

START_SECONDS = 60.0
CHECK_SECONDS = 60
SERVERS = frozenset({"openai", "yandexgpt", "gigachat"})


def check(text: Text, layout: Layout, environment: Environment, language: str) -> Iterator[Finding]:
    """Ask every provider that is connected."""
    name = text("check_providers")
    port = int(environment.get("PORT") or "3000")
    if is_raggen(port):
        yield from ask_all(text, layout, port, language)
        return
    if not layout.standalone.is_file():
        found = text("found_not_installed")
        yield Finding("providers", "warn", name, found, text("do_setup"))
        return
    with trial(layout, environment) as own:
        if own is None:
            found = text("found_trial_failed")
            yield Finding("providers", "warn", name, found, text("do_settings"))
            return
        yield Finding("providers_trial", "ok", name, text("found_trial"))
        yield from ask_all(text, layout, own, language)


def is_raggen(port: int) -> bool:
    """Tell whether raggen-web listens there."""
    return bool(port) and asyncio.run(services.answers(port, "/readyz"))


@contextmanager
def trial(layout: Layout, environment: Environment) -> Iterator[int | None]:
    """Run raggen-web with the environment's providers and nothing of the person's data.

    Yields:
        Its port; None where it did not start.
    """
    port = ports.free()
    with tempfile.TemporaryDirectory() as folder:
        values = {
            **environment.values,
            "PORT": str(port),
            "HOSTNAME": ports.LOOPBACK,
            "NODE_ENV": "production",
            "NEXT_TELEMETRY_DISABLED": "1",
            "RAGGEN_WEB_DATABASE_URL": f"file:{folder}/trial.db",
            "RAGGEN_WEB_SECRET_FILE": f"{folder}/secret.key",
            "RAGGEN_WEB_LOCAL_MODEL_URL": "",
            "RAGGEN_WEB_DISCOVERY_URLS": "",
        }
        command = launched([str(layout.node), str(layout.standalone)], "become")
        with subprocess.Popen(
            command, env=values, cwd=layout.standalone.parent, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            try:
                yield port if is_up(process, port) else None
            finally:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()


def is_up(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Wait until raggen-web is ready; False where it ends instead, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if is_raggen(port):
            return True
        time.sleep(0.2)
    return False


def ask_all(text: Text, layout: Layout, port: int, language: str) -> Iterator[Finding]:
    """Let raggen-web ask each server that it knows."""
    try:
        listed = call(port, "GET", "/api/providers")["providers"]
    except (OSError, ValueError, KeyError) as error:
        yield Finding("providers", "fail", text("check_providers"), str(error), text("do_settings"))
        return
    known = [one for one in listed if one["kind"] in SERVERS]
    if not known:
        yield Finding("providers", "ok", text("check_providers"), text("found_no_providers"))
    for one in known:
        yield ask(text, layout, port, one, language)


def ask(text: Text, layout: Layout, port: int, listed: dict[str, Any], language: str) -> Finding:
    """Ask one server for its models, which costs nothing and needs its key."""
    name = text("check_provider", name=listed["name"])
    row_id = f"provider_{listed['id']}"
    try:
        found = call(port, "POST", f"/api/providers/{listed['id']}/check")
    except urllib.error.HTTPError as error:
        code = code_of(error)
        said = text("found_provider_failed", code=code, where=listed.get("baseUrl", ""))
        return Finding(row_id, "fail", name, said, explained(layout, language, code))
    except (OSError, ValueError) as error:
        return Finding(row_id, "fail", name, str(error), text("do_settings"))
    said = text("found_provider", models=len(found["models"]), ms=found["tookMs"])
    return Finding(row_id, "ok", name, said)


def call(port: int, method: str, path: str) -> Any:
    """Ask raggen-web for JSON.

    Raises:
        OSError, ValueError: it does not answer, refuses, or answers something else.
    """
    request = urllib.request.Request(
        f"http://{ports.LOOPBACK}:{port}{path}",
        data=b"{}" if method == "POST" else None,
        headers={"content-type": "application/json"},
        method=method,
    )
    with loopback.opened(request, CHECK_SECONDS) as answer:
        return json.load(answer)


def code_of(error: urllib.error.HTTPError) -> str:
    """Return raggen-web's own code for what went wrong."""
    with error:
        try:
            return str(json.load(error)["error"]["code"])
        except (ValueError, KeyError, TypeError):
            return str(error.code)


def explained(layout: Layout, language: str, code: str) -> str:
    """Return the sentence with which the page explains a failure, in the person's language."""
    file: Path = layout.web / "messages" / language / "errors.json"
    sentence = str(json.loads(file.read_text()).get(code, ""))
    # Numbers that only the page fills in.
    return re.sub(r"\{(\w+),.*?\}\}|\{\w+\}", "…", sentence)
