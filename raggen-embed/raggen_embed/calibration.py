"""Calibrated relevance: from a score in its list to the probability that the item is relevant."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from raggen_embed.fusion import PAIRS, Pair

Floats = NDArray[np.float32]
Models = Literal["both", "main"]
RelevanceWord = Literal["high", "medium", "low"]

BACKGROUND_RANKS: Final = (10, 30)  # ranks 11 … 30: what this collection scores by chance
CHANCE: Final = 0.2  # for ranks a short list does not have: a typical score by chance
# Behind which the best's lead is measured. Not the second: to say a thing five times is not to make
# it less relevant.
LEAD_RANKS: Final = (5, 10)


class Coefficients(BaseModel):
    """logit = bias + score·s + gap·(s − best) + background·level + lead·l − slope·max(0, floor − s)

    ``gap``, ``background`` and ``lead`` compare with the list: where the best is far ahead, it is
    likelier to be what was meant. The floor does not: the best of nothing is nothing. A large
    collection always holds something above the floor, a memory of five messages need not, and there
    "nothing relevant" is the normal answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    score: float
    gap: float
    background: float
    lead: float
    floor: float
    floor_slope: float


class Minimum(BaseModel):
    """The relevance from which on a result is shown unless the search says otherwise.

    Chats hold much that is nearly relevant, and a message too many costs a person's attention and a
    model's window; a passage of a document was put there to be found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    message: float
    passage: float

    def of(self, in_chat: NDArray[np.bool_]) -> Floats:
        """[n], of messages of conversations and of passages."""
        return np.where(in_chat, self.message, self.passage).astype(np.float32)


class Words(BaseModel):
    """From which relevance on a result is called high, or medium."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    high: float
    medium: float


class Calibration(BaseModel):
    """relevance.json: fitted numbers by models and pair of scripts, and where they come from.

    ``meaning`` is the cosine from which on two texts are called close in meaning.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    minimum: Minimum
    words: Words
    meaning: Mapping[Models, Mapping[Pair, float]]
    coefficients: Mapping[Models, Mapping[Pair, Coefficients]]

    @classmethod
    def load(cls) -> Calibration:
        """Read relevance.json, which ``python -m evaluation.study --fit`` writes."""
        text = (files("raggen_embed") / "relevance.json").read_text("utf-8")
        return cls.model_validate(json.loads(text))

    @staticmethod
    def kind(models: Container[str]) -> Models:
        """Which coefficients hold with the models that are switched on."""
        return "both" if "multilingual" in models else "main"

    def word(self, relevance: float) -> RelevanceWord:
        """The word for a relevance."""
        if relevance >= self.words.high:
            return "high"
        return "medium" if relevance >= self.words.medium else "low"


def _mean_of_ranks(scores: Floats, ranks: tuple[int, int]) -> float:
    """Mean score at these ranks, the list filled up with CHANCE where it is shorter."""
    first, last = ranks
    found = np.sort(scores)[::-1][first:last]
    return (float(found.sum()) + CHANCE * (last - first - len(found))) / (last - first)


@dataclass(frozen=True)
class Standing:
    """What a list of one pair of scripts says about each of its scores: the best of them, its
    background, and its lead."""

    best: float
    level: float
    lead: float

    @classmethod
    def of(cls, scores: Floats) -> Standing:
        """Of a list of at least one score."""
        best = float(scores.max())
        lead = best - _mean_of_ranks(scores, LEAD_RANKS)
        return cls(best, _mean_of_ranks(scores, BACKGROUND_RANKS), lead)


def log_odds(score: Floats, standing: Standing, coefficients: Coefficients) -> dict[str, Floats]:
    """The terms [n] whose sum is the logit of relevance.

    Args:
        score: float32[n], fused + session share + bonuses, of one pair of scripts.
        standing: of the list that they belong to.
        coefficients: of this pair.
    """
    c = coefficients
    return {
        "bias": np.full_like(score, c.bias),
        "score": np.float32(c.score) * score,
        "gap": np.float32(c.gap) * np.minimum(score - np.float32(standing.best), 0),
        "background": np.full_like(score, c.background * standing.level),
        "lead": np.full_like(score, c.lead * standing.lead),
        "floor": -np.float32(c.floor_slope) * np.maximum(np.float32(c.floor) - score, 0),
    }


def probability(logit: Floats) -> Floats:
    """σ(logit), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(logit / 2)), np.float32)


def relevance(
    score: Floats,
    pairs: NDArray[np.int8],
    coefficients: Mapping[Pair, Coefficients],
) -> tuple[Floats, dict[str, Floats]]:
    """Logits [n] of one candidate list, and the terms that they are the sums of.

    Within a pair they rise with the score. ``pairs`` [n] numbers each candidate's in PAIRS.
    """
    logit = np.zeros(len(score), np.float32)
    terms: dict[str, Floats] = {}
    for number, name in enumerate(PAIRS):
        members = np.flatnonzero(pairs == number)
        if not len(members):
            continue
        own = score[members]
        parts = log_odds(own, Standing.of(own), coefficients[name])
        for term, values in parts.items():
            terms.setdefault(term, np.zeros(len(score), np.float32))[members] = values
            logit[members] += values
    return logit, terms
