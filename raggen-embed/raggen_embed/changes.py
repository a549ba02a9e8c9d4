"""What is asked of the store, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag
from raggen_embed.encoder import Encoding
from raggen_embed.schemas import DeleteStatus, Item, UpsertStatus
from raggen_embed.script import Script
from raggen_embed.wire import Window


@dataclass(frozen=True, eq=False)
class Terms:
    """What is known of an item's text: its script, stems of its words, their 4-grams, and which
    share of its sentences asks."""

    script: Script
    words: Bag
    grams: Bag
    asking: float = 0.0


@dataclass(frozen=True, eq=False)
class Reading:
    """One model's reading of an item: an encoding for each of its windows."""

    model: int  # the store's number for the model
    windows: Sequence[Encoding]

    @property
    def vectors(self) -> npt.NDArray[np.float32]:
        """float32[windows, d]."""
        if len(self.windows) == 1:
            return self.windows[0].vector[None]
        return np.stack([one.vector for one in self.windows])


@dataclass(frozen=True, eq=False)
class Encoded:
    """What the indexes need of an item."""

    windows: Sequence[Window]
    readings: Sequence[Reading]
    terms: Terms


@dataclass(frozen=True)
class Upsert:
    """Create or replace an item; without ``encoded`` only when that turns out to change nothing."""

    item: Item
    encoded: Encoded | None


@dataclass(frozen=True)
class Delete:
    """Forget an item and leave a tombstone with this version."""

    owner: str
    id: str
    version: int


Change = Upsert | Delete


@dataclass(frozen=True)
class Upserted:
    """What became of an upsert. ``status`` None: it needs ``encoded`` after all, ask again with it.

    ``version`` is the stored one; ``row`` is set when the item was written.
    """

    status: UpsertStatus | None
    version: int
    row: int | None = None


@dataclass(frozen=True)
class Deleted:
    """What became of a deletion; ``row`` is set when an item was removed."""

    status: DeleteStatus
    row: int | None = None


Outcome = Upserted | Deleted
