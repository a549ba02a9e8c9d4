"""The dense lane: exact inner products with FAISS, filters inside the search."""

from __future__ import annotations

from dataclasses import dataclass

import faiss
import numpy as np
import numpy.typing as npt

Slots = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

_FREE = -1
_FIRST_ROOM = 1024


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each slot its best window: cosine float32[n], and which of its windows, int32[n]."""

    slots: Slots
    cosines: Floats
    windows: npt.NDArray[np.int32]


class DenseIndex:
    """One vector a window; an item (slot) is as near as its nearest window. Not thread-safe.

    A position that is freed is zeroed and used again: FAISS's own ``remove_ids`` would move all the
    vectors behind it (150 MB at 100,000 of them).
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._index = faiss.IndexFlatIP(dimensions)
        self._slot_at = np.full(_FIRST_ROOM, _FREE, dtype=np.int32)
        self._window_at = np.zeros(_FIRST_ROOM, dtype=np.int32)
        self._positions: dict[int, npt.NDArray[np.int64]] = {}
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many windows there are."""
        return int(self._index.ntotal) - len(self._free)

    def build(self, slots: Slots, windows: npt.NDArray[np.int32], vectors: Floats) -> None:
        """Fill the empty index: row i of ``vectors`` is window ``windows[i]`` of ``slots[i]``,
        slots sorted."""
        self._index.add(np.ascontiguousarray(vectors))
        self._make_room()
        self._slot_at[: len(slots)] = slots
        self._window_at[: len(slots)] = windows
        unique, starts = np.unique(slots, return_index=True)
        groups = np.split(np.arange(len(slots), dtype=np.int64), starts[1:])
        self._positions = dict(zip(unique.tolist(), groups, strict=True)) if len(slots) else {}

    def add(self, slot: int, vectors: Floats) -> None:
        """Add an item's windows, float32[windows, d], unit vectors."""
        count = len(vectors)
        reused = [self._free.pop() for _ in range(min(count, len(self._free)))]
        if reused:
            self._storage()[reused] = vectors[: len(reused)]
        fresh = int(self._index.ntotal)
        if len(reused) < count:
            self._index.add(np.ascontiguousarray(vectors[len(reused) :]))
            self._make_room()
        positions = np.array([*reused, *range(fresh, int(self._index.ntotal))], dtype=np.int64)
        self._slot_at[positions] = slot
        self._window_at[positions] = np.arange(count)
        self._positions[slot] = positions

    def remove(self, slot: int) -> None:
        """Forget an item: its vectors are overwritten with zeros."""
        positions = self._positions.pop(slot)
        self._storage()[positions] = 0
        self._slot_at[positions] = _FREE
        self._free.extend(positions.tolist())

    def search(self, query: Floats, mask: Mask, count: int) -> Nearest:
        """The ``count`` nearest slots among those that ``mask`` (bool[slots]) allows, best
        first."""
        total = int(self._index.ntotal)
        slot_at = self._slot_at[:total]
        allowed = (
            (slot_at != _FREE) & mask[slot_at] if len(mask) else np.zeros(total, dtype=np.bool_)
        )
        candidates = int(np.count_nonzero(allowed))
        bitmap = np.packbits(allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        wanted = min(count, candidates)
        asked = wanted
        while True:
            if not asked:
                return self._nearest(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
            scores, positions = self._index.search(query[None, :], asked, params=parameters)
            nearest = self._nearest(positions[0], scores[0])
            # Several windows of one item may have come: ask for more until there are enough items.
            if len(nearest.slots) >= wanted or asked >= candidates:
                return Nearest(
                    nearest.slots[:count], nearest.cosines[:count], nearest.windows[:count]
                )
            asked = min(asked * 4, candidates)

    def score(self, query: Floats, slots: Slots) -> Nearest:
        """The cosines of given slots."""
        if not len(slots):
            return self._nearest(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        positions = np.concatenate([self._positions[slot] for slot in slots.tolist()])
        scores = self._storage()[positions] @ query
        order = np.argsort(-scores, kind="stable")
        return self._nearest(positions[order], scores[order])

    def _nearest(self, positions: npt.NDArray[np.int64], scores: Floats) -> Nearest:
        """Keep the first, that is the best, window of each slot."""
        slots = self._slot_at[positions]
        _, first = np.unique(slots, return_index=True)
        first.sort()
        kept = positions[first]
        return Nearest(slots[first], scores[first], self._window_at[kept])

    def _storage(self) -> Floats:
        """FAISS's own vectors, not a copy; only valid until the next ``add``."""
        total = int(self._index.ntotal)
        storage: Floats = faiss.rev_swig_ptr(self._index.get_xb(), total * self._dimensions)
        return storage.reshape(total, self._dimensions)

    def _make_room(self) -> None:
        total = int(self._index.ntotal)
        if total > len(self._slot_at):
            room = max(total, 2 * len(self._slot_at))
            grown = np.full(room, _FREE, dtype=np.int32)
            grown[: len(self._slot_at)] = self._slot_at
            self._slot_at = grown
            windows = np.zeros(room, dtype=np.int32)
            windows[: len(self._window_at)] = self._window_at
            self._window_at = windows
