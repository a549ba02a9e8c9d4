"""A lexical lane: which items hold a term, and how strongly (BM25's saturated frequency).

Okapi BM25 (Robertson and Zaragoza 2009) with k1 = .9 and b = .4 (strengths.py), over an inverted
index in memory that is made from the store's terms at start, without the texts.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag
from raggen_embed.background import mean_length
from raggen_embed.strengths import Floats, bm25_norm, bm25_strength

Slots = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]

# For choosing candidates, the commonest terms, which together hold this share of the question's
# weight, are passed over: "the" is in half of all items and says next to nothing. What becomes a
# candidate is then scored with every term.
PASSED_OVER = 0.1


class Postings:
    """Term → the slots that hold it, in order, and how often. Not thread-safe."""

    def __init__(self) -> None:
        self._postings: dict[int, tuple[array[int], array[int]]] = {}
        self._lengths = np.zeros(256, dtype=np.float32)
        self._items = 0
        self._total = 0.0

    def build(self, slots: Slots, bags: Sequence[Bag]) -> None:
        """Fill the empty lane with many items at once, much faster than one by one.

        ``slots`` rise.
        """
        if not bags:
            return
        sizes = np.array([len(bag.keys) for bag in bags])
        keys = np.concatenate([bag.keys for bag in bags])
        counts = np.concatenate([bag.counts for bag in bags]).astype(np.int32)
        at = np.repeat(slots, sizes)
        order = np.argsort(keys, kind="stable")
        keys, counts, at = keys[order], counts[order], at[order]
        unique, starts = np.unique(keys, return_index=True)
        ends = np.append(starts, len(keys))[1:]  # none, where no item holds any term
        for key, start, end in zip(unique.tolist(), starts.tolist(), ends.tolist(), strict=True):
            posting = (array("i", at[start:end].tobytes()), array("i", counts[start:end].tobytes()))
            self._postings[key] = posting
        for slot, bag in zip(slots.tolist(), bags, strict=True):
            self._enter(slot, bag.length)

    def add(self, slot: int, bag: Bag) -> None:
        """Index an item's terms."""
        for key, count in zip(bag.keys.tolist(), bag.counts.tolist(), strict=True):
            slots, counts = self._postings.setdefault(key, (array("i"), array("i")))
            place = len(slots) if not slots or slots[-1] < slot else bisect_left(slots, slot)
            slots.insert(place, slot)
            counts.insert(place, count)
        self._enter(slot, bag.length)

    def remove(self, slot: int, bag: Bag) -> None:
        """Forget an item, whose terms are ``bag``."""
        for key in bag.keys.tolist():
            slots, counts = self._postings[key]
            place = bisect_left(slots, slot)
            del slots[place], counts[place]
            if not slots:
                del self._postings[key]
        self._items -= 1
        self._total -= bag.length

    def frequencies(self, keys: Sequence[int]) -> Floats:
        """float32[n]: how many items hold each term."""
        nothing: tuple[array[int], array[int]] = (array("i"), array("i"))
        return np.array([len(self._postings.get(key, nothing)[0]) for key in keys], np.float32)

    def scores(self, keys: Sequence[int], weights: Floats, room: int) -> Floats:
        """float32[room]: Σ weight · strength over the terms that matter, by which candidates are
        chosen."""
        out = np.zeros(room, dtype=np.float32)
        norm = self._norm(self._lengths[:room])
        order = np.argsort(-weights, kind="stable")
        reached = np.cumsum(weights[order]) - weights[order]
        needed = order[reached <= (1 - PASSED_OVER) * weights.sum()]
        for number in needed.tolist():
            if posting := self._posting(keys[number]):
                slots, counts = posting
                out[slots] += weights[number] * bm25_strength(counts, norm[slots])
        return out

    def strengths(self, keys: Sequence[int], slots: Slots) -> Floats:
        """[terms, slots], 0 where an item does not hold a term."""
        out = np.zeros((len(keys), len(slots)), np.float32)
        norm = self._norm(self._lengths[slots])
        for row, key in enumerate(keys):
            if posting := self._posting(key):
                holders, counts = posting
                at = np.minimum(np.searchsorted(holders, slots), len(holders) - 1)
                hit = holders[at] == slots
                out[row, hit] = bm25_strength(counts[at[hit]], norm[hit])
        return out

    def _norm(self, lengths: Floats) -> Floats:
        return bm25_norm(lengths, mean_length(self._total, self._items))

    def _posting(self, key: int) -> tuple[Slots, Slots] | None:
        """Views, which must be gone before the next change: an array cannot grow under them."""
        found = self._postings.get(key)
        if found is None:
            return None
        return np.frombuffer(found[0], np.int32), np.frombuffer(found[1], np.int32)

    def _enter(self, slot: int, length: int) -> None:
        if slot >= len(self._lengths):
            more = max(slot + 1, 2 * len(self._lengths)) - len(self._lengths)
            self._lengths = np.concatenate([self._lengths, np.zeros(more, np.float32)])
        self._lengths[slot] = length
        self._items += 1
        self._total += length
