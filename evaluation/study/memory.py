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
from raggen_embed.loading import Placement
from raggen_embed.memory import Entry, Memory, Read
from raggen_embed.preparation import PreparedItem
from raggen_embed.schemas import Item
from raggen_embed.script import Script
from raggen_embed.tokens import Window

OWNER: Final = "study"
HEADER: Final = ("speaker", "timestamp")  # what a header is made of


@dataclass(frozen=True, eq=False)
class Corpus:
    """Items on their way into memories, prepared and read once; row i is item i of the set."""

    entries: Sequence[Entry]

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
        for role in models.dimensions:
            for held, one in zip(read, _readings(models, role, prepared, asked), strict=True):
                held[role] = one
        return cls(
            [
                Entry(Placement.of(item, row, 0), one.terms, held)
                for row, (item, one, held) in enumerate(zip(stored, prepared, read, strict=True))
            ]
        )

    def memory(self, models: Models, formula: Formula, rows: Sequence[int] | None = None) -> Memory:
        """A memory of all items, or of those in ``rows``: slot i holds the i-th of them."""
        memory = Memory(models.dimensions, formula)
        chosen = self.entries if rows is None else [self.entries[row] for row in rows]
        memory.build(
            [
                replace(entry, read={role: entry.read[role] for role in models.dimensions})
                for entry in chosen
            ]
        )
        return memory


def _readings(
    models: Models, role: Dense, prepared: Sequence[PreparedItem], asked: Collection[Script]
) -> list[Read]:
    """One model's reading of each item, empty where nothing asks for it."""
    wanted = [_is_asked(role, asked, one.terms.script) for one in prepared]
    texts = [
        Text(window, tokens, one.kind)
        for one, is_wanted in zip(prepared, wanted, strict=True)
        if is_wanted
        for window, tokens in zip(one.inputs, one.tokens, strict=True)
    ]
    encodings = iter(models.read(role, texts))
    nothing = np.zeros((0, models.dimensions[role]), np.float32)
    readings = []
    for one, is_wanted in zip(prepared, wanted, strict=True):
        own: list[Encoding] = [next(encodings) for _ in one.inputs] if is_wanted else []
        vectors = np.stack([read.vector for read in own]) if own else nothing
        readings.append(Read(vectors, [Window(read.ids, read.bits) for read in own]))
    return readings


def _is_asked(role: Dense, asked: Collection[Script], item: Script) -> bool:
    return any(
        Formula(weights).asks(role, question, item)
        for weights in (BOTH_MODELS, MAIN_ONLY)
        for question in asked
    )
