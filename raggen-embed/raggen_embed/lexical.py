"""A lexical lane: which items hold a term, and how strongly (BM25's saturated frequency).

Okapi BM25 (Robertson and Zaragoza 2009) with k1 = .9 and b = .4 (strengths.py), over an inverted
index that is made from the store's terms, without the texts.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag
from raggen_embed.background import mean_length
from raggen_embed.csr import Bags
from raggen_embed.growing import Column
from raggen_embed.inverted import Inverted, Posting, Slots
from raggen_embed.strengths import Floats, bm25_norm, bm25_strength

# For choosing candidates, the commonest terms, which together hold this share of the question's
# weight, are passed over: "the" is in half of all items and says next to nothing. What becomes a
# candidate is then scored with every term.
PASSED_OVER = 0.1
# An item of endless length meets every term to 0: that stands for one that is not here.
_GONE: Final = float("inf")
# So many holders are scored at once: few enough for the processor's cache, and enough to make the
# calls' own cost small.
_AT_ONCE: Final = 1 << 16
# Where fewer items hold a term, it is faster to look at them all than to look up each of some
# hundreds.
_SHORT: Final = 4096


class Postings:
    """Term → the slots that hold it, and how often. Not thread-safe.

    Most are in a base, made at once; what is added later comes behind it, in dictionaries. What is
    removed stays there until a new base is made, but counts for nothing.
    """

    def __init__(self) -> None:
        """Make an empty one."""
        self._base = Inverted.of(Bags.of([]))
        # Key → slot, count, slot, count, …
        self._added: dict[int, array[int]] = {}
        self._lengths = Column(np.float32, _GONE)
        self._items = 0
        self._total = 0
        self._removed = False

    def build(self, bags: Bags) -> None:
        """Fill the empty lane with many items at once: item i is slot i."""
        self._fill(Inverted.of(bags), bags.lengths())

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs, of a lane that was just built."""
        return {**self._base.arrays(), "lengths": self._lengths.base}

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty lane with what ``arrays`` gave; all but the lengths may stay mapped."""
        self._fill(Inverted(arrays), arrays["lengths"])

    def _fill(self, base: Inverted, lengths: npt.NDArray[Any]) -> None:
        self._base = base
        self._lengths.build(lengths, changes=True)
        self._items = len(lengths)
        self._total = int(lengths.sum(dtype=np.float64))

    def extend(self, slots: Slots, bags: Sequence[Bag]) -> None:
        """Index the terms of items; their slots rise and are greater than all before."""
        lengths = []
        for slot, bag in zip(slots.tolist(), bags, strict=True):
            counts = bag.counts.tolist()
            for key, count in zip(bag.keys.tolist(), counts, strict=True):
                posting = self._added.get(key)
                if posting is None:
                    posting = self._added[key] = array("i")
                posting.append(slot)
                posting.append(count)
            lengths.append(sum(counts))
        self._lengths.extend(slots, lengths)
        self._items += len(slots)
        self._total += sum(lengths)

    def remove(self, slot: int) -> None:
        """Forget an item, if it is here."""
        length = float(self._lengths.at(slot))
        if length == _GONE:
            return
        self._lengths.put(slot, _GONE)
        self._items -= 1
        self._total -= int(length)
        self._removed = True

    def frequencies(self, keys: Sequence[int]) -> Floats:
        """float32[n]: how many items hold each term."""
        out = np.zeros(len(keys), np.float32)
        for postings, lengths, first in self._parts(keys):
            out += [len(slots) for slots, _ in postings]
            if self._removed:
                gone = lengths == _GONE
                out -= [np.count_nonzero(gone.take(slots - first)) for slots, _ in postings]
        return out

    def scores(self, keys: Sequence[int], weights: Floats, room: int) -> Floats:
        """float32[room]: Σ weight · strength over the terms that matter, by which candidates are
        chosen."""
        out = np.zeros(room, dtype=np.float32)
        order = (-weights).argsort(kind="stable")
        falling = weights[order]
        needed = order[falling.cumsum() - falling <= (1 - PASSED_OVER) * weights.sum()]
        for postings, lengths, first in self._parts(keys):
            for numbers, sizes, slots, counts in _together(postings, needed.tolist()):
                places = slots if not first else slots - first
                strength = bm25_strength(counts, self._norm(lengths.take(places)))
                strength *= weights[numbers].repeat(sizes)
                np.add.at(out, slots, strength)
        return out

    def strengths(self, keys: Sequence[int], slots: Slots) -> Floats:
        """[terms, slots], 0 where an item does not hold a term."""
        if (slots[1:] <= slots[:-1]).any():
            rising, back = np.unique(slots, return_inverse=True)
            return self.strengths(keys, rising).take(back, axis=1)
        out = np.zeros((len(keys), len(slots)), np.float32)
        norm = self._norm(self._lengths.take(slots))
        wanted = np.zeros(len(self._lengths), np.bool_)
        wanted[slots] = True
        for postings, _, _ in self._parts(keys):
            short = []
            for row, (holders, counts) in enumerate(postings):
                if len(holders) <= _SHORT:
                    short.append(row)
                    continue
                at = holders.searchsorted(slots)
                hit = (holders.take(at, mode="clip") == slots).nonzero()[0]
                out[row, hit] = bm25_strength(counts[at[hit]], norm[hit])
            for rows, sizes, holders, counts in _together(postings, short):
                held = wanted.take(holders).nonzero()[0]
                column = slots.searchsorted(holders[held])
                term = np.array(rows).repeat(sizes)[held]
                out[term, column] = bm25_strength(counts[held], norm[column])
        return out

    def _norm(self, lengths: Floats) -> Floats:
        return bm25_norm(lengths, mean_length(self._total, self._items))

    def _parts(self, keys: Sequence[int]) -> Iterator[tuple[list[Posting], Floats, int]]:
        """Of the base and of what was added: the terms' postings, the lengths of the items there,
        and the first of their slots.

        What was added comes as views, which must be gone before the next change: an array cannot
        grow under them.
        """
        yield self._base.find(keys), self._lengths.base, 0
        if not self._added.keys().isdisjoint(keys):
            nothing: array[int] = array("i")
            pairs = [
                np.frombuffer(self._added.get(key, nothing), np.int32).reshape(-1, 2)
                for key in keys
            ]
            added = [(pair[:, 0], pair[:, 1]) for pair in pairs]
            yield added, self._lengths.added, len(self._lengths.base)


def _together(
    postings: Sequence[Posting], numbers: Sequence[int]
) -> Iterator[tuple[list[int], list[int], Slots, npt.NDArray[np.integer]]]:
    """The holders of many terms one after another, some at once: the terms' numbers, how many hold
    each, these holders' slots, and how often each holds its term."""
    taken: list[int] = []
    room = _AT_ONCE
    for number in [*numbers, None]:
        size = 0 if number is None else len(postings[number][0])
        if taken and (number is None or size > room):
            own = [postings[one] for one in taken]
            sizes = [len(slots) for slots, _ in own]
            yield (
                taken,
                sizes,
                np.concatenate([slots for slots, _ in own]),
                np.concatenate([counts for _, counts in own]),
            )
            taken, room = [], _AT_ONCE
        if number is not None and size:
            taken.append(number)
            room -= size
