"""A set's items as the product's memories of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from evaluation.measure import to_item
from evaluation.study.models import Models
from raggen_embed.fusion import DENSE, Dense, Formula
from raggen_embed.memory import Entry, Memory, Read
from raggen_embed.preparation import PreparedItem
from raggen_embed.reader import Placement
from raggen_embed.schemas import Item
from raggen_embed.tokens import Window

OWNER: Final = "study"
HEADER: Final = ("speaker", "timestamp")  # what a header is made of


@dataclass(frozen=True, eq=False)
class Corpus:
    """Items on their way into memories, prepared and read once; row i is item i of the set."""

    entries: Sequence[Entry]

    @classmethod
    def read(
        cls, items: Sequence[Mapping[str, Any]], models: Models, *, header: bool = True
    ) -> Corpus:
        """Prepare and read corpus lines (evaluation/README.md); ``header`` off leaves out who spoke
        and when."""
        rows = [
            row if header else {name: row[name] for name in row if name not in HEADER}
            for row in items
        ]
        stored = [Item.model_validate(to_item(row, OWNER)) for row in rows]
        prepared = [models.preparation.item(item) for item in stored]
        read: list[dict[Dense, Read]] = [{} for _ in stored]
        for role in models.dimensions:
            for held, one in zip(read, _readings(models, role, prepared), strict=True):
                held[role] = one
        return cls(
            [
                Entry(_placement(row, item), one.terms, held)
                for row, (item, one, held) in enumerate(zip(stored, prepared, read, strict=True))
            ]
        )

    def memory(self, models: Models, formula: Formula, rows: Sequence[int] | None = None) -> Memory:
        """A memory of all items, or of those in ``rows``: slot i holds the i-th of them."""
        memory = Memory(models.dimensions, formula)
        chosen = self.entries if rows is None else [self.entries[row] for row in rows]
        on = models.dimensions
        memory.build(
            [
                replace(entry, read={role: entry.read[role] for role in DENSE if role in on})
                for entry in chosen
            ]
        )
        return memory


def _readings(models: Models, role: Dense, prepared: Sequence[PreparedItem]) -> list[Read]:
    """One model's reading of each item, as the product keeps it (rebuild.encoded_of)."""
    windows = [window for one in prepared for window in one.inputs]
    lengths = [count for one in prepared for count in one.tokens]
    kinds = [one.kind for one in prepared for _ in one.inputs]
    encodings = iter(models.read(role, windows, lengths, kinds))
    readings = []
    for one in prepared:
        own = [next(encodings) for _ in one.inputs]
        kept = [Window(read.ids, read.bits) for read in own]
        readings.append(Read(np.stack([read.vector for read in own]), kept))
    return readings


def _placement(row: int, item: Item) -> Placement:
    timestamp = item.model_dump(mode="json")["timestamp"]
    return Placement(
        row=row,
        sequence=0,
        owner=OWNER,
        id=item.id,
        collection=item.collection,
        conversation=item.conversation,
        session=item.session,
        parent=item.parent,
        seq=item.seq,
        timestamp=timestamp,
    )
