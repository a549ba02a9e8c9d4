"""The reading half of the store: items by id or row, and everything at once for the start."""

from __future__ import annotations

import json
import queue
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.errors import DatabaseUnusable
from raggen_embed.schemas import Item

CONNECTIONS = 4
BUSY_SECONDS = 5
WINDOW_BITS = 16
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


@dataclass(frozen=True, eq=False)
class Placement:
    """What the index knows of an item besides vectors and terms; ``timestamp`` is RFC 3339."""

    row: int
    sequence: int
    owner: str
    id: str
    collection: str
    conversation: str | None
    timestamp: str | None


@dataclass(frozen=True, eq=False)
class Everything:
    """The whole store, as arrays: ``vectors`` float32[n, d] and ``keys`` int64[n] of their
    windows."""

    placements: list[Placement]
    vector_keys: npt.NDArray[np.int64]
    spans: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.float32]
    terms: dict[int, tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]]


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

    def item(self, owner: str, identifier: str) -> tuple[Item, int] | None:
        """An item and the number of its windows."""
        with self._connection() as connection:
            found = connection.execute(
                f"SELECT row, {COLUMNS} FROM items WHERE owner = ? AND id = ?",  # noqa: S608 - our own names
                (owner, identifier),
            ).fetchone()
            if found is None:
                return None
            row, *values = found
            [windows] = connection.execute(
                "SELECT count(DISTINCT start) FROM vectors WHERE key >= ? AND key < ?",
                (row << WINDOW_BITS, (row + 1) << WINDOW_BITS),
            ).fetchone()
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

    def outdated(self, model: int, count: int, *, every: bool, after: int) -> list[Stored]:
        """Up to ``count`` items, by row after ``after``, with vectors of another model (or all
        items)."""
        sql = (
            f"SELECT row, sequence, {COLUMNS} FROM items WHERE row > ?1"  # noqa: S608 - our own names
            " AND (?2 OR EXISTS (SELECT 1 FROM vectors WHERE model <> ?3"
            f" AND key >= row << {WINDOW_BITS} AND key < (row + 1) << {WINDOW_BITS}))"
            " ORDER BY row LIMIT ?4"
        )
        with self._connection() as connection:
            found = connection.execute(sql, (after, every, model, count)).fetchall()
        return [Stored(row, sequence, _item(values)) for row, sequence, *values in found]

    def models(self) -> list[int]:
        """The models that vectors may have been made with."""
        with self._connection() as connection:
            return [model for (model,) in connection.execute("SELECT model FROM models")]

    def everything(self, dimensions: int) -> Everything:
        """Read what the index is made of. 100,000 vectors take 0.3 s.

        Raises:
            DatabaseUnusable: the file is damaged, or its tables do not belong together.
        """
        try:
            with self._connection() as connection:
                return _everything(connection, dimensions)
        except (sqlite3.Error, ValueError) as error:
            raise DatabaseUnusable.damaged(self._path, error) from error


def _everything(connection: sqlite3.Connection, dimensions: int) -> Everything:
    placements = [
        Placement(*values)
        for values in connection.execute(
            "SELECT row, sequence, owner, id, collection, conversation, timestamp"
            " FROM items ORDER BY row"
        )
    ]
    windows = connection.execute(
        "SELECT key, start, stop, vector FROM vectors ORDER BY key"
    ).fetchall()
    terms = {
        row: (np.frombuffer(keys, "<i8"), np.frombuffer(counts, "<i4"))
        for row, keys, counts in connection.execute("SELECT row, keys, counts FROM terms")
    }
    rows = {placement.row for placement in placements}
    if terms.keys() != rows or {key >> WINDOW_BITS for key, *_ in windows} != rows:
        raise ValueError("its tables do not belong together")
    if any(len(vector) != 4 * dimensions for *_, vector in windows):
        raise ValueError("a vector has another length than the model's")
    return Everything(
        placements,
        np.array([key for key, *_ in windows], dtype=np.int64),
        np.array([(start, stop) for _, start, stop, _ in windows], dtype=np.int32).reshape(-1, 2),
        np.frombuffer(b"".join(vector for *_, vector in windows), "<f4").reshape(-1, dimensions),
        terms,
    )
