"""The reading half of the store: items by id or row."""

from __future__ import annotations

import json
import queue
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raggen_embed.schemas import Item
from raggen_embed.window_keys import window_keys
from raggen_embed.wire import Window

CONNECTIONS = 4
BUSY_SECONDS = 5
# Parameters of one statement: SQLite's own limit is 32766.
MAX_MARKS = 4096
FIELDS = [
    "owner",
    "id",
    "version",
    "collection",
    "conversation",
    "session",
    "seq",
    "speaker",
    "timestamp",
    "language",
    "parent",
    "metadata",
    "text",
]
COLUMNS = ", ".join(FIELDS)


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the database with SQLite's URI ``mode``: rwc (create) or ro."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )
    # Freed pages are overwritten with zeros, so that deleted text is not left in the file.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def item_values(item: Item) -> tuple[Any, ...]:
    """An item as the values of FIELDS."""
    values = item.model_dump(mode="json")
    # Sorted, so that the same metadata in another order is the same content.
    values["metadata"] = json.dumps(item.metadata, sort_keys=True, ensure_ascii=False)
    return tuple(values[name] for name in FIELDS)


def item_of(values: Sequence[Any]) -> Item:
    """An item from the values of FIELDS."""
    fields = dict(zip(FIELDS, values, strict=True))
    fields["metadata"] = json.loads(fields["metadata"])
    return Item.model_validate(fields)


@dataclass(frozen=True)
class Stored:
    """An item, the row it is in, and the generation that wrote it."""

    row: int
    sequence: int
    item: Item


class Reader:
    """Read-only connections, shared by threads one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for _ in range(CONNECTIONS):
            self._connections.put(connect(path, "ro"))

    def close(self) -> None:
        """Close the connections, once nobody uses them."""
        for _ in range(CONNECTIONS):
            self._connections.get(timeout=BUSY_SECONDS).close()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """One of them, for as long as it is used."""
        connection = self._connections.get()
        try:
            yield connection
        finally:
            self._connections.put(connection)

    def item(self, owner: str, identifier: str, models: Iterable[int]) -> tuple[Item, int] | None:
        """An item and the number of its windows, which every model that reads it has."""
        with self.connection() as connection:
            found = connection.execute(
                f"SELECT row, {COLUMNS} FROM items WHERE owner = ? AND id = ?",  # noqa: S608 - our own names
                (owner, identifier),
            ).fetchone()
            if found is None:
                return None
            row, *values = found
            windows = max(
                connection.execute(
                    "SELECT count(*) FROM vectors WHERE key >= ? AND key < ?",
                    window_keys(model, row),
                ).fetchone()[0]
                for model in models
            )
        return item_of(values), int(windows)

    def version(self, owner: str, identifier: str) -> int:
        """The newest version heard of, stored or deleted; 0 for neither."""
        with self.connection() as connection:
            [version] = connection.execute(
                "SELECT max(coalesce((SELECT version FROM items WHERE owner = ?1 AND id = ?2), 0),"
                " coalesce((SELECT version FROM tombstones WHERE owner = ?1 AND id = ?2), 0))",
                (owner, identifier),
            ).fetchone()
        return int(version)

    def rows(self, rows: Sequence[int]) -> dict[int, Stored]:
        """The items in these rows that still exist."""
        marks = ", ".join("?" * len(rows))
        with self.connection() as connection:
            found = connection.execute(
                f"SELECT row, sequence, {COLUMNS} FROM items WHERE row IN ({marks})",  # noqa: S608
                tuple(rows),
            ).fetchall()
        return {row: Stored(row, sequence, item_of(values)) for row, sequence, *values in found}

    def windows(
        self, places: Sequence[tuple[int, int]], models: Iterable[int]
    ) -> list[Window | None]:
        """The spans of windows, given by row and number; every model that reads an item has the
        same. None for what is gone."""
        numbers = [*models]
        marks = ", ".join("?" * len(numbers))
        found: list[Window | None] = []
        with self.connection() as connection:
            for row, number in places:
                span = connection.execute(
                    f"SELECT start, stop FROM vectors WHERE key IN ({marks}) LIMIT 1",  # noqa: S608
                    [window_keys(model, row)[0] + number for model in numbers],
                ).fetchone()
                found.append(None if span is None else Window(start=span[0], end=span[1]))
        return found

    def rows_of(self, owner: str, ids: Sequence[str]) -> list[int]:
        """The rows of those of an owner's ids that there are."""
        found: list[int] = []
        with self.connection() as connection:
            for at in range(0, len(ids), MAX_MARKS):
                piece = ids[at : at + MAX_MARKS]
                marks = ", ".join("?" * len(piece))
                found += [
                    row
                    for (row,) in connection.execute(
                        f"SELECT row FROM items WHERE owner = ? AND id IN ({marks})",  # noqa: S608
                        (owner, *piece),
                    )
                ]
        return found
