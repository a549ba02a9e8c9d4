"""How relevant something is: pure functions from the lanes' scores to a calibrated probability."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

Floats = npt.NDArray[np.float64]
AnyFloats = npt.NDArray[np.float32] | npt.NDArray[np.float64]
STANDING = 5
MAX_STANDOUT = 0.25
Script = Literal["latin", "cyrillic"]
RelevanceWord = Literal["high", "medium", "low"]


class Coefficients(BaseModel):
    """p = σ(intercept + cosine·cos + coverage·cov + standout·out), for questions in one script.

    ``out`` is how far the cosine lies above ``floor`` and above the fifth-best one, at most
    MAX_STANDOUT. It finds the paraphrase without a common word, whose cosine of .4 means much among
    messages at .1 and little among people who always talk about the same. The fifth, so that saying
    a thing four times does not hide it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intercept: float
    cosine: float
    coverage: float
    standout: float
    floor: float


class Words(BaseModel):
    """From which relevance on a result is called high, or medium."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    high: float
    medium: float


class Calibration(BaseModel):
    """relevance.json: fitted numbers, and where they come from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    scripts: Mapping[Script, Coefficients]
    min_relevance: Mapping[Script, float]
    words: Words
    meaning_cosine: Mapping[Script, float]


def load_calibration() -> Calibration:
    """Read relevance.json, which evaluation/fit_relevance.py writes."""
    text = (files("raggen_embed") / "relevance.json").read_text("utf-8")
    return Calibration.model_validate(json.loads(text))


def background(floor: float, cosines: AnyFloats) -> float:
    """The cosine that something must be above to stand out among ``cosines``, the candidates'."""
    if len(cosines) < STANDING:
        return floor
    return max(floor, float(np.partition(cosines, -STANDING)[-STANDING]))


def standout(cosines: Floats, background: float) -> Floats:
    """How far cosines lie above the background, from 0 to MAX_STANDOUT."""
    return np.clip(cosines - background, 0, MAX_STANDOUT)


def logits(
    calibration: Calibration,
    script: Script,
    cosines: AnyFloats,
    coverages: AnyFloats,
    background: float,
) -> Floats:
    """The log-odds of relevance, float64[n], from cosines and coverages of the same length."""
    c = calibration.scripts[script]
    cosine, coverage = np.asarray(cosines, np.float64), np.asarray(coverages, np.float64)
    out = standout(cosine, background)
    return c.intercept + c.cosine * cosine + c.coverage * coverage + c.standout * out


def probability(logit: Floats) -> Floats:
    """σ(logit), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(logit / 2)))


def order(relevances: Floats, rows: npt.NDArray[np.int64], minimum: float) -> npt.NDArray[np.intp]:
    """Indices of those that reach the minimum, best first; ties by row, so that pages are
    stable."""
    ranked = np.lexsort((rows, -relevances))
    return ranked[relevances[ranked] >= minimum]


def relevance_word(calibration: Calibration, value: float) -> RelevanceWord:
    """The word for a relevance."""
    if value >= calibration.words.high:
        return "high"
    return "medium" if value >= calibration.words.medium else "low"
