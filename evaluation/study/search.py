"""The whole search path over one memory: candidates, lanes, fusion, relevance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.study.background import term_weight
from evaluation.study.fusion import (
    POOL,
    WEIGHTS,
    WEIGHTS_MINILM_ONLY,
    Lane,
    fuse,
    pair,
    session_share,
    shortlist,
)
from evaluation.study.memory import Memory, Models
from evaluation.study.minilm import MiniLMQuestion
from evaluation.study.multilingual import MultilingualQuestion
from evaluation.study.postings import Postings
from evaluation.study.relevance import Calibration, relevance
from evaluation.study.script import CYRILLIC, Script, script
from evaluation.study.strengths import Floats, Ints, coverage, lift, maxsim_bits
from evaluation.study.terms import grams, stems

Encoded = tuple[MiniLMQuestion, MultilingualQuestion | None]
Questions = dict[str, Encoded]
Part = Lane | Literal["lift", "session share", "neighbours", "shortlist"]


@dataclass(frozen=True, eq=False)
class Asked:
    """A question encoded; `weight` is 1 for the question itself, less for an earlier turn."""

    text: str
    minilm: MiniLMQuestion
    multilingual: MultilingualQuestion | None
    weight: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """Candidates best first: items [n] (rows of the memory), relevance [n], score [n]."""

    items: Ints
    relevance: Floats
    score: Floats


@dataclass(frozen=True, eq=False)
class _Pool:
    """Candidates (sorted rows of the memory), their scripts, their neighbours' columns."""

    items: Ints
    scripts: NDArray[np.str_]
    before: list[Ints]
    after: list[Ints]


@dataclass
class Search:
    """Searches one memory; `off` names parts that are switched off."""

    memory: Memory
    models: Models
    calibration: Calibration = field(default_factory=Calibration.load)
    off: frozenset[Part] = frozenset()
    questions: Questions = field(default_factory=dict)  # encoded before, to share between searches

    def find(
        self,
        text: str,
        allowed: Ints | None = None,
        previous: str | None = None,
        previous_weight: float = 0.0,
    ) -> Ranking:
        """Rank the candidates for a question, optionally with an earlier turn it points to."""
        said = [(text, 1.0)] + ([(previous, previous_weight)] if previous else [])
        asked = [Asked(one, *self._encoded(one), weight) for one, weight in said]
        language = script(text)
        cosines = self._cosines(asked)
        words, fourgrams = self._word_weights(asked), self._gram_weights(asked, language)
        by_terms = [self.memory.words.scores(words), self.memory.grams.scores(fourgrams)]
        pool = self._pool([*cosines.values(), *by_terms], allowed)
        lanes = {lane: cosine[pool.items] for lane, cosine in cosines.items()}
        lanes["words"] = self._lexical(self.memory.words, words, pool)
        lanes["grams"] = self._lexical(self.memory.grams, fourgrams, pool)
        lanes["late_minilm"] = self._late_minilm(asked, language, lanes, pool)
        if self.models.multilingual:
            lanes["late_multilingual"] = self._late_multilingual(asked, pool)
        return self._ranking(lanes, language, pool)

    def _encoded(self, text: str) -> Encoded:
        if text not in self.questions:
            other = self.models.multilingual
            second = other.question(text) if other else None
            self.questions[text] = self.models.minilm.question(text), second
        return self.questions[text]

    def _cosines(self, asked: list[Asked]) -> dict[Lane, Floats]:
        """[n] each: vectors of the turns added up by weight, then normalised."""
        total = np.sum([one.weight * one.minilm.vector for one in asked], axis=0)
        cosines: dict[Lane, Floats] = {
            "minilm": self.memory.minilm.vectors @ (total / np.linalg.norm(total))
        }
        others = [one.weight * one.multilingual.vector for one in asked if one.multilingual]
        if others:
            total = np.sum(others, axis=0)
            cosines["multilingual"] = self.memory.multilingual.vectors @ (
                total / np.linalg.norm(total)
            )
        return cosines

    def _word_weights(self, asked: list[Asked]) -> dict[str, float]:
        """Weights by term, the greatest over the turns."""
        weights: dict[str, float] = {}
        for one in asked:
            for term in stems(one.text):
                own: Script = "cyrillic" if CYRILLIC.search(term) else "latin"
                weight = one.weight * term_weight(
                    self.memory.words.frequency(term),
                    self.memory.by_script[own],
                    self.memory.background.stems.get(term, 0.0),
                )
                weights[term] = max(weights.get(term, 0.0), float(weight))
        return weights

    def _gram_weights(self, asked: list[Asked], language: Script) -> dict[str, float]:
        weights: dict[str, float] = {}
        common = self.memory.background.grams[language]
        for one in asked:
            for term in grams(one.text):
                frequency = self.memory.grams.frequency(term)
                weight = term_weight(frequency, self.memory.count, common.get(term, 0.0))
                weights[term] = max(weights.get(term, 0.0), one.weight * float(weight))
        return weights

    def _pool(self, lanes: list[Floats], allowed: Ints | None) -> _Pool:
        """The POOL best of each lane and their neighbours."""
        rows = np.arange(self.memory.count) if allowed is None else allowed
        size = min(POOL, len(rows))
        best = [rows[np.argpartition(-scores[rows], size - 1)[:size]] for scores in lanes]
        items = np.unique(np.concatenate(best))
        if "neighbours" not in self.off:
            items = self.memory.with_neighbours(items)
        return _Pool(items, self.memory.scripts[items], *self.memory.columns(items))

    def _covered(self, strength: Floats, weight: Floats, pool: _Pool) -> Floats:
        if "lift" not in self.off:
            strength = lift(strength, pool.before, pool.after)
        return coverage(strength, weight)

    def _lexical(self, postings: Postings, weights: Mapping[str, float], pool: _Pool) -> Floats:
        strength = postings.strengths(list(weights), pool.items)
        return self._covered(strength, np.array([*weights.values()], np.float32), pool)

    def _late_minilm(
        self, asked: list[Asked], language: Script, lanes: Mapping[Lane, Floats], pool: _Pool
    ) -> Floats:
        """[pool]; 0 outside the shortlist and where the fusion gives the lane no weight."""
        wanted = pool.scripts == language
        if "shortlist" not in self.off:
            wanted &= shortlist(lanes, pool.before, pool.after)
        if self.models.multilingual and language == "cyrillic":
            wanted[:] = False
        offsets = self.memory.minilm.offsets
        columns = np.flatnonzero(wanted & (np.diff(offsets)[pool.items] > 0))
        if not len(columns):
            return np.zeros(len(pool.items), np.float32)
        rows, starts = _rows(offsets, pool.items[columns])
        tokens = np.concatenate([one.minilm.tokens for one in asked])
        ids = np.concatenate([one.minilm.ids for one in asked])
        decay = np.concatenate([np.full(len(one.minilm.ids), one.weight) for one in asked])
        weight = decay * term_weight(
            self.memory.wordpiece_frequency[ids],
            self.memory.count,
            self.memory.background.wordpieces[ids],
        )
        strength = np.zeros((len(ids), len(pool.items)), np.float32)
        strength[:, columns] = maxsim_bits(tokens, self.memory.minilm.bits[rows], starts)
        return self._covered(strength, weight.astype(np.float32), pool)

    def _late_multilingual(self, asked: list[Asked], pool: _Pool) -> Floats:
        memory, background = self.memory, self.memory.background
        said = [(one.multilingual, one.weight) for one in asked if one.multilingual]
        ids = np.concatenate([one.pieces for one, _ in said])
        decay = np.concatenate([np.full(len(one.pieces), weight) for one, weight in said])
        of_script = np.where(
            background.piece_is_cyrillic[ids],
            memory.by_script["cyrillic"],
            memory.by_script["latin"],
        )
        frequency = memory.piece_frequency[ids].astype(np.float32)
        weight = decay * term_weight(frequency, of_script, background.pieces[ids])
        rows, starts = _rows(memory.multilingual.offsets, pool.items)
        distinct, place = np.unique(
            memory.piece_row[memory.multilingual.pieces[rows]], return_inverse=True
        )
        tokens = np.concatenate([one.tokens for one, _ in said])
        cosine = (tokens @ memory.piece_vectors[distinct].T)[:, place]
        strength = np.maximum.reduceat(cosine, starts, axis=1)
        return self._covered(strength, weight.astype(np.float32), pool)

    def _ranking(self, lanes: Mapping[Lane, Floats], language: Script, pool: _Pool) -> Ranking:
        pairs = np.array([pair(language, own) for own in pool.scripts])
        table = WEIGHTS if self.models.multilingual else WEIGHTS_MINILM_ONLY
        fused = np.zeros(len(pool.items), np.float32)
        for name, weights in table.items():
            members = pairs == name
            kept = {lane: weight for lane, weight in weights.items() if lane not in self.off}
            for share in fuse({lane: lanes[lane][members] for lane in kept}, kept).values():
                fused[members] += share
        score = fused
        if "session share" not in self.off:
            score = fused + session_share(fused, self.memory.group[pool.items])
        models: Literal["both", "minilm"] = "both" if self.models.multilingual else "minilm"
        probability = relevance(score, pairs, models, self.calibration)
        order = np.lexsort((pool.items, -score, -probability))
        return Ranking(pool.items[order], probability[order], score[order])


def _rows(offsets: Ints, items: Ints) -> tuple[Ints, Ints]:
    """The rows of some items in a flat array, and where each item's begin among these."""
    lengths = offsets[items + 1] - offsets[items]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    rows = np.arange(starts[-1]) + np.repeat(offsets[items] - starts[:-1], lengths)
    return rows, starts[:-1]
