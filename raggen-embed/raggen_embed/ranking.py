"""From a question to its best items in one memory: candidates, lanes, fusion, relevance.

1. The dense lanes, the words and the 4-grams put forward their best; what stands beside these in a
   chat or a parent joins them.
2. Every lane scores all candidates exactly, each term lifted towards its neighbours'
   (strengths.py); the late lanes, the dearest, only the most promising ones.
3. fusion.py makes one score of the lanes, calibration.py a probability of the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.background import Background
from raggen_embed.calibration import Coefficients, probability, relevance
from raggen_embed.catalogue import Filter
from raggen_embed.fusion import (
    DENSE,
    LANES,
    PAIRS,
    Floats,
    Formula,
    Lane,
    Pair,
    asking,
    fuse,
    pair,
    pinned,
    recency,
    session_share,
)
from raggen_embed.lanes import Lanes
from raggen_embed.memory import Memory
from raggen_embed.pool import Pool, Slots, gather
from raggen_embed.question import Question
from raggen_embed.script import SCRIPTS
from raggen_embed.weighting import Weighted, weigh


@dataclass(frozen=True)
class Wanted:
    """What a search wants besides an answer.

    ``count``: how many results at least. ``recency`` from 0 to 1 and ``half_life`` in days weigh
    how new an item is at ``now`` (seconds since 1970). ``pinned``: rows that get a bonus.
    """

    where: Filter
    count: int
    recency: float = 0.0
    half_life: float = 30.0
    now: float = 0.0
    pinned: Sequence[int] = ()


@dataclass(frozen=True, eq=False)
class Ranked:
    """Candidates, best first: arrays [n].

    ``cosine`` and ``window`` are of the dense lane that ``pair`` (a number in PAIRS) weighs most.
    ``in_chat`` tells messages of conversations from passages. ``shares`` sum up to ``score``,
    ``log_odds`` to ``logit``. ``allowed`` items could have been found. ``weighted`` is the question
    as this memory sees it.
    """

    slots: Slots
    pairs: npt.NDArray[np.int8]
    in_chat: npt.NDArray[np.bool_]
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


class Ranker:
    """Ranks the items of memories by one formula and one calibration."""

    def __init__(
        self,
        formula: Formula,
        coefficients: Mapping[Pair, Coefficients],
        background: Background,
    ) -> None:
        self._formula = formula
        self._coefficients = coefficients
        self._background = background

    def rank(self, memory: Memory, question: Question, wanted: Wanted) -> Ranked:
        """The candidates for a question, best first."""
        mask = memory.catalogue.mask(wanted.where)
        weighted = weigh(memory, question, self._background)
        chosen = memory.catalogue.slots_of(wanted.pinned)
        pool = gather(self._formula, memory, question, weighted, mask, wanted.count, chosen)
        lanes = Lanes(self._formula, memory, question, weighted, pool, wanted.count)
        ages = memory.catalogue.ages(pool.slots, wanted.now)
        in_chat = memory.catalogue.in_chat(pool.slots)
        extra = {
            "asking": asking(memory.catalogue.asking(pool.slots), in_chat, self._formula.asking),
            "recency": recency(ages, wanted.half_life, wanted.recency),
            "pinned": pinned(np.isin(pool.slots, chosen)),
        }
        allowed = len(memory) if mask is None else int(np.count_nonzero(mask))
        return self._ranked(memory, question, weighted, pool, lanes, extra, allowed)

    def _ranked(
        self,
        memory: Memory,
        question: Question,
        weighted: Weighted,
        pool: Pool,
        lanes: Lanes,
        extra: Mapping[str, Floats],
        allowed: int,
    ) -> Ranked:
        count = len(pool.slots)
        by_script = [PAIRS.index(pair(question.script, script)) for script in SCRIPTS]
        pairs = np.array(by_script, np.int8)[pool.scripts]
        shares: dict[str, Floats] = {lane: np.zeros(count, np.float32) for lane in LANES}
        cosine, window = np.zeros(count, np.float32), np.zeros(count, np.int32)
        for number, name in enumerate(PAIRS):
            members = (pairs == number).nonzero()[0]
            if not len(members):
                continue
            own = {lane: lanes.scores[lane][members] for lane in LANES}
            for lane, share in fuse(own, self._formula.weights[name]).items():
                shares[lane][members] = share
            role = max(DENSE, key=lambda role: self._formula.weights[name].get(role, 0.0))
            cosine[members], window[members] = (
                lanes.scores[role][members],
                lanes.windows[role][members],
            )
        fused = _sum([shares[lane] for lane in LANES])
        groups = memory.neighbours.groups(pool.slots)
        shares["session"] = session_share(fused, groups, self._formula.session)
        shares |= extra
        score = _sum([fused, shares["session"], *extra.values()])
        logit, log_odds = relevance(score, pairs, self._coefficients)
        rows, _ = memory.catalogue.versions(pool.slots)
        # Ties by row, so that pages are stable.
        order = np.lexsort((rows, -score, -logit))
        return Ranked(
            slots=pool.slots[order],
            pairs=pairs[order],
            in_chat=memory.catalogue.in_chat(pool.slots)[order],
            relevance=probability(logit[order]),
            logit=logit[order],
            score=score[order],
            cosine=cosine[order],
            window=window[order],
            lanes={lane: values[order] for lane, values in lanes.scores.items()},
            shares={term: values[order] for term, values in shares.items()},
            log_odds={term: values[order] for term, values in log_odds.items()},
            allowed=allowed,
            weighted=weighted,
        )


def _sum(columns: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(columns, axis=0), np.float32)
