"""A large memory without encoding it: copies of what is stored, made in the database itself."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FILE: Final = "raggen-embed.db"
# What else is in a data directory can be made from the database; made before, it knows no copies.
MADE_OF_IT: Final = "index"
APART: Final = 1_000_000  # rows between one copy and the next
WINDOW_BITS: Final = 16  # of a key, which is model << 56 | row << 16 | window
ROW: Final = "((key >> 16) & 0xFFFFFFFFFF)"
OF_A_COPY: Final = ("id", "conversation", "parent")


def copied(data: Path, wanted: int) -> int:
    """Copy what is stored until there are about ``wanted`` items; how many there are.

    Nothing may have the data directory open. Columns are those that the tables have, so that a new
    one is copied too. Copies are written by a generation of their own.
    """
    database = sqlite3.connect(data / FILE, isolation_level=None)
    try:
        # Nobody misses what a power cut would take from a copy, and nothing is written twice. The
        # service sets its own modes again.
        for mode in ("journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF"):
            database.execute(f"PRAGMA {mode}")
        database.execute("BEGIN IMMEDIATE")
        [present] = database.execute("SELECT count(*) FROM items").fetchone()
        database.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
        for number in range(1, max(1, round(wanted / present))):
            for statement in _statements(database, number):
                database.execute(statement)
        [count] = database.execute("SELECT count(*) FROM items").fetchone()
        database.execute("COMMIT")
    finally:
        database.close()
    shutil.rmtree(data / MADE_OF_IT, ignore_errors=True)
    return int(count)


def _statements(database: sqlite3.Connection, number: int) -> Iterator[str]:
    """What makes one copy of each table that holds something of items."""
    tables = [
        name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    for table in tables:
        columns = {row[1]: row[2] for row in database.execute(f"PRAGMA table_info({table})")}
        new, where = dict.fromkeys(columns, ""), ""
        if "row" in columns:
            new["row"], where = f"row + {number * APART}", f"row < {APART}"
        elif columns.get("key") == "INTEGER":
            new["key"], where = f"key + ({number * APART} << {WINDOW_BITS})", f"{ROW} < {APART}"
        else:
            continue  # nothing of items
        for name in OF_A_COPY:
            if name in columns:
                new[name] = f"{name} || '-{number}'"
        if "sequence" in columns:
            new["sequence"] = "(SELECT value FROM meta WHERE key = 'generation')"
        values = ", ".join(value or name for name, value in new.items())
        yield f"INSERT INTO {table} ({', '.join(new)}) SELECT {values} FROM {table} WHERE {where}"  # noqa: S608
