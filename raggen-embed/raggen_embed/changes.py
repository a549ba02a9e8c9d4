"""What is asked of the store, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.schemas import DeleteStatus, Item, UpsertStatus, Window


@dataclass(frozen=True, eq=False)
class Encoded:
    """What the indexes need of an item.

    ``vectors`` is float32[windows, dimensions]; ``keys`` int64[terms] and ``counts`` int32[terms]
    are its terms and how often each occurs, in halves.
    """

    windows: list[Window]
    vectors: npt.NDArray[np.float32]
    keys: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int32]


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
