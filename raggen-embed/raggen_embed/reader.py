"""The reading half of the store: items by id or row, and what has to be made anew."""

from __future__ import annotations

import json
import queue
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raggen_embed.errors import DatabaseUnusable
from raggen_embed.loading import (
    MODEL_SHIFT,
    WINDOW_BITS,
    Everything,
    Reads,
    everything,
    window_keys,
)
from raggen_embed.schemas import Item
from raggen_embed.wire import Window

CONNECTIONS = 4
BUSY_SECONDS = 5
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


def _item(values: Sequence[Any]) -> Item:
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
        self._path = path
        self._connections: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for _ in range(CONNECTIONS):
            self._connections.put(connect(path, "ro"))

    def close(self) -> None:
        """Close the connections, once nobody uses them."""
        for _ in range(CONNECTIONS):
            self._connections.get(timeout=BUSY_SECONDS).close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = self._connections.get()
        try:
            yield connection
        finally:
            self._connections.put(connection)

    def item(self, owner: str, identifier: str, models: Iterable[int]) -> tuple[Item, int] | None:
        """An item and the number of its windows, which every model that reads it has."""
        with self._connection() as connection:
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
        return _item(values), int(windows)

    def version(self, owner: str, identifier: str) -> int:
        """The newest version heard of, stored or deleted; 0 for neither."""
        with self._connection() as connection:
            [version] = connection.execute(
                "SELECT max(coalesce((SELECT version FROM items WHERE owner = ?1 AND id = ?2), 0),"
                " coalesce((SELECT version FROM tombstones WHERE owner = ?1 AND id = ?2), 0))",
                (owner, identifier),
            ).fetchone()
        return int(version)

    def rows(self, rows: Sequence[int]) -> dict[int, Stored]:
        """The items in these rows that still exist."""
        marks = ", ".join("?" * len(rows))
        with self._connection() as connection:
            found = connection.execute(
                f"SELECT row, sequence, {COLUMNS} FROM items WHERE row IN ({marks})",  # noqa: S608
                tuple(rows),
            ).fetchall()
        return {row: Stored(row, sequence, _item(values)) for row, sequence, *values in found}

    def windows(
        self, places: Sequence[tuple[int, int]], models: Iterable[int]
    ) -> list[Window | None]:
        """The spans of windows, given by row and number; every model that reads an item has the
        same. None for what is gone."""
        numbers = [*models]
        marks = ", ".join("?" * len(numbers))
        found: list[Window | None] = []
        with self._connection() as connection:
            for row, number in places:
                span = connection.execute(
                    f"SELECT start, stop FROM vectors WHERE key IN ({marks}) LIMIT 1",  # noqa: S608
                    [window_keys(model, row)[0] + number for model in numbers],
                ).fetchone()
                found.append(None if span is None else Window(start=span[0], end=span[1]))
        return found

    def outdated(self, models: Sequence[Reads], count: int, *, after: int) -> list[Stored]:
        """Up to ``count`` items, by row after ``after``, that have no terms or that one of the
        models should have read and has not."""
        unread = " OR ".join(
            f"(terms.script IN ({', '.join(map(repr, one.scripts))}) AND"  # noqa: S608 - our own names
            " NOT EXISTS (SELECT 1 FROM vectors WHERE"
            f" key >= ({one.model} << {MODEL_SHIFT}) + (items.row << {WINDOW_BITS})"
            f" AND key < ({one.model} << {MODEL_SHIFT}) + ((items.row + 1) << {WINDOW_BITS})))"
            for one in models
        )
        sql = (
            f"SELECT items.row, sequence, {COLUMNS} FROM items"  # noqa: S608 - our own names
            " LEFT JOIN terms ON terms.row = items.row"
            f" WHERE items.row > ?1 AND (terms.row IS NULL OR {unread})"
            " ORDER BY items.row LIMIT ?2"
        )
        with self._connection() as connection:
            found = connection.execute(sql, (after, count)).fetchall()
        return [Stored(row, sequence, _item(values)) for row, sequence, *values in found]

    def everything(self, models: Sequence[Reads]) -> Everything:
        """Read what the index is made of. 100,000 items take 1 to 2 s.

        Raises:
            DatabaseUnusable: the file is damaged, or its tables do not belong together.
        """
        try:
            with self._connection() as connection:
                # One snapshot, though nobody writes yet.
                connection.execute("BEGIN")
                try:
                    return everything(connection, models)
                finally:
                    connection.execute("ROLLBACK")
        except (sqlite3.Error, ValueError) as error:
            raise DatabaseUnusable.damaged(self._path, error) from error
