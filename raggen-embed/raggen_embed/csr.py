"""Many lists in two arrays: all values one after another, and where each list starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag

Ints = npt.NDArray[np.int64]


def starts_of(sizes: Sequence[int] | npt.NDArray[np.integer]) -> Ints:
    """int64[n + 1]: where each of n lists of these sizes starts, and the end of the last."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(np.asarray(sizes, np.int64), out=starts[1:])
    return starts


@dataclass(frozen=True, eq=False)
class Rows:
    """n lists: list i is ``values[starts[i]:starts[i + 1]]``; ``starts`` int64[n + 1]."""

    starts: Ints
    values: npt.NDArray[Any]

    @classmethod
    def of(cls, lists: Sequence[npt.NDArray[Any]], kind: type[np.integer[Any]]) -> Rows:
        """Lists that come apart."""
        values = np.concatenate(lists) if lists else np.zeros(0)
        return cls(starts_of([len(one) for one in lists]), values.astype(kind))

    def __len__(self) -> int:
        """How many lists there are."""
        return len(self.starts) - 1

    def __getitem__(self, place: int) -> npt.NDArray[Any]:
        """A view of a list."""
        return self.values[self.starts[place] : self.starts[place + 1]]


@dataclass(frozen=True, eq=False)
class Bags:
    """The terms of n items: item i's keys are ``keys[starts[i]:starts[i + 1]]``, sorted.

    ``starts`` int64[n + 1]; ``keys`` int64[t], from 0 on; ``counts`` int32[t], how often each
    occurs.
    """

    starts: Ints
    keys: Ints
    counts: npt.NDArray[np.int32]

    @classmethod
    def of(cls, bags: Sequence[Bag]) -> Bags:
        """Bags that come apart."""
        keys = [bag.keys for bag in bags]
        counts = [bag.counts for bag in bags]
        return cls(
            starts_of([len(own) for own in keys]),
            np.concatenate([np.zeros(0, np.int64), *keys]),
            np.concatenate([np.zeros(0, np.int32), *counts]),
        )

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.starts) - 1

    def lengths(self) -> Ints:
        """int64[n]: how many terms each item has, repetitions included."""
        before = starts_of(self.counts)
        return before[self.starts[1:]] - before[self.starts[:-1]]
