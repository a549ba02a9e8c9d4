"""Which items of a memory are looked at: the best of each lane, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.catalogue import Mask
from raggen_embed.encoder import Vectors
from raggen_embed.fusion import Dense, Floats, Formula, Ints
from raggen_embed.memory import Memory
from raggen_embed.question import Question
from raggen_embed.script import Script
from raggen_embed.weighting import Weighted, columns

Slots = npt.NDArray[np.int32]
AWAY = 2  # how far a neighbour may stand; 3 … 5 add .1
# Scores that are looked at together to find a lower bound of the highest.
_BLOCK = 64


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates in the order of their slots, and their neighbours' places among them (or −1)."""

    slots: Slots
    scripts: npt.NDArray[np.int8]
    before: list[Ints]
    after: list[Ints]


def dense_lanes(
    formula: Formula, memory: Memory, question: Question
) -> Iterator[tuple[Dense, Script, Vectors]]:
    """The dense lanes that say anything about a question, with its vector float32[d] in each."""
    for role, script in memory.dense:
        vector = question.vectors.get(role)
        if vector is not None and formula.uses(role, question.script, script):
            yield role, script, vector


def gather(
    formula: Formula,
    memory: Memory,
    question: Question,
    weighted: Weighted,
    mask: Mask | None,
    count: int,
    pinned_slots: Slots,
) -> Pool:
    """The candidates among the items that ``mask`` allows, ``pinned_slots`` among them.

    ``count``: how many results are wanted; each lane puts forward as many at least.
    """
    size = max(formula.pool, count)
    room = memory.catalogue.room
    best = [pinned_slots if mask is None else pinned_slots[mask[pinned_slots]]]
    for role, script, vector in dense_lanes(formula, memory, question):
        best.append(memory.dense[role, script].search(vector, mask, size).slots)
    for postings, weights in (
        (memory.words, weighted.words),
        (memory.grams, weighted.grams),
    ):
        keys, values = columns(weights)
        scores = postings.scores(keys, values, room)
        if mask is not None:
            scores *= mask
        best.append(_highest(scores, size))
    slots = _distinct(np.concatenate(best))
    if formula.neighbours:
        beside = np.concatenate([*_beside(memory, slots)])
        beside = beside[beside >= 0]
        if mask is not None:
            beside = beside[mask[beside]]
        slots = _distinct(np.concatenate([slots, beside]))
    around = np.stack([*_beside(memory, slots)])
    # Where each of these stands among the candidates, if it does.
    place = slots.searchsorted(around)
    found = slots.take(place, mode="clip") == around if len(slots) else place < 0
    place[~found] = -1
    return Pool(slots, memory.catalogue.scripts(slots), [*place[::2]], [*place[1::2]])


def _highest(scores: Floats, count: int) -> Slots:
    """The slots of the ``count`` highest scores above 0, of equals the first; or of as many as
    there are."""
    blocks = len(scores) // _BLOCK
    least = np.float32(0)
    if blocks > count:
        # As many blocks hold such a score each: what is lower is not among the highest. Blocks are
        # every so-manieth score, which NumPy compares many at a time.
        highest = scores[: blocks * _BLOCK].reshape(_BLOCK, blocks).max(axis=0)
        least = np.partition(highest, -count)[-count]
    hit = (scores >= least if least > 0 else scores > 0).nonzero()[0]
    if len(hit) > count:
        hit = hit[(-scores[hit]).argsort(kind="stable")[:count]]
    return hit.astype(np.int32)


def _beside(memory: Memory, slots: Slots) -> Iterator[Slots]:
    """The slots before and after each, one place away, then two; −1 where there is none."""
    before = after = slots
    for _ in range(AWAY):
        before, after = memory.neighbours.before(before, 1), memory.neighbours.after(after, 1)
        yield before
        yield after


def _distinct(slots: Slots) -> Slots:
    """Each once, rising: for some hundreds faster than np.unique, which hashes them."""
    slots.sort()
    kept = np.ones(len(slots), np.bool_)
    np.not_equal(slots[1:], slots[:-1], out=kept[1:])
    return slots[kept]
