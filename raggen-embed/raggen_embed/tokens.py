"""What the late lanes keep of items: the ids of their tokens, and the signs of these tokens'
vectors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.strengths import Bits, Floats, Ints

Slots = npt.NDArray[np.int32]
TokenIds = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Window:
    """The tokens of one window: ids int32[t], signs uint8[t, d/8] (or of no row at all)."""

    ids: TokenIds
    bits: Bits


class Tokens:
    """Slot → its windows' tokens, and in how many items each id is. Not thread-safe."""

    def __init__(self) -> None:
        self._windows: dict[int, Sequence[Window]] = {}
        self._frequency: Counter[int] = Counter()

    def add(self, slot: int, windows: Sequence[Window]) -> None:
        """Keep an item's tokens."""
        self._windows[slot] = windows
        self._frequency.update(_distinct(windows))

    def remove(self, slot: int) -> None:
        """Forget an item, if it is here."""
        for token in _distinct(self._windows.pop(slot, ())):
            self._frequency[token] -= 1
            if not self._frequency[token]:
                del self._frequency[token]

    def frequencies(self, ids: npt.NDArray[np.integer]) -> Floats:
        """float32[n]: in how many items each id is."""
        return np.array([self._frequency[token] for token in ids.tolist()], np.float32)

    def count(self, slot: int) -> int:
        """How many tokens an item has; 0 where it is not here."""
        return sum(len(window.ids) for window in self._windows.get(slot, ()))

    def ids(self, slots: Slots) -> tuple[TokenIds, Ints, Ints]:
        """All ids of some items one after another, the first of each item, and the places in
        ``slots`` of those that have any."""
        parts = [[window.ids for window in self._windows.get(slot, ())] for slot in slots.tolist()]
        sizes = np.array([sum(map(len, part)) for part in parts], np.int64)
        having = np.flatnonzero(sizes)
        flat = [ids for part in parts for ids in part]
        joined = np.concatenate(flat) if flat else np.zeros(0, np.int32)
        return joined, _starts(sizes[having]), having

    def bits(self, slot: int, best: int, limit: int) -> Bits:
        """Signs of an item's tokens: all of them, or those of the windows around ``best``, the
        nearest one, of at most ``limit`` tokens (at least that window's)."""
        windows = self._windows.get(slot, ())
        if len(windows) == 1:
            return windows[0].bits
        chosen: list[Bits] = []
        size = 0
        for place in sorted(range(len(windows)), key=lambda place: abs(place - best)):
            size += len(windows[place].ids)
            if chosen and size > limit:
                break
            chosen.append(windows[place].bits)
        return np.concatenate(chosen) if chosen else np.zeros((0, 0), np.uint8)


def _distinct(windows: Sequence[Window]) -> list[int]:
    if not windows:
        return []
    together = np.concatenate([window.ids for window in windows])
    return [int(token) for token in np.unique(together)]


def _starts(sizes: Ints) -> Ints:
    return np.asarray(np.cumsum(sizes) - sizes, np.int64)
