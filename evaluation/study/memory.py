"""A set's items as the product's memories of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from evaluation.measure import to_item
from evaluation.study.models import Models, Text
from raggen_embed.encoder import Encoding
from raggen_embed.fusion import BOTH_MODELS, MAIN_ONLY, Dense, Formula
from raggen_embed.memory import Entry, Memory, Place, Read
from raggen_embed.placement import Placement
from raggen_embed.preparation import PreparedItem
from raggen_embed.schemas import Item
from raggen_embed.script import Script

OWNER: Final = "study"
HEADER: Final = ("speaker", "timestamp")  # what a header is made of


@dataclass(frozen=True, eq=False)
class Corpus:
    """Items on their way into memories, prepared and read once; row i is item i of the set."""

    entries: Sequence[Entry]
    signs: Mapping[Dense, Mapping[Place, bytes]]

    @classmethod
    def read(
        cls,
        items: Sequence[Mapping[str, Any]],
        models: Models,
        asked: Collection[Script],
        *,
        header: bool = True,
    ) -> Corpus:
        """Prepare and read corpus lines (evaluation/README.md).

        A model reads only the items about which a question in one of the scripts ``asked`` asks it,
        with the multilingual model or without: the rest would cost minutes and change nothing.
        ``header`` off leaves out who spoke and when.
        """
        rows = [
            row if header else {name: row[name] for name in row if name not in HEADER}
            for row in items
        ]
        stored = [Item.model_validate(to_item(row, OWNER)) for row in rows]
        prepared = [models.preparation.item(item) for item in stored]
        read: list[dict[Dense, Read]] = [{} for _ in stored]
        signs: dict[Dense, dict[Place, bytes]] = {role: {} for role in models.dimensions}
        for role in models.dimensions:
            encodings = _encodings(models, role, prepared, asked)
            nothing = np.zeros((0, models.dimensions[role]), np.float32)
            for row, (held, own) in enumerate(zip(read, encodings, strict=True)):
                vectors = np.stack([one.vector for one in own]) if own else nothing
                held[role] = Read.of(vectors, [one.ids for one in own])
                signs[role] |= {(row, number): one.bits.tobytes() for number, one in enumerate(own)}
        return cls(
            [
                Entry(Placement.of(item, row, 0), one.terms, held)
                for row, (item, one, held) in enumerate(zip(stored, prepared, read, strict=True))
            ],
            signs,
        )

    def memory(self, models: Models, formula: Formula, rows: Sequence[int] | None = None) -> Memory:
        """A memory of all items, or of those in ``rows``: slot i holds the i-th of them."""
        memory = Memory(models.dimensions, formula, self._signs_of)
        for entry in self.entries if rows is None else [self.entries[row] for row in rows]:
            memory.add(replace(entry, read={role: entry.read[role] for role in models.dimensions}))
        return memory

    def _signs_of(self, role: Dense, places: Sequence[Place]) -> dict[Place, bytes]:
        return {place: self.signs[role][place] for place in places if place in self.signs[role]}


def _encodings(
    models: Models, role: Dense, prepared: Sequence[PreparedItem], asked: Collection[Script]
) -> list[list[Encoding]]:
    """One model's reading of each item, empty where nothing asks for it."""
    wanted = [_is_asked(role, asked, one.terms.script) for one in prepared]
    texts = [
        Text(window, tokens, one.kind)
        for one, is_wanted in zip(prepared, wanted, strict=True)
        if is_wanted
        for window, tokens in zip(one.inputs, one.tokens, strict=True)
    ]
    encodings = iter(models.read(role, texts))
    return [
        [next(encodings) for _ in one.inputs] if is_wanted else []
        for one, is_wanted in zip(prepared, wanted, strict=True)
    ]


def _is_asked(role: Dense, asked: Collection[Script], item: Script) -> bool:
    return any(
        Formula(weights).asks(role, question, item)
        for weights in (BOTH_MODELS, MAIN_ONLY)
        for question in asked
    )
