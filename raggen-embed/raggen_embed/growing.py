"""Arrays over slots that grow at their end: made at once below, added to above.

What was made at once (the base) may be a read-only memory map and is never copied to make room:
only what was added since is, and that is little.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.generic)
_FIRST_ROOM = 64


class Column(Generic[Number]):
    """A number for each slot, ``nothing`` for one that was never given any. Not thread-safe."""

    def __init__(self, kind: type[Number], nothing: float) -> None:
        """Make an empty one."""
        self._nothing = nothing
        self.base: npt.NDArray[Number] = np.zeros(0, kind)
        self._added = np.zeros(0, kind)
        self._count = 0

    def __len__(self) -> int:
        """How many slots there are: one more than the last that was given a number."""
        return len(self.base) + self._count

    @property
    def added(self) -> npt.NDArray[Number]:
        """The numbers of the slots behind the base; a view that the next change may outdate."""
        return self._added[: self._count]

    @property
    def parts(self) -> tuple[npt.NDArray[Number], npt.NDArray[Number]]:
        """The numbers of the base's slots, and of those behind it."""
        return self.base, self.added

    def build(self, base: npt.NDArray[Any], *, changes: bool = False) -> None:
        """Give the first slots of an empty column their numbers; ``changes``: these are to be
        changed later, so keep a copy."""
        kind = self.base.dtype
        self.base = np.array(base, kind) if changes else np.asarray(base, kind)

    def put(self, slot: int, value: float) -> None:
        """Give a slot its number: one behind the base, or in a base that ``changes``."""
        place = slot - len(self.base)
        if place < 0:
            self.base[slot] = value
            return
        self._reach(place + 1)
        self._added[place] = value

    def extend(self, slots: npt.NDArray[np.int32], values: npt.ArrayLike) -> None:
        """Give slots behind all that there are, which rise, their numbers (or all the same)."""
        if len(slots):
            places = slots - len(self.base)
            self._reach(int(places[-1]) + 1)
            self._added[places] = values

    def _reach(self, count: int) -> None:
        """Let there be so many slots behind the base."""
        if count > len(self._added):
            room = max(count, 2 * len(self._added), _FIRST_ROOM)
            grown = np.full(room, self._nothing, self._added.dtype)
            grown[: self._count] = self.added
            self._added = grown
        self._count = max(self._count, count)

    def at(self, slot: int) -> Any:
        """A slot's number; ``nothing`` behind the last."""
        place = slot - len(self.base)
        if place < 0:
            return self.base[slot]
        return self._added[place] if place < self._count else self._nothing

    def take(self, slots: npt.NDArray[np.int32]) -> npt.NDArray[Number]:
        """[n]: the numbers of slots that there are."""
        if not self._count:
            return self.base.take(slots)
        place = slots - len(self.base)
        below = place < 0
        if not below.any():
            return self._added.take(place)
        numbers = np.empty(len(slots), self.base.dtype)
        numbers[below] = self.base[slots[below]]
        numbers[~below] = self._added[place[~below]]
        return numbers


class Lists:
    """Lists of whole numbers one after another, each found by its place. Not thread-safe."""

    def __init__(self) -> None:
        """Make an empty one."""
        self._values = array("i")
        self._ends = array("q", [0])

    def __len__(self) -> int:
        """How many lists there are."""
        return len(self._ends) - 1

    def extend(self, lists: Sequence[Sequence[int]]) -> None:
        """Put lists behind the others."""
        for one in lists:
            self._values.extend(one)
            self._ends.append(len(self._values))

    def __getitem__(self, place: int) -> npt.NDArray[np.int32]:
        """int32[n]: a copy of a list."""
        start, end = self._ends[place], self._ends[place + 1]
        return np.array(self._values[start:end], np.int32)
