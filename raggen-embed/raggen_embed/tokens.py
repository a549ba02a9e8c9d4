"""What the late lanes keep of items in memory: in how many of them each token is, and how many
tokens each of their windows has. The signs of the tokens' vectors stay in the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.csr import Rows
from raggen_embed.growing import Column, Lists
from raggen_embed.strengths import Floats, Ints

Slots = npt.NDArray[np.int32]

_NOTHING = -1
_FIRST = [0]
_NO_LISTS = Rows(np.zeros(1, np.int64), np.zeros(0, np.int32))


class Tokens:
    """Slot → the sizes of its windows, and in how many items each token is. Not thread-safe."""

    def __init__(self) -> None:
        """Make an empty one."""
        # The base: each item's distinct tokens and its windows' sizes, and in how many items each
        # token is.
        self._distinct = self._sizes = _NO_LISTS
        self._ids = self._frequencies = np.zeros(0, np.int32)
        # What came later: the same of the items behind the base, by slot and place in the lists,
        # and what they and the removed ones change in the frequencies.
        self._places: dict[int, int] = {}
        self._added_distinct, self._added_sizes = Lists(), Lists()
        self._changes: Counter[int] = Counter()
        # How many tokens each item has, or that it is not here.
        self._totals = Column(np.int32, _NOTHING)

    def build(self, distinct: Rows, sizes: Rows) -> None:
        """Fill the empty lane with many items at once: item i is slot i.

        Args:
            distinct: each item's distinct tokens.
            sizes: how many tokens each of its windows has.
            An item that the lane does not hold has neither.
        """
        ids, frequencies = np.unique(distinct.values, return_counts=True)
        before = np.zeros(len(sizes.values) + 1, np.int64)
        np.cumsum(sizes.values, out=before[1:])
        arrays = {
            "distinct": _small(distinct.values),
            "distinct_starts": distinct.starts,
            "sizes": _small(sizes.values),
            "sizes_starts": sizes.starts,
            "ids": ids.astype(np.int32),
            "frequencies": frequencies.astype(np.int32),
            "totals": (before[sizes.starts[1:]] - before[sizes.starts[:-1]]).astype(np.int32),
        }
        self.load(arrays)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs, of a lane that was just built."""
        return {
            "distinct": self._distinct.values,
            "distinct_starts": self._distinct.starts,
            "sizes": self._sizes.values,
            "sizes_starts": self._sizes.starts,
            "ids": self._ids,
            "frequencies": self._frequencies,
            "totals": self._totals.base,
        }

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty lane with what ``arrays`` gave; all but the totals may stay mapped."""
        plain = {name: np.asarray(one) for name, one in arrays.items()}
        self._distinct = Rows(plain["distinct_starts"], plain["distinct"])
        self._sizes = Rows(plain["sizes_starts"], plain["sizes"])
        self._ids, self._frequencies = plain["ids"], plain["frequencies"]
        self._totals.build(plain["totals"], changes=True)

    def extend(
        self, slots: Slots, distinct: Sequence[Sequence[int]], sizes: Sequence[Sequence[int]]
    ) -> None:
        """Keep items, given their distinct tokens and how many tokens each of their windows has;
        their slots rise and are greater than all before."""
        self._places.update(zip(slots.tolist(), count(len(self._added_sizes)), strict=False))
        self._added_distinct.extend(distinct)
        self._added_sizes.extend(sizes)
        self._changes.update(chain.from_iterable(distinct))
        self._totals.extend(slots, [sum(own) for own in sizes])

    def remove(self, slot: int) -> None:
        """Forget an item, if it is here."""
        if self._totals.at(slot) == _NOTHING:
            return
        place = self._places.pop(slot, None)
        distinct = self._distinct[slot] if place is None else self._added_distinct[place]
        for token in distinct.tolist():
            self._changes[token] -= 1
            if not self._changes[token]:
                del self._changes[token]
        self._totals.put(slot, _NOTHING)

    def frequencies(self, ids: npt.NDArray[np.integer]) -> Floats:
        """float32[n]: in how many items each token is."""
        changes = np.array([self._changes[token] for token in ids.tolist()], np.float32)
        if not len(self._ids):
            return changes
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        found = np.where(self._ids[at] == ids, self._frequencies[at], 0)
        return np.asarray(found + changes, np.float32)

    def count(self, slot: int) -> int:
        """How many tokens an item has; 0 where it is not here."""
        return max(int(self._totals.at(slot)), 0)

    def counts(self, slots: Slots) -> Ints:
        """int64[n]: how many tokens each item has; 0 where it is not here."""
        within = slots < len(self._totals)
        counts = np.zeros(len(slots), np.int64)
        counts[within] = np.maximum(self._totals.take(slots[within]), 0)
        return counts

    def nearest(self, slots: Slots, best: Slots, limit: int) -> list[list[int]]:
        """For each item the numbers of its windows around ``best``; see ``chosen``."""
        # Most items are one window: theirs are found together.
        rows = len(self._sizes)
        base = np.minimum(slots, max(rows - 1, 0))
        starts = self._sizes.starts
        single = (slots < rows) & (starts[base + 1] - starts[base] == 1) if rows else slots < 0
        single &= self.counts(slots) > 0
        return [
            _FIRST if is_single else self.chosen(slot, near, limit)
            for is_single, slot, near in zip(
                single.tolist(), slots.tolist(), best.tolist(), strict=True
            )
        ]

    def chosen(self, slot: int, best: int, limit: int) -> list[int]:
        """The numbers of an item's windows around ``best``, the nearest one, of at most ``limit``
        tokens (at least that window): the nearer, the earlier. None where it is not here."""
        chosen: list[int] = []
        size = 0
        sizes = self._windows(slot)
        for number in sorted(range(len(sizes)), key=lambda number: abs(number - best)):
            size += sizes[number]
            if chosen and size > limit:
                break
            chosen.append(number)
        return chosen

    def _windows(self, slot: int) -> list[int]:
        if self._totals.at(slot) == _NOTHING:
            return []
        place = self._places.get(slot)
        sizes: list[int] = (
            self._sizes[slot] if place is None else self._added_sizes[place]
        ).tolist()
        return sizes


def _small(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values in half the space, where they are small enough."""
    return values.astype(
        np.uint16 if values.max(initial=0) <= np.iinfo(np.uint16).max else np.int32
    )
