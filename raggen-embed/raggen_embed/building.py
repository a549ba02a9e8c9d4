"""Makes a snapshot of one owner's memory, in a process of its own: ``python -m
raggen_embed.building``.

In the service itself, this would slow down searches for seconds and leave its memory in pieces. The
orders come as one JSON object on stdin; when stdin is closed, the one who gave them has gone, and
so does this.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, Final

from raggen_embed.errors import DatabaseUnusable
from raggen_embed.index import Index
from raggen_embed.loading import Reads
from raggen_embed.reader import Reader
from raggen_embed.shelf import Shelf, Suite
from raggen_embed.sources import Sources

NICE: Final = 10


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
