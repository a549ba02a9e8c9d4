"""Calibrated relevance: from a score in its list to the probability that the item is relevant."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
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
BACKGROUND_DEFAULT: Final = 0.2  # for ranks a short list does not have: a typical chance score


class Coefficients(BaseModel):
    """logit = bias + score·s + gap·(s − best) + background·level + message·[said in a conversation]
    − floor_slope·max(0, floor − s)

    ``gap`` and ``background`` compare with the list; the floor does not: the best of nothing is
    nothing. A large collection always holds something above the floor, a memory of five messages
    need not, and there "nothing relevant" is the normal answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bias: float
    score: float
    gap: float
    background: float
    message: float
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


def background_level(scores: Floats) -> float:
    """Mean score at BACKGROUND_RANKS, the list filled up with the default where it is shorter."""
    first, last = BACKGROUND_RANKS
    tail = np.sort(scores)[::-1][first:last]
    missing = last - first - len(tail)
    return (float(tail.sum()) + BACKGROUND_DEFAULT * missing) / (last - first)


def log_odds(
    score: Floats,
    in_chat: NDArray[np.bool_],
    best: float,
    level: float,
    coefficients: Coefficients,
) -> dict[str, Floats]:
    """The terms [n] whose sum is the logit of relevance.

    Args:
        score: float32[n], fused + session share + bonuses, of one pair of scripts.
        in_chat: bool[n], which are messages of conversations.
        best: the best score of the list.
        level: its ``background_level``.
        coefficients: of this pair.
    """
    c = coefficients
    return {
        "bias": np.full_like(score, c.bias),
        "score": np.float32(c.score) * score,
        "gap": np.float32(c.gap) * np.minimum(score - np.float32(best), 0),
        "background": np.full_like(score, c.background * level),
        "message": np.float32(c.message) * in_chat,
        "floor": -np.float32(c.floor_slope) * np.maximum(np.float32(c.floor) - score, 0),
    }


def probability(logit: Floats) -> Floats:
    """σ(logit), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(logit / 2)), np.float32)


def relevance(
    score: Floats,
    pairs: NDArray[np.int8],
    in_chat: NDArray[np.bool_],
    coefficients: Mapping[Pair, Coefficients],
) -> tuple[Floats, dict[str, Floats]]:
    """Logits [n] of one candidate list, and the terms that they are the sums of.

    Within a pair they rise with the score. ``pairs`` [n] numbers each candidate's in PAIRS,
    ``in_chat`` [n] tells messages from passages.
    """
    logit = np.zeros(len(score), np.float32)
    terms: dict[str, Floats] = {}
    for number, name in enumerate(PAIRS):
        members = np.flatnonzero(pairs == number)
        if not len(members):
            continue
        own = score[members]
        best, level = float(own.max()), background_level(own)
        parts = log_odds(own, in_chat[members], best, level, coefficients[name])
        for term, values in parts.items():
            terms.setdefault(term, np.zeros(len(score), np.float32))[members] = values
            logit[members] += values
    return logit, terms
