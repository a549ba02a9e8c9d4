"""The reading half of the store: items by id or row, and everything at once for the start."""

from __future__ import annotations

import json
import queue
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag
from raggen_embed.changes import Terms
from raggen_embed.errors import DatabaseUnusable
from raggen_embed.schemas import Item

CONNECTIONS = 4
BUSY_SECONDS = 5
WINDOW_BITS = 16
# A row has 40 bits, a model 7: more than anybody will have.
MODEL_SHIFT = 56
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
TERMS = "script, words, word_counts, grams, gram_counts"


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


def window_keys(model: int, row: int) -> tuple[int, int]:
    """The first key of an item's windows of a model, and the first behind them."""
    first = (model << MODEL_SHIFT) + (row << WINDOW_BITS)
    return first, first + (1 << WINDOW_BITS)


def terms_of(values: Sequence[Any]) -> Terms:
    """An item's terms from the values of TERMS."""
    script, words, word_counts, grams, gram_counts = values
    return Terms(script, _bag(words, word_counts), _bag(grams, gram_counts))


def _bag(keys: bytes, counts: bytes) -> Bag:
    return Bag(np.frombuffer(keys, "<i8"), np.frombuffer(counts, "<i4"))


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
    session: str | None
    parent: str | None
    seq: int | None
    timestamp: str | None


@dataclass(frozen=True, eq=False)
class Vectors:
    """A model's vectors of everything: window i belongs to ``rows[i]``, in order, as its number
    ``windows[i]``.

    ``vectors`` float32[n, d]; ``ids`` and ``bits`` hold each window's tokens, int32[t] and
    uint8[t, d/8] (or uint8[0, d/8]).
    """

    rows: npt.NDArray[np.int64]
    windows: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.float32]
    ids: list[npt.NDArray[np.int32]]
    bits: list[npt.NDArray[np.uint8]]


@dataclass(frozen=True, eq=False)
class Everything:
    """The whole store: items in the order of their rows, terms by row, vectors by model."""

    placements: list[Placement]
    terms: dict[int, Terms]
    vectors: dict[int, Vectors]


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

    def item(self, owner: str, identifier: str, model: int) -> tuple[Item, int] | None:
        """An item and the number of its windows for a model."""
        with self._connection() as connection:
            found = connection.execute(
                f"SELECT row, {COLUMNS} FROM items WHERE owner = ? AND id = ?",  # noqa: S608 - our own names
                (owner, identifier),
            ).fetchone()
            if found is None:
                return None
            row, *values = found
            [windows] = connection.execute(
                "SELECT count(*) FROM vectors WHERE key >= ? AND key < ?", window_keys(model, row)
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

    def outdated(
        self, models: Sequence[int], count: int, *, every: bool, after: int
    ) -> list[Stored]:
        """Up to ``count`` items, by row after ``after``, that one of the models has not read (or
        all items)."""
        unread = " OR ".join(
            "NOT EXISTS (SELECT 1 FROM vectors WHERE"  # noqa: S608 - numbers
            f" key >= ({model} << {MODEL_SHIFT}) + (row << {WINDOW_BITS})"
            f" AND key < ({model} << {MODEL_SHIFT}) + ((row + 1) << {WINDOW_BITS}))"
            for model in models
        )
        sql = (
            f"SELECT row, sequence, {COLUMNS} FROM items WHERE row > ?1"  # noqa: S608 - our own names
            f" AND (?2 OR {unread}) ORDER BY row LIMIT ?3"
        )
        with self._connection() as connection:
            found = connection.execute(sql, (after, every, count)).fetchall()
        return [Stored(row, sequence, _item(values)) for row, sequence, *values in found]

    def everything(self, models: Mapping[int, int]) -> Everything:
        """Read what the index is made of. 100,000 items take 1 to 2 s.

        Args:
            models: dimensions by the model's number.

        Raises:
            DatabaseUnusable: the file is damaged, or its tables do not belong together.
        """
        try:
            with self._connection() as connection:
                # One snapshot, though nobody writes yet.
                connection.execute("BEGIN")
                try:
                    return _everything(connection, models)
                finally:
                    connection.execute("ROLLBACK")
        except (sqlite3.Error, ValueError) as error:
            raise DatabaseUnusable.damaged(self._path, error) from error


def _everything(connection: sqlite3.Connection, models: Mapping[int, int]) -> Everything:
    placements = [
        Placement(*values)
        for values in connection.execute(
            "SELECT row, sequence, owner, id, collection, conversation, session, parent, seq,"
            " timestamp FROM items ORDER BY row"
        )
    ]
    terms = {
        row: terms_of(values)
        for row, *values in connection.execute(f"SELECT row, {TERMS} FROM terms")  # noqa: S608
    }
    vectors = {model: _vectors(connection, model, size) for model, size in models.items()}
    rows = {placement.row for placement in placements}
    if terms.keys() != rows or any({*one.rows.tolist()} != rows for one in vectors.values()):
        raise ValueError("its tables do not belong together")
    return Everything(placements, terms, vectors)


def _vectors(connection: sqlite3.Connection, model: int, dimensions: int) -> Vectors:
    found = connection.execute(
        "SELECT key, vector, ids, bits FROM vectors WHERE key >= ? AND key < ? ORDER BY key",
        (window_keys(model, 0)[0], window_keys(model + 1, 0)[0]),
    ).fetchall()
    if any(len(vector) != 4 * dimensions for _, vector, _, _ in found):
        raise ValueError("a vector has another length than the model's")
    keys = np.array([key for key, *_ in found], dtype=np.int64) - (model << MODEL_SHIFT)
    width = -(-dimensions // 8)
    return Vectors(
        rows=keys >> WINDOW_BITS,
        windows=(keys & ((1 << WINDOW_BITS) - 1)).astype(np.int32),
        vectors=np.frombuffer(b"".join(vector for _, vector, _, _ in found), "<f4").reshape(
            -1, dimensions
        ),
        ids=[np.frombuffer(ids, "<i4") for _, _, ids, _ in found],
        bits=[np.frombuffer(bits, np.uint8).reshape(-1, width) for _, _, _, bits in found],
    )
