"""The keys of windows in the store: which model has read which item."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from raggen_embed.script import Script

WINDOW_BITS: Final = 16
# A row has 40 bits, a model 7: more than anybody will have.
MODEL_SHIFT: Final = 56


@dataclass(frozen=True)
class Reads:
    """A model by the store's number, the dimensions of its vectors, which items it reads, and of
    which the late lane wants the tokens."""

    model: int
    dimensions: int
    scripts: Collection[Script]
    late: Collection[Script]


def window_keys(model: int, row: int) -> tuple[int, int]:
    """The first key of an item's windows of a model, and the first behind them."""
    first = (model << MODEL_SHIFT) + (row << WINDOW_BITS)
    return first, first + (1 << WINDOW_BITS)


def not_read(models: Sequence[Reads]) -> str:
    """In SQL: whether one of the models should have read the row of ``items``, whose terms are in
    ``terms``, and has not."""
    return " OR ".join(
        f"(terms.script IN ({', '.join(map(repr, one.scripts))}) AND"  # noqa: S608 - our own names
        " NOT EXISTS (SELECT 1 FROM vectors WHERE"
        f" key >= ({one.model} << {MODEL_SHIFT}) + (items.row << {WINDOW_BITS})"
        f" AND key < ({one.model} << {MODEL_SHIFT}) + ((items.row + 1) << {WINDOW_BITS})))"
        for one in models
    )
