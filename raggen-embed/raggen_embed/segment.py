"""Windows of items beside each other, slots rising, and the nearest of them to a question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.rabitq import RaBitQ
from raggen_embed.rows import Floats, Halves, Mask, Positions, Rows
from raggen_embed.tiers import Tiers

Slots = npt.NDArray[np.int32]

# Up to this share of the vectors, an exact scan that skips the others is faster than the codes: at
# 1,000,000 it takes 2 ms for 1 % and 5 for 5 %, more where memory is busy, and the codes 5.
_FEW = 0.02
# Up to this share of the vectors, reading just these is as fast as to skip the others.
_VERY_FEW = 0.005
# Codes put forward so many candidates for each item that is wanted: .99 of the 30 nearest are then
# found in 100,000 and in 1,000,000.
_PER_ITEM = 16
# To rank candidates of codes again is not worth it where all that is allowed is at most so many
# times as much: an exact scan takes hardly longer then.
_AGAIN = 24
# A scan and ``Rows.cosines`` sum in different orders.
_ROUNDING = np.float32(1e-5)
_SPARE = 16


@dataclass(frozen=True, eq=False)
class Windows:
    """Some windows by slot and place: whose, cosine to the question, and which of the slot's."""

    slots: Slots
    cosines: Floats
    windows: npt.NDArray[np.int32]


class Segment:
    """One vector a window, an item's windows in order. Not thread-safe."""

    def __init__(
        self, slots: Slots, vectors: Halves, filled: int, tiers: Tiers, codes: RaBitQ | None = None
    ) -> None:
        """Look at arrays with room for more than the ``filled`` windows that there are."""
        self.rows = Rows(vectors, filled)
        self.codes = codes
        self._slots = slots
        self._filled = filled
        self._tiers = tiers
        self._alive: Mask | None = None  # while everything is
        self._dead = 0

    def __len__(self) -> int:
        """How many windows are alive."""
        return self._filled - self._dead

    @property
    def room(self) -> int:
        """For how many more windows there is room."""
        return len(self._slots) - self._filled

    @property
    def slots(self) -> Slots:
        """Whose the windows are, the dead included."""
        return self._slots[: self._filled]

    def append(self, slots: Slots, vectors: Floats) -> None:
        """Add windows of items behind all others, where there is room."""
        end = self._filled + len(vectors)
        self.rows.vectors[self._filled : end] = vectors
        self._slots[self._filled : end] = slots
        self._filled = end
        self.rows.fill(end)

    def grown(self, room: int) -> Segment:
        """A copy with more room, without codes."""
        vectors = np.empty((room, self.rows.vectors.shape[1]), np.float16)
        vectors[: self._filled] = self.rows.vectors[: self._filled]
        slots = np.empty(room, np.int32)
        slots[: self._filled] = self.slots
        copy = Segment(slots, vectors, self._filled, self._tiers)
        if self._alive is not None:
            copy._alive = np.ones(room, np.bool_)
            copy._alive[: self._filled] = self._alive[: self._filled]
            copy._dead = self._dead
        return copy

    def remove(self, slot: int, *, erase: bool) -> None:
        """Forget an item, if it is here; ``erase``: overwrite its vectors."""
        first, end = np.searchsorted(self.slots, np.array([slot, slot + 1], np.int32)).tolist()
        if first == end or (self._alive is not None and not self._alive[first]):
            return
        if self._alive is None:
            self._alive = np.ones(len(self._slots), np.bool_)
        self._alive[first:end] = False
        self._dead += end - first
        if erase:
            self.rows.vectors[first:end] = 0

    def counts(self, slots: Slots) -> npt.NDArray[np.int32]:
        """int32[n]: how many windows each of some slots has here."""
        first, end = self._spans(slots)
        return np.asarray(end - first, np.int32)

    def score(self, query: Floats, slots: Slots) -> Windows:
        """All windows of some slots, which rise."""
        first, end = self._spans(slots)
        counts = end - first
        before = np.cumsum(counts) - counts
        return self._scored(query, np.arange(counts.sum()) + np.repeat(first - before, counts))

    def search(self, query: Floats, allowed: Mask | None, count: int) -> Windows:
        """Windows among which are those of the ``count`` nearest items; all of them where the
        segment has no codes or ``allowed`` leaves little, almost all otherwise."""
        live = self._live(allowed)
        candidates = self._filled if live is None else int(np.count_nonzero(live))
        if not candidates:
            return self._scored(query, np.zeros(0, np.int64))
        asked = max(self._tiers.candidates, _PER_ITEM * count)
        while self.codes and candidates > max(_FEW * self._filled, _AGAIN * asked):
            # Filters and centres have nothing to do with each other: of few, half are elsewhere.
            many = self._tiers.of(self._filled) == "lists" and 2 * candidates > self._filled
            positions = self.codes.nearest(query, live, asked, half=many)
            # Several windows of one item may have come: ask for more until there are enough items.
            if len(np.unique(self._slots[positions])) >= count:
                return self._scored(query, np.sort(positions))
            asked *= 4
        return self._scored(query, self._exactly(query, live, candidates, count))

    def _exactly(self, query: Floats, live: Mask | None, candidates: int, count: int) -> Positions:
        asked = count + _SPARE
        while asked < candidates:
            if live is not None and candidates <= _VERY_FEW * self._filled:
                break
            scores, positions = self.rows.nearest(query, live, asked)
            _, first = np.unique(self._slots[positions], return_index=True)
            # All windows that may be as near as the last item that is wanted must be among them.
            if len(first) >= count and scores[-1] < scores[np.sort(first)[count - 1]] - _ROUNDING:
                return np.sort(positions)
            asked *= 4
        return np.arange(self._filled) if live is None else np.flatnonzero(live)

    def _live(self, allowed: Mask | None) -> Mask | None:
        alive = None if self._alive is None else self._alive[: self._filled]
        if allowed is None or not self._filled:
            return alive
        if len(allowed) <= self._slots[self._filled - 1]:
            missing = int(self._slots[self._filled - 1]) + 1 - len(allowed)
            allowed = np.concatenate([allowed, np.zeros(missing, np.bool_)])
        live = allowed.take(self.slots)
        if alive is not None:
            live &= alive
        return live

    def _spans(self, slots: Slots) -> tuple[Positions, Positions]:
        """Where the windows of each slot begin and end; nowhere those of a dead one."""
        asked = np.asarray(slots, np.int32)
        first = np.searchsorted(self.slots, asked)
        end = np.searchsorted(self.slots, asked, side="right")
        if self._alive is not None:
            gone = ~self._alive[np.minimum(first, self._filled - 1)]
            end = np.where(gone, first, end)
        return np.asarray(first, np.int64), np.asarray(end, np.int64)

    def _scored(self, query: Floats, positions: Positions) -> Windows:
        """Positions rise."""
        slots = self._slots[positions]
        places = positions - np.searchsorted(self.slots, slots)
        return Windows(slots, self.rows.cosines(query, positions), places.astype(np.int32))
