"""Which items of a memory are looked at: the best of each lane, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.catalogue import Mask
from raggen_embed.encoder import Vectors
from raggen_embed.fusion import Dense, Formula, Ints
from raggen_embed.memory import Memory
from raggen_embed.question import Question
from raggen_embed.script import Script
from raggen_embed.weighting import Weighted, columns

Slots = npt.NDArray[np.int32]
AWAY = (1, 2)  # how far a neighbour may stand; 3 … 5 add .1


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
    best = [pinned_slots if mask is None else pinned_slots[mask[pinned_slots]]]
    for role, script, vector in dense_lanes(formula, memory, question):
        best.append(memory.dense[role, script].search(vector, mask, size).slots)
    for postings, weights in (
        (memory.words, weighted.words),
        (memory.grams, weighted.grams),
    ):
        keys, values = columns(weights)
        scores = postings.scores(keys, values, memory.catalogue.room)
        hit = np.flatnonzero(scores if mask is None else scores * mask)
        if len(hit) > size:
            hit = hit[np.argpartition(-scores[hit], size)[:size]]
        best.append(hit.astype(np.int32))
    slots = np.unique(np.concatenate(best))
    if formula.neighbours:
        slots = _with_neighbours(memory, slots, mask)
    place = np.full(memory.catalogue.room + 1, -1, np.int64)  # the last for "no neighbour"
    place[slots] = np.arange(len(slots))
    return Pool(
        slots,
        memory.catalogue.scripts(slots),
        [place[memory.neighbours.before(slots, away)] for away in AWAY],
        [place[memory.neighbours.after(slots, away)] for away in AWAY],
    )


def _with_neighbours(memory: Memory, slots: Slots, mask: Mask | None) -> Slots:
    near = [
        walk(slots, away)
        for away in AWAY
        for walk in (memory.neighbours.before, memory.neighbours.after)
    ]
    beside = np.concatenate(near)
    beside = beside[beside >= 0]
    if mask is not None:
        beside = beside[mask[beside]]
    return np.unique(np.concatenate([slots, beside]))
