"""What each lane says of each candidate: scores from 0 to 1, exact for all but the late lanes."""

from __future__ import annotations

import numpy as np

from raggen_embed.catalogue import Mask
from raggen_embed.fusion import DENSE, LANES, LATE, Dense, Floats, Formula, Ints, Lane
from raggen_embed.memory import Memory
from raggen_embed.pool import Pool, dense_lanes
from raggen_embed.question import Question
from raggen_embed.script import SCRIPTS
from raggen_embed.strengths import coverage, lift, maxsim
from raggen_embed.weighting import Weighted, columns


class Lanes:
    """The lanes' scores of one pool of candidates for one question.

    ``scores``: float32[n] by lane, 0 where a lane has no weight. ``windows``: int32[n] by model,
    the nearest window of each candidate.
    """

    def __init__(
        self,
        formula: Formula,
        memory: Memory,
        question: Question,
        weighted: Weighted,
        pool: Pool,
        count: int,
    ) -> None:
        """Score them. ``count``: how many results are wanted."""
        self._formula = formula
        self._memory = memory
        self._question = question
        self._pool = pool
        size = len(pool.slots)
        self.scores: dict[Lane, Floats] = {lane: np.zeros(size, np.float32) for lane in LANES}
        self.windows = {role: np.zeros(size, np.int32) for role in DENSE}
        self._dense()
        self._lexical(weighted)
        for role, (tokens, weights) in weighted.tokens.items():
            self._late(role, tokens, weights, count)

    def _dense(self) -> None:
        pool = self._pool
        for role, script, vector in dense_lanes(self._formula, self._memory, self._question):
            members = pool.slots[pool.scripts == SCRIPTS.index(script)]
            nearest = self._memory.dense[role, script].score(vector, members)
            at = np.searchsorted(pool.slots, nearest.slots)
            self.scores[role][at] = nearest.cosines
            self.windows[role][at] = nearest.windows

    def _lexical(self, weighted: Weighted) -> None:
        slots = self._pool.slots
        words, word_weights = columns(weighted.words)
        grams, gram_weights = columns(weighted.grams)
        strengths = [
            self._memory.words.strengths(words, slots),
            self._memory.grams.strengths(grams, slots),
        ]
        lifted = self._lifted(np.concatenate(strengths))
        self.scores["words"] = coverage(lifted[: len(words)], word_weights)
        self.scores["grams"] = coverage(lifted[len(words) :], gram_weights)

    def _late(self, role: Dense, tokens: Floats, weights: Floats, count: int) -> None:
        """A model's tokens, float32[q, d], each with the nearest of the item's; 0 outside the
        shortlist."""
        pool = self._pool
        places = self._shortlist(role, count)
        signs = self._memory.signs(
            role, pool.slots[places], self.windows[role][places], self._formula.late_tokens // 4
        )
        kept = [place for place, own in zip(places.tolist(), signs, strict=True) if own is not None]
        bits = [own for own in signs if own is not None]
        if not kept:
            return
        strength = np.zeros((len(tokens), len(pool.slots)), np.float32)
        strength[:, kept] = maxsim(tokens, bits)
        self.scores[LATE[role]] = coverage(self._lifted(strength), weights)

    def _shortlist(self, role: Dense, count: int) -> Ints:
        """Places of the best by the cheap lanes while their tokens last, and what stands beside."""
        scores, pool = self.scores, self._pool
        usable = self._usable(LATE[role])
        cheap = 0.5 * np.clip(scores[role], 0, 1) + scores["words"] + scores["grams"]
        order = np.argsort(-cheap, kind="stable")
        order = order[usable[order]][: max(self._formula.late_pool, count)]
        sizes = self._memory.late[role].counts(pool.slots[order])
        within = np.minimum(sizes, self._formula.late_tokens // 4)
        order = order[np.cumsum(within) - within < self._formula.late_tokens]
        # What stands two places away lends little, and would be half of the tokens.
        near = np.concatenate([order, pool.before[0][order], pool.after[0][order]])
        near = np.unique(near[near >= 0])
        return np.asarray(near[usable[near]], np.int64)

    def _usable(self, lane: Lane) -> Mask:
        """bool[n]: of which candidates the lane says anything."""
        by_script = [self._formula.uses(lane, self._question.script, script) for script in SCRIPTS]
        return np.array(by_script, np.bool_)[self._pool.scripts]

    def _lifted(self, strength: Floats) -> Floats:
        shares, pool = self._formula.lift, self._pool
        return lift(strength, pool.before[: len(shares)], pool.after[: len(shares)], shares)
