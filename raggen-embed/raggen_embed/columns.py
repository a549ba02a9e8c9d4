"""Many items as columns: what of them, besides vectors and terms, an index is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Columns:
    """n items of an owner in the order of their rows; item i is slot i.

    ``rows``, ``sequences``: int64[n], the store's rows, which rise, and the generations that wrote
    them. ``seq``: int64[n], −1 for none. ``timestamps`` are RFC 3339. ``scripts``: int8[n], places
    in SCRIPTS. ``asking``: float32[n], the share of an item's sentences that asks.
    """

    rows: npt.NDArray[np.int64]
    sequences: npt.NDArray[np.int64]
    collections: Sequence[str]
    conversations: Sequence[str | None]
    sessions: Sequence[str | None]
    parents: Sequence[str | None]
    seq: npt.NDArray[np.int64]
    timestamps: Sequence[str | None]
    scripts: npt.NDArray[np.int8]
    asking: npt.NDArray[np.float32]

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.rows)


def seconds_of(timestamp: str | None) -> float:
    """Seconds since 1970 of a time as stored (RFC 3339, any offset); NaN for none."""
    return math.nan if timestamp is None else datetime.fromisoformat(timestamp).timestamp()
