"""Everything that is stored, at once: what the index is made of at start."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag
from raggen_embed.changes import Terms
from raggen_embed.schemas import Item
from raggen_embed.script import Script

WINDOW_BITS = 16
# A row has 40 bits, a model 7: more than anybody will have.
MODEL_SHIFT = 56
TERMS = "script, asking, words, word_counts, grams, gram_counts"


@dataclass(frozen=True)
class Reads:
    """A model by the store's number, the dimensions of its vectors, and which items it reads."""

    model: int
    dimensions: int
    scripts: Collection[Script]


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

    @classmethod
    def of(cls, item: Item, row: int, sequence: int) -> Placement:
        """An item in a row, written by the generation ``sequence``."""
        return cls(
            row=row,
            sequence=sequence,
            owner=item.owner,
            id=item.id,
            collection=item.collection,
            conversation=item.conversation,
            session=item.session,
            parent=item.parent,
            seq=item.seq,
            timestamp=None if item.timestamp is None else item.timestamp.isoformat(),
        )


@dataclass(frozen=True, eq=False)
class Vectors:
    """A model's vectors of everything: window i belongs to ``rows[i]``, an item's windows in
    order.

    ``vectors`` float32[n, d]; ``ids`` and ``bits`` hold each window's tokens, int32[t] and
    uint8[t, d/8] (or uint8[0, d/8]).
    """

    rows: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]
    ids: list[npt.NDArray[np.int32]]
    bits: list[npt.NDArray[np.uint8]]


@dataclass(frozen=True, eq=False)
class Everything:
    """The whole store: items in the order of their rows, terms by row, vectors by model."""

    placements: list[Placement]
    terms: dict[int, Terms]
    vectors: dict[int, Vectors]


def window_keys(model: int, row: int) -> tuple[int, int]:
    """The first key of an item's windows of a model, and the first behind them."""
    first = (model << MODEL_SHIFT) + (row << WINDOW_BITS)
    return first, first + (1 << WINDOW_BITS)


def terms_of(values: Sequence[Any]) -> Terms:
    """An item's terms from the values of TERMS."""
    script, asking, words, word_counts, grams, gram_counts = values
    return Terms(script, _bag(words, word_counts), _bag(grams, gram_counts), asking)


def _bag(keys: bytes, counts: bytes) -> Bag:
    return Bag(np.frombuffer(keys, "<i8"), np.frombuffer(counts, "<i4"))


def everything(connection: sqlite3.Connection, models: Sequence[Reads]) -> Everything:
    """Read everything.

    Raises:
        ValueError: the tables do not belong together.
    """
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
    vectors = {one.model: _vectors(connection, one) for one in models}
    rows = {placement.row for placement in placements}
    for reads in models:
        wanted = {row for row, one in terms.items() if one.script in reads.scripts}
        # More than is wanted, where the model once had to read other scripts, too.
        if not wanted <= {*vectors[reads.model].rows.tolist()} <= rows:
            raise ValueError("its tables do not belong together")
    if terms.keys() != rows:
        raise ValueError("its tables do not belong together")
    return Everything(placements, terms, vectors)


def _vectors(connection: sqlite3.Connection, reads: Reads) -> Vectors:
    model, dimensions = reads.model, reads.dimensions
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
        vectors=np.frombuffer(b"".join(vector for _, vector, _, _ in found), "<f4").reshape(
            -1, dimensions
        ),
        ids=[np.frombuffer(ids, "<i4") for _, _, ids, _ in found],
        bits=[np.frombuffer(bits, np.uint8).reshape(-1, width) for _, _, _, bits in found],
    )
