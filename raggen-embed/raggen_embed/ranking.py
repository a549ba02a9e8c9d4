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
Script = Literal["latin", "cyrillic"]
RelevanceWord = Literal["high", "medium", "low"]


class Coefficients(BaseModel):
    """p = σ(intercept + cosine·cos + coverage·cov), for questions in one script."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intercept: float
    cosine: float
    coverage: float


class Words(BaseModel):
    """From which relevance on a result is called high, or medium."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    high: float
    medium: float


class Calibration(BaseModel):
    """relevance.json: fitted numbers, and where they come from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    scripts: Mapping[Script, Coefficients]
    min_relevance: float
    words: Words
    meaning_cosine: Mapping[Script, float]


def load_calibration() -> Calibration:
    """Read relevance.json, which evaluation/fit_relevance.py writes."""
    text = (files("raggen_embed") / "relevance.json").read_text("utf-8")
    return Calibration.model_validate(json.loads(text))


def logits(
    calibration: Calibration, script: Script, cosines: AnyFloats, coverages: AnyFloats
) -> Floats:
    """The log-odds of relevance, float64[n], from cosines and coverages of the same length."""
    c = calibration.scripts[script]
    cosine, coverage = np.asarray(cosines, np.float64), np.asarray(coverages, np.float64)
    return c.intercept + c.cosine * cosine + c.coverage * coverage


def probability(logit: Floats) -> Floats:
    """σ(logit), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(logit / 2)))


def relevance(
    calibration: Calibration, script: Script, cosines: AnyFloats, coverages: AnyFloats
) -> Floats:
    """The calibrated probability that each candidate is relevant, float64[n]."""
    return probability(logits(calibration, script, cosines, coverages))


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
