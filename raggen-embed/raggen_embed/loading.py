"""What an owner's index is made of, read from the store: as arrays, not an object an item."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag
from raggen_embed.changes import Terms
from raggen_embed.columns import Columns
from raggen_embed.csr import Bags, Rows, starts_of
from raggen_embed.script import SCRIPTS, Script
from raggen_embed.window_keys import MODEL_SHIFT, WINDOW_BITS, Reads, not_read

TERMS: Final = "script, asking, words, word_counts, grams, gram_counts"
# Items read in one transaction: a longer one would keep the write-ahead log from being cleaned.
CHUNK: Final = 8192
_COLUMNS = ", ".join(
    f"items.{name}"
    for name in (
        *("row", "sequence", "collection", "conversation", "session"),
        *("parent", "seq", "timestamp"),
    )
)


@dataclass(frozen=True, eq=False)
class Vectors:
    """A model's reading of many items: window i belongs to item ``items[i]``, in order.

    ``items`` int32[w]; ``vectors`` float16[w, d]; of each item the ids of its tokens once
    (``distinct``, sorted) and how many each of its windows has (``sizes``), where they are kept.
    """

    items: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.float16]
    distinct: Rows
    sizes: Rows


@dataclass(frozen=True, eq=False)
class Stock:
    """Many items of one owner in the order of their rows, and their vectors by model."""

    columns: Columns
    words: Bags
    grams: Bags
    vectors: Mapping[int, Vectors]

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.columns.rows)


def terms_of(values: Sequence[Any]) -> Terms:
    """An item's terms from the values of TERMS."""
    script, asking, words, word_counts, grams, gram_counts = values
    return Terms(script, _bag(words, word_counts), _bag(grams, gram_counts), asking)


def _bag(keys: bytes, counts: bytes) -> Bag:
    return Bag(np.frombuffer(keys, "<i8"), np.frombuffer(counts, "<i4"))


@contextmanager
def snapshot_of(connection: sqlite3.Connection) -> Iterator[None]:
    """One state of the database for all that is read inside."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def stock_of(connection: sqlite3.Connection, rows: Sequence[int], models: Sequence[Reads]) -> Stock:
    """Read the items of these rows, which rise; what is gone meanwhile, or has not been read by a
    model that should, is left out.

    Raises:
        ValueError: the tables do not belong together.
    """
    chunks = []
    for at in range(0, len(rows), CHUNK):
        with snapshot_of(connection):
            chunks.append(_Chunk(connection, rows[at : at + CHUNK], models))
    return _joined(chunks, models)


class _Chunk:
    """Some thousand items."""

    def __init__(
        self, connection: sqlite3.Connection, rows: Sequence[int], models: Sequence[Reads]
    ) -> None:
        own = json.dumps([*rows])
        found = connection.execute(
            f"SELECT {_COLUMNS}, {TERMS} FROM json_each(?) AS wanted"  # noqa: S608 - our own names
            " CROSS JOIN items ON items.row = wanted.value"
            " LEFT JOIN terms ON terms.row = items.row"
            f" WHERE NOT coalesce({not_read(models)}, 0)",
            (own,),
        ).fetchall()
        self.columns = [*zip(*found, strict=True)] or [()] * 14
        self.rows = np.array(self.columns[0], np.int64)
        if None in self.columns[8]:
            raise ValueError("an item has no terms")
        self.scripts = np.array([SCRIPTS.index(one) for one in self.columns[8]], np.int8)
        self.windows = {one.model: self._windows(connection, own, one) for one in models}
        self.tokens = {one.model: self._tokens(connection, own, one) for one in models}

    def _windows(
        self, connection: sqlite3.Connection, rows: str, reads: Reads
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float16]]:
        found = connection.execute(_within("vectors", "v.key, v.vector"), _range(reads, rows))
        keys, vectors = _columns(found.fetchall(), 2)
        if any(len(vector) != 4 * reads.dimensions for vector in vectors):
            raise ValueError("a vector has another length than the model's")
        matrix = np.frombuffer(b"".join(vectors), "<f4").reshape(-1, reads.dimensions)
        items = self._places(keys, reads)
        wanted = np.flatnonzero(_of(self.scripts, reads.scripts))
        if not np.isin(wanted, items).all():
            raise ValueError("a model has not read an item")
        # More than is wanted, where the model once had to read other scripts, too.
        kept = np.isin(items, wanted)
        return items[kept], matrix[kept].astype(np.float16)

    def _tokens(
        self, connection: sqlite3.Connection, rows: str, reads: Reads
    ) -> tuple[npt.NDArray[np.int32], list[npt.NDArray[np.int32]]]:
        found = connection.execute(_within("tokens", "v.key, v.ids"), _range(reads, rows))
        keys, ids = _columns(found.fetchall(), 2)
        items = self._places(keys, reads)
        kept = _of(self.scripts, reads.late)[items]
        own = [np.frombuffer(one, "<i4") for one, keep in zip(ids, kept, strict=True) if keep]
        return items[kept], own

    def _places(self, keys: Sequence[int], reads: Reads) -> npt.NDArray[np.int32]:
        rows = (np.array(keys, np.int64) - (reads.model << MODEL_SHIFT)) >> WINDOW_BITS
        return np.searchsorted(self.rows, rows).astype(np.int32)


def _within(table: str, columns: str) -> str:
    return (
        f"SELECT {columns} FROM json_each(?1) AS wanted CROSS JOIN {table} AS v"  # noqa: S608
        f" ON v.key >= ?2 + (wanted.value << {WINDOW_BITS})"
        f" AND v.key < ?2 + ((wanted.value + 1) << {WINDOW_BITS})"
        # Of rows that are gone, nothing is left.
    )


def _range(reads: Reads, rows: str) -> tuple[str, int]:
    return rows, reads.model << MODEL_SHIFT


def _columns(found: Sequence[Sequence[Any]], count: int) -> list[Sequence[Any]]:
    return [*zip(*found, strict=True)] or [()] * count


def _of(scripts: npt.NDArray[np.int8], kept: Collection[Script]) -> npt.NDArray[np.bool_]:
    return np.isin(scripts, [SCRIPTS.index(script) for script in kept])


def _joined(chunks: Sequence[_Chunk], models: Sequence[Reads]) -> Stock:
    column: list[list[Any]] = [
        [value for chunk in chunks for value in chunk.columns[number]] for number in range(14)
    ]
    rows, sequences, collections, conversations, sessions, parents, seq, timestamps = column[:8]
    starts = np.cumsum([0, *(len(chunk.rows) for chunk in chunks)])
    count = int(starts[-1])
    return Stock(
        Columns(
            rows=np.array(rows, np.int64),
            sequences=np.array(sequences, np.int64),
            collections=collections,
            conversations=conversations,
            sessions=sessions,
            parents=parents,
            seq=np.array([-1 if one is None else one for one in seq], np.int64),
            timestamps=timestamps,
            scripts=np.concatenate([chunk.scripts for chunk in chunks] or [np.zeros(0, np.int8)]),
            asking=np.array(column[9], np.float32),
        ),
        _bags(column[10], column[11]),
        _bags(column[12], column[13]),
        {one.model: _vectors(chunks, starts, count, one) for one in models},
    )


def _bags(keys: Sequence[bytes], counts: Sequence[bytes]) -> Bags:
    return Bags(
        starts_of([len(one) // 8 for one in keys]),
        np.frombuffer(b"".join(keys), "<i8"),
        np.frombuffer(b"".join(counts), "<i4"),
    )


def _vectors(
    chunks: Sequence[_Chunk], starts: npt.NDArray[np.int64], count: int, reads: Reads
) -> Vectors:
    model = reads.model
    items = [chunk.windows[model][0] + at for chunk, at in zip(chunks, starts[:-1], strict=True)]
    vectors = [chunk.windows[model][1] for chunk in chunks]
    holders = [chunk.tokens[model][0] + at for chunk, at in zip(chunks, starts[:-1], strict=True)]
    ids = [one for chunk in chunks for one in chunk.tokens[model][1]]
    holder = np.concatenate([*holders, np.zeros(0, np.int64)]).astype(np.int64)
    sizes = np.array([len(one) for one in ids], np.int64)
    nothing = np.zeros((0, reads.dimensions), np.float16)
    return Vectors(
        np.concatenate([*items, np.zeros(0, np.int64)]).astype(np.int32),
        np.concatenate([*vectors, nothing]),
        _distinct(np.repeat(holder, sizes), ids, count),
        Rows(_starts(holder, count), sizes.astype(np.int32)),
    )


def _distinct(
    holders: npt.NDArray[np.int64], ids: Sequence[npt.NDArray[np.int32]], count: int
) -> Rows:
    joined = np.concatenate([*ids, np.zeros(0, np.int32)]).astype(np.int64)
    both = np.sort((holders << 32) | joined)  # np.unique hashes, which takes ten times as long
    both = both[np.diff(both, prepend=-1) != 0]
    return Rows(_starts(both >> 32, count), (both & 0xFFFFFFFF).astype(np.int32))


def _starts(holders: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    return starts_of(np.bincount(holders, minlength=count))
