"""From a question to its best items in one memory: candidates, lanes, fusion, relevance.

1. The dense lanes, the words and the 4-grams put forward their best; what stands beside these in a
   chat or a parent joins them.
2. Every lane scores all candidates exactly, each term lifted towards its neighbours'
   (strengths.py); the main model's late lane, the dearest, only the most promising ones.
3. fusion.py makes one score of the lanes, calibration.py a probability of the score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.background import Background, term_weight
from raggen_embed.calibration import Coefficients, probability, relevance
from raggen_embed.catalogue import Filter, Mask
from raggen_embed.fusion import (
    LANES,
    PAIRS,
    Floats,
    Formula,
    Ints,
    Lane,
    Pair,
    fuse,
    pair,
    pinned,
    recency,
    session_share,
)
from raggen_embed.lexical import Postings
from raggen_embed.memory import DENSE, Dense, Memory
from raggen_embed.question import Question
from raggen_embed.script import CYRILLIC, SCRIPTS, Script
from raggen_embed.strengths import coverage, lift, maxsim_bits

Slots = npt.NDArray[np.int32]
# Cosines float32[q, p] of the multilingual model's static vectors, from ids int32[q] and int32[p].
Static = Callable[[npt.NDArray[np.int32], npt.NDArray[np.int32]], Floats]
AWAY = (1, 2)  # how far a neighbour may stand; 3 … 5 add .1


@dataclass(frozen=True)
class Wanted:
    """What a search wants besides an answer.

    ``count``: how many results at least. ``recency`` from 0 to 1 and ``half_life`` in days weigh
    how new an item is at ``now`` (seconds since 1970). ``pinned``: ids that get a bonus.
    """

    where: Filter
    count: int
    recency: float = 0.0
    half_life: float = 30.0
    now: float = 0.0
    pinned: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Weighted:
    """The question's terms and what each weighs in one memory.

    ``words`` and ``grams``: term → key and weight. ``tokens`` float32[q, d] of the main model and
    ``pieces`` int32[p] of the multilingual one, with the weights of each.
    """

    words: Mapping[str, tuple[int, float]]
    grams: Mapping[str, tuple[int, float]]
    tokens: Floats
    token_weights: Floats
    pieces: npt.NDArray[np.int32]
    piece_weights: Floats


@dataclass(frozen=True, eq=False)
class Ranked:
    """Candidates, best first: arrays [n].

    ``cosine`` and ``window`` are of the dense lane that ``pair`` (a number in PAIRS) weighs most.
    ``shares`` sum up to ``score``, ``log_odds`` to ``logit``. ``allowed`` items could have been
    found. ``weighted`` is the question as this memory sees it.
    """

    slots: Slots
    pairs: npt.NDArray[np.int8]
    relevance: Floats
    logit: Floats
    score: Floats
    cosine: Floats
    window: npt.NDArray[np.int32]
    lanes: Mapping[Lane, Floats]
    shares: Mapping[str, Floats]
    log_odds: Mapping[str, Floats]
    allowed: int
    weighted: Weighted


@dataclass(frozen=True, eq=False)
class _Pool:
    """Candidates in the order of their slots, and their neighbours' places among them (or −1)."""

    slots: Slots
    scripts: npt.NDArray[np.int8]
    before: list[Ints]
    after: list[Ints]


class Ranker:
    """Ranks the items of memories by one formula and one calibration."""

    def __init__(
        self,
        formula: Formula,
        coefficients: Mapping[Pair, Coefficients],
        background: Background,
        static: Static | None,
    ) -> None:
        """``static`` is None without the multilingual model."""
        self._formula = formula
        self._coefficients = coefficients
        self._background = background
        self._static = static

    def rank(self, memory: Memory, question: Question, wanted: Wanted) -> Ranked:
        """The candidates for a question, best first."""
        mask = memory.catalogue.mask(wanted.where)
        weighted = self._weighted(memory, question)
        pinned_slots = memory.catalogue.slots_of(wanted.pinned)
        pool = self._pool(memory, question, weighted, mask, wanted.count, pinned_slots)
        lanes: dict[Lane, Floats] = {lane: np.zeros(len(pool.slots), np.float32) for lane in LANES}
        windows = self._dense(memory, question, pool, lanes)
        lanes["words"] = self._lexical(memory.words, weighted.words, pool)
        lanes["grams"] = self._lexical(memory.grams, weighted.grams, pool)
        self._late_main(memory, question, weighted, pool, lanes, windows, wanted.count)
        self._late_multilingual(memory, question, weighted, pool, lanes)
        ages = memory.catalogue.ages(pool.slots, wanted.now)
        extra = {
            "recency": recency(ages, wanted.half_life, wanted.recency),
            "pinned": pinned(np.isin(pool.slots, pinned_slots)),
        }
        allowed = len(memory) if mask is None else int(np.count_nonzero(mask))
        return self._ranked(memory, question, weighted, pool, lanes, windows, extra, allowed)

    # Terms

    def _weighted(self, memory: Memory, question: Question) -> Weighted:
        """Each term's weight, the greatest over the turns."""
        words: dict[str, tuple[int, float]] = {}
        grams: dict[str, tuple[int, float]] = {}
        everything = float(len(memory))
        by_script = np.array([memory.catalogue.count(script) for script in SCRIPTS], np.float32)
        common = self._background.grams[question.script]
        for turn in question.turns:
            own = np.array([bool(CYRILLIC.search(stem)) for stem in turn.stems], np.intp)
            weights = term_weight(
                memory.words.frequencies([*turn.stems.values()]),
                by_script[own],
                np.array([self._background.stems.get(s, 0.0) for s in turn.stems], np.float32),
            )
            _raise(words, turn.stems, np.float32(turn.weight) * weights)
            weights = term_weight(
                memory.grams.frequencies([*turn.grams.values()]),
                everything,
                np.array([common.get(gram, 0.0) for gram in turn.grams], np.float32),
            )
            _raise(grams, turn.grams, np.float32(turn.weight) * weights)
        tokens, ids, decay = question.main_tokens()
        token_weights = decay * term_weight(
            memory.late["main"].frequencies(ids), everything, self._background.of_wordpieces(ids)
        )
        pieces, piece_weights = question.pieces()
        if len(pieces):
            piece_weights = piece_weights * term_weight(
                memory.late["multilingual"].frequencies(pieces),
                by_script[self._background.piece_is_cyrillic[pieces].astype(np.intp)],
                self._background.pieces[pieces],
            )
        return Weighted(words, grams, tokens, token_weights, pieces, piece_weights)

    # Candidates

    def _pool(
        self,
        memory: Memory,
        question: Question,
        weighted: Weighted,
        mask: Mask | None,
        count: int,
        pinned_slots: Slots,
    ) -> _Pool:
        size = max(self._formula.pool, count)
        best = [pinned_slots if mask is None else pinned_slots[mask[pinned_slots]]]
        for role, script in memory.dense:
            vector = question.vector(role)
            if vector is not None and self._formula.uses(role, question.script, script):
                best.append(memory.dense[role, script].search(vector, mask, size).slots)
        for postings, weights in (
            (memory.words, weighted.words),
            (memory.grams, weighted.grams),
        ):
            keys, values = _columns(weights)
            scores = postings.scores(keys, values, memory.catalogue.room)
            hit = np.flatnonzero(scores if mask is None else scores * mask)
            if len(hit) > size:
                hit = hit[np.argpartition(-scores[hit], size)[:size]]
            best.append(hit.astype(np.int32))
        slots = np.unique(np.concatenate(best))
        if self._formula.neighbours:
            slots = self._with_neighbours(memory, slots, mask)
        place = np.full(memory.catalogue.room + 1, -1, np.int64)  # the last for "no neighbour"
        place[slots] = np.arange(len(slots))
        return _Pool(
            slots,
            memory.catalogue.scripts(slots),
            [place[memory.neighbours.before(slots, away)] for away in AWAY],
            [place[memory.neighbours.after(slots, away)] for away in AWAY],
        )

    def _with_neighbours(self, memory: Memory, slots: Slots, mask: Mask | None) -> Slots:
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

    # Lanes

    def _dense(
        self, memory: Memory, question: Question, pool: _Pool, lanes: dict[Lane, Floats]
    ) -> dict[Dense, npt.NDArray[np.int32]]:
        """Fill in the cosines; returns the nearest window of each candidate, by model."""
        windows = {role: np.zeros(len(pool.slots), np.int32) for role in DENSE}
        for (role, script), index in memory.dense.items():
            vector = question.vector(role)
            if vector is None or not self._formula.uses(role, question.script, script):
                continue
            members = pool.slots[pool.scripts == SCRIPTS.index(script)]
            nearest = index.score(vector, members)
            at = np.searchsorted(pool.slots, nearest.slots)
            lanes[role][at] = nearest.cosines
            windows[role][at] = nearest.windows
        return windows

    def _covered(self, strength: Floats, weight: Floats, pool: _Pool) -> Floats:
        shares = self._formula.lift
        lifted = lift(strength, pool.before[: len(shares)], pool.after[: len(shares)], shares)
        return coverage(lifted, weight)

    def _lexical(
        self, postings: Postings, weights: Mapping[str, tuple[int, float]], pool: _Pool
    ) -> Floats:
        keys, values = _columns(weights)
        return self._covered(postings.strengths(keys, pool.slots), values, pool)

    def _late_main(
        self,
        memory: Memory,
        question: Question,
        weighted: Weighted,
        pool: _Pool,
        lanes: dict[Lane, Floats],
        windows: Mapping[Dense, npt.NDArray[np.int32]],
        count: int,
    ) -> None:
        """Fill in the late lane of the main model; 0 outside the shortlist."""
        usable = np.isin(pool.scripts, self._scripts("late_main", question.script))
        if not len(weighted.tokens) or not usable.any():
            return
        kept, bits = [], []
        for place in self._shortlist(memory, lanes, pool, usable, count).tolist():
            own = memory.late["main"].bits(
                int(pool.slots[place]), int(windows["main"][place]), self._formula.late_tokens // 4
            )
            if len(own):
                kept.append(place)
                bits.append(own)
        if not kept:
            return
        sizes = np.array([len(one) for one in bits], np.int64)
        strength = np.zeros((len(weighted.tokens), len(pool.slots)), np.float32)
        strength[:, kept] = maxsim_bits(
            weighted.tokens, np.concatenate(bits), np.cumsum(sizes) - sizes
        )
        lanes["late_main"] = self._covered(strength, weighted.token_weights, pool)

    def _shortlist(
        self, memory: Memory, lanes: Mapping[Lane, Floats], pool: _Pool, usable: Mask, count: int
    ) -> Ints:
        """Places of the best by the cheap lanes, while their tokens last, and their neighbours."""
        cheap = 0.5 * np.clip(lanes["main"], 0, 1) + lanes["words"] + lanes["grams"]
        order = np.argsort(-cheap, kind="stable")
        order = order[usable[order]][: max(self._formula.late_pool, count)]
        sizes = [memory.late["main"].count(slot) for slot in pool.slots[order].tolist()]
        within = np.minimum(sizes, self._formula.late_tokens // 4)
        order = order[np.cumsum(within) - within < self._formula.late_tokens]
        near = np.concatenate([order, *(column[order] for column in (*pool.before, *pool.after))])
        near = np.unique(near[near >= 0])
        return np.asarray(near[usable[near]], np.int64)

    def _late_multilingual(
        self,
        memory: Memory,
        question: Question,
        weighted: Weighted,
        pool: _Pool,
        lanes: dict[Lane, Floats],
    ) -> None:
        pieces = weighted.pieces
        usable = np.isin(pool.scripts, self._scripts("late_multilingual", question.script))
        if self._static is None or not len(pieces) or not usable.any():
            return
        members = np.flatnonzero(usable)
        ids, starts, having = memory.late["multilingual"].ids(pool.slots[members])
        if not len(ids):
            return
        distinct, place = np.unique(ids, return_inverse=True)
        cosine = self._static(pieces, distinct)[:, place]
        strength = np.zeros((len(pieces), len(pool.slots)), np.float32)
        strength[:, members[having]] = np.maximum.reduceat(cosine, starts, axis=1)
        lanes["late_multilingual"] = self._covered(strength, weighted.piece_weights, pool)

    def _scripts(self, lane: Lane, question: Script) -> list[int]:
        """Numbers of the scripts of items that a lane says something about."""
        return [
            number
            for number, script in enumerate(SCRIPTS)
            if self._formula.uses(lane, question, script)
        ]

    # The result

    def _ranked(
        self,
        memory: Memory,
        question: Question,
        weighted: Weighted,
        pool: _Pool,
        lanes: Mapping[Lane, Floats],
        windows: Mapping[Dense, npt.NDArray[np.int32]],
        extra: Mapping[str, Floats],
        allowed: int,
    ) -> Ranked:
        count = len(pool.slots)
        by_script = [PAIRS.index(pair(question.script, script)) for script in SCRIPTS]
        pairs = np.array(by_script, np.int8)[pool.scripts]
        shares: dict[str, Floats] = {lane: np.zeros(count, np.float32) for lane in LANES}
        cosine, window = np.zeros(count, np.float32), np.zeros(count, np.int32)
        for number, name in enumerate(PAIRS):
            members = np.flatnonzero(pairs == number)
            own = {lane: lanes[lane][members] for lane in LANES}
            for lane, share in fuse(own, self._formula.weights[name]).items():
                shares[lane][members] = share
            role = max(DENSE, key=lambda role: self._formula.weights[name].get(role, 0.0))
            cosine[members], window[members] = lanes[role][members], windows[role][members]
        fused = _sum([shares[lane] for lane in LANES])
        groups = memory.neighbours.groups(pool.slots)
        shares["session"] = session_share(fused, groups, self._formula.session)
        shares |= extra
        score = _sum([fused, shares["session"], *extra.values()])
        logit, log_odds = relevance(score, pairs, self._coefficients)
        rows = np.array([memory.catalogue.at(slot).row for slot in pool.slots.tolist()], np.int64)
        # Ties by row, so that pages are stable.
        order = np.lexsort((rows, -score, -logit))
        return Ranked(
            slots=pool.slots[order],
            pairs=pairs[order],
            relevance=probability(logit[order]),
            logit=logit[order],
            score=score[order],
            cosine=cosine[order],
            window=window[order],
            lanes={lane: values[order] for lane, values in lanes.items()},
            shares={term: values[order] for term, values in shares.items()},
            log_odds={term: values[order] for term, values in log_odds.items()},
            allowed=allowed,
            weighted=weighted,
        )


def _raise(found: dict[str, tuple[int, float]], terms: Mapping[str, int], weights: Floats) -> None:
    """Enter the terms' keys and weights where they are greater than what is there."""
    for (term, key), weight in zip(terms.items(), weights.tolist(), strict=True):
        if weight > found.get(term, (0, -1.0))[1]:
            found[term] = key, weight


def _sum(columns: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(columns, axis=0), np.float32)


def _columns(weights: Mapping[str, tuple[int, float]]) -> tuple[list[int], Floats]:
    keys = [key for key, _ in weights.values()]
    return keys, np.array([weight for _, weight in weights.values()], np.float32)
