"""Calibrated relevance: from a score in its list to the probability that the item is relevant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.study.fusion import PAIRS, Pair

Floats = NDArray[np.float32]
Models = Literal["both", "minilm"]

FILE: Final = Path(__file__).parent / "relevance.json"
BACKGROUND_RANKS: Final = (10, 30)  # ranks 11 … 30: what this collection scores by chance
BACKGROUND_DEFAULT: Final = 0.2  # for ranks a short list does not have: a typical chance score


@dataclass(frozen=True)
class Calibration:
    """Coefficients by set of models and pair of scripts, from the file `fit.py` writes:

    logit = bias + score·s + gap·(s − best) + background·level − floor_slope·max(0, floor − s)

    `gap` and `background` compare with the list; the floor does not: the best of nothing is
    nothing. A large collection always holds something above the floor, a memory of five messages
    need not, and there "nothing relevant" is the normal answer.
    """

    default_minimum: float
    coefficients: Mapping[str, Mapping[str, Mapping[str, float]]]

    @classmethod
    def load(cls, path: Path = FILE) -> Calibration:
        """Read relevance.json."""
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return cls(data["default_minimum"], data["coefficients"])


def background_level(scores: Floats) -> float:
    """Mean score at BACKGROUND_RANKS, the list filled up with the default where it is shorter."""
    first, last = BACKGROUND_RANKS
    tail = np.sort(scores)[::-1][first:last]
    missing = last - first - len(tail)
    return (float(tail.sum()) + BACKGROUND_DEFAULT * missing) / (last - first)


def relevance(
    score: Floats, pairs: NDArray[np.str_], models: Models, calibration: Calibration
) -> Floats:
    """[n] probabilities of one candidate list; within a pair they rise with the score.

    `score` [n] = fused + session share + bonuses; `pairs` [n] holds each candidate's `Pair`.
    """
    out = np.zeros(len(score), np.float32)
    for name in PAIRS:
        members = np.flatnonzero(pairs == name)
        if len(members):
            out[members] = _of_pair(score[members], name, models, calibration)
    return out


def _of_pair(s: Floats, name: Pair, models: Models, calibration: Calibration) -> Floats:
    c = calibration.coefficients[models][name]
    logit = c["bias"] + c["score"] * s + c["gap"] * (s - s.max())
    logit = logit + c["background"] * background_level(s)
    logit = logit - c["floor_slope"] * np.maximum(c["floor"] - s, 0)
    return np.asarray(1 / (1 + np.exp(-logit)), np.float32)
