"""Makes a snapshot of one owner's memory, in a process of its own: ``python -m
raggen_embed.building``.

In the service itself, this would slow down searches for seconds and leave its memory in pieces. The
orders come as one JSON object on stdin; when stdin is closed, the one who gave them has gone, and
so does this.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import structlog

from raggen_embed.errors import DatabaseUnusable, DiskFull
from raggen_embed.index import Index
from raggen_embed.reader import Reader
from raggen_embed.shelf import Shelf, Suite
from raggen_embed.sources import Sources
from raggen_embed.window_keys import Reads

NICE: Final = 10
_LOOK_SECONDS: Final = 0.05
_SAID = 500  # of what it says on stderr, the end


def make(
    index: Index,
    owner: str,
    database: Path,
    on_writer: Callable[[Callable[[], None]], None],
    closed: threading.Event,
) -> bool:
    """Have a snapshot of an owner's memory made in a process, and put it in its place; False where
    that failed, which is logged, or was ended by ``closed``.

    Args:
        index: whose models and snapshots these are.
        owner: whose items.
        database: the store's file.
        on_writer: runs something between two commits.
        closed: set when the service stops.
    """
    told = orders(index.shelf.data, database, owner, index.suite)
    command = [sys.executable, "-m", "raggen_embed.building"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            reason = _waited_for(process, told, closed).decode("utf-8", "replace")
            if process.returncode == 0:
                on_writer(lambda: index.shelf.accept(owner, process.pid))
                return True
        except (OSError, DiskFull) as error:
            reason = str(error)
        finally:
            process.kill()
            process.wait()
            index.shelf.discard(owner, process.pid)
    if not closed.is_set():
        log = structlog.get_logger("raggen_embed.index")
        log.warning("snapshot not made", reason=reason)
    return False


def _waited_for(process: subprocess.Popen[bytes], told: str, closed: threading.Event) -> bytes:
    if process.stdin is None or process.stderr is None:
        raise AssertionError("no pipes")
    with suppress(BrokenPipeError):  # it has gone, and says why
        process.stdin.write(f"{told}\n".encode())
        process.stdin.flush()
    # Read while it works: it would wait for room in a full pipe.
    os.set_blocking(process.stderr.fileno(), False)
    said = b""
    while process.poll() is None:
        said = (said + (process.stderr.read() or b""))[-_SAID:]
        if closed.wait(_LOOK_SECONDS):
            process.kill()
            process.wait()
    return (said + (process.stderr.read() or b""))[-_SAID:]


def orders(data: Path, database: Path, owner: str, suite: Suite) -> str:
    """What ``main`` reads from stdin: one line."""
    reads = [[one.model, one.dimensions, [*one.scripts], [*one.late]] for one in suite.reads]
    return json.dumps(
        {
            "data": str(data.absolute()),
            "database": str(database.absolute()),
            "owner": owner,
            "store": suite.store,
            "roles": dict(suite.roles),
            "reads": reads,
            "fingerprints": [*suite.fingerprints],
        }
    )


def build(told: dict[str, Any]) -> None:
    """Read an owner's items, make a memory of them, and write it down.

    Raises:
        DatabaseUnusable: the store is damaged.
        OSError: the disk takes no more.
    """
    reads = [Reads(*one) for one in told["reads"]]
    suite = Suite(told["store"], told["roles"], reads, told["fingerprints"])
    shelf = Shelf(Path(told["data"]), suite)
    reader = Reader(Path(told["database"]))
    try:
        index = Index(Sources(reader), shelf, suite)
        memory = index.built(told["owner"])
        if len(memory):
            shelf.write(told["owner"], memory.arrays())
    finally:
        reader.close()


def main() -> None:
    """Obey the orders on stdin; exit with 1 and a sentence on stderr where that is impossible."""
    told = json.loads(sys.stdin.readline())
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    os.nice(NICE)
    try:
        build(told)
    except (DatabaseUnusable, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


def _leave_with_parent() -> None:
    sys.stdin.read()
    os._exit(2)


if __name__ == "__main__":
    main()
