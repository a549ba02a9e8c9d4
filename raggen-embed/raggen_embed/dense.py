"""A dense lane: inner products of a question with the windows of items, filters inside the search.

What was built at once is the base: read-only vectors of 16 bits, perhaps a mapped file, and codes
where there are many (tiers.py says when). What came later is the delta, compared exactly. Cosines
are always those of the 16-bit vectors; codes only choose what is compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.delta import Delta
from raggen_embed.rabitq import RaBitQ
from raggen_embed.rows import Floats, Halves, Mask
from raggen_embed.segment import Segment, Slots, Windows
from raggen_embed.tiers import Tier, Tiers

_DEFAULT = Tiers()


@dataclass(frozen=True, eq=False)
class Nearest:
    """For each slot its best window: cosine float32[n], and which of its windows, int32[n]."""

    slots: Slots
    cosines: Floats
    windows: npt.NDArray[np.int32]


class DenseIndex:
    """One vector a window; an item (slot) is as near as its nearest window. Not thread-safe."""

    def __init__(self, dimensions: int, tiers: Tiers = _DEFAULT) -> None:
        """Make an empty one."""
        self._dimensions = dimensions
        self._tiers = tiers
        self._base: Segment | None = None
        self._delta = Delta(dimensions, tiers)
        self._last = -1  # slot

    def __len__(self) -> int:
        """How many windows there are."""
        return sum(map(len, self._segments()))

    @property
    def tier(self) -> Tier:
        """How the base is searched."""
        return "exact" if self._base is None else self._tiers.of(len(self._base.slots))

    def build(self, slots: Slots, vectors: Floats | Halves) -> None:
        """Fill the empty index: row i of ``vectors``, unit vectors [w, d], belongs to ``slots[i]``;
        slots rise, an item's windows are beside each other in order."""
        if not len(slots):
            return
        halves = np.ascontiguousarray(vectors, dtype=np.float16)
        exact = self._tiers.of(len(slots)) == "exact"
        codes = None if exact else RaBitQ.train(halves, self._tiers.lists(len(slots)))
        self._set_base(slots, halves, codes)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs of an index just built."""
        if self._base is None:
            vectors = np.zeros((0, self._dimensions), np.float16)
            return {"slots": np.zeros(0, np.int32), "vectors": vectors}
        arrays: dict[str, npt.NDArray[Any]] = {
            "slots": self._base.slots,
            "vectors": self._base.rows.vectors,
        }
        if self._base.codes:
            arrays["codes"] = self._base.codes.blob()
        return arrays

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty index with ``arrays``, perhaps memory-mapped, which stay in use as they
        are but for the codes. FAISS reads these trustingly: the caller knows that they are those
        that were written."""
        if not len(arrays["slots"]):
            return
        codes = RaBitQ.parse(arrays["codes"]) if "codes" in arrays else None
        self._set_base(arrays["slots"], arrays["vectors"], codes).rows.touch()

    def extend(self, slots: Slots, vectors: Sequence[Floats]) -> None:
        """Add each item's windows, float32[windows, d], unit vectors.

        Raises:
            ValueError: the slots do not rise, or are not greater than all before.
        """
        if (np.diff(slots, prepend=self._last) <= 0).any():
            raise ValueError(f"Slots {slots} come after slot {self._last}: slots must rise.")
        windows = np.repeat(slots, [len(own) for own in vectors])
        if len(windows):
            self._delta.extend(windows, np.concatenate(vectors))
            self._last = int(windows[-1])

    def remove(self, slot: int) -> None:
        """Forget an item, if it is here."""
        if self._base is not None and slot <= self._base.slots[-1]:
            self._base.remove(slot, erase=False)
        else:
            self._delta.remove(slot)

    def counts(self, slots: Slots) -> npt.NDArray[np.int32]:
        """int32[n]: how many windows each of some slots has, 0 where it is not here."""
        counts = np.zeros(len(slots), np.int32)
        for segment in self._segments():
            counts += segment.counts(slots)
        return counts

    def search(self, query: Floats, allowed: Mask | None, count: int) -> Nearest:
        """The ``count`` nearest slots, best first, of equals the first.

        Args:
            query: float32[d].
            allowed: bool[slots], where to look; None for everywhere.
            count: how many items are wanted.
        """
        return _best([one.search(query, allowed, count) for one in self._segments()], count)

    def score(self, query: Floats, slots: Slots) -> Nearest:
        """The cosines of those of the given slots that are here, best first."""
        asked = np.unique(slots)
        return _best([one.score(query, asked) for one in self._segments()], len(asked))

    def _set_base(self, slots: Slots, vectors: Halves, codes: RaBitQ | None) -> Segment:
        # The arrays themselves and not np.memmap, whose every slice is slow.
        slots, vectors = np.asarray(slots, np.int32), np.asarray(vectors)
        self._base = Segment(slots, vectors, len(slots), self._tiers, codes)
        self._last = int(slots[-1])
        return self._base

    def _segments(self) -> list[Segment]:
        """Slots rise from one to the next."""
        return [*self._delta] if self._base is None else [self._base, *self._delta]


def _best(found: list[Windows], count: int) -> Nearest:
    """Each slot by its best window, the first of equals; the best ``count`` of them."""
    if not found:
        nothing = np.zeros(0, np.int32)
        return Nearest(nothing, np.zeros(0, np.float32), nothing)
    slots = np.concatenate([one.slots for one in found])
    cosines = np.concatenate([one.cosines for one in found])
    windows = np.concatenate([one.windows for one in found])
    order = np.argsort(-cosines, kind="stable")
    _, first = np.unique(slots[order], return_index=True)
    kept = order[np.sort(first)[:count]]
    return Nearest(slots[kept], cosines[kept], windows[kept])
