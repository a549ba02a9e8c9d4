"""Fits relevance.json: the logistic map from a result's score to its probability.

    python -m evaluation.study --sets FOLDER --fit evaluation/study/relevance.json

Every set weighs the same within its kind. The error reported for a set comes from a fit on the
other half of its questions (even against odd).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics import expected_calibration_error
from evaluation.sets import RetrievalSet
from evaluation.study.fusion import PAIRS, Pair
from evaluation.study.memory import Models
from evaluation.study.relevance import BACKGROUND_DEFAULT, BACKGROUND_RANKS
from evaluation.study.rows import Rows, foreign_rows, own_rows

Floats = NDArray[np.float64]

FEATURES: Final = ("score", "gap", "background")
# Full sets are what the figures are measured on; small and foreign memories are what a new user
# has. The weights are set, not fitted: full sets count for somewhat more than the other two.
KIND_WEIGHT: Final = {"full": 1.0, "small": 0.3, "foreign": 0.4}
RIDGE: Final = 1e-3
DEFAULT_MINIMUM: Final = 0.01
# Not fitted: below these scores even the best of a list is noise. 1 % of the relevant results of
# the sets measured score below .34 (Latin), .235 (Cyrillic), .18 (across). Across scripts without
# the multilingual encoder only shared spellings count, on another scale: no floor there.
FLOOR: Final[Mapping[tuple[str, Pair], tuple[float, float]]] = {
    ("both", "latin"): (0.25, 40.0),
    ("both", "cyrillic"): (0.225, 60.0),
    ("both", "cross"): (0.19, 120.0),
    ("minilm", "latin"): (0.25, 40.0),
    ("minilm", "cyrillic"): (0.225, 60.0),
    ("minilm", "cross"): (0.0, 0.0),
}


def probability(features: Floats, beta: Floats) -> Floats:
    """[r] from features [r, f] and coefficients [1 + f], the bias first."""
    return np.asarray(1 / (1 + np.exp(-(beta[0] + features @ beta[1:]))))


def logistic(features: Floats, relevant: Floats, weight: Floats) -> Floats:
    """Weighted ridge logistic regression by Newton's method: coefficients [1 + f]."""
    x = np.column_stack([np.ones(len(features)), features])
    beta = np.zeros(x.shape[1])
    penalty = RIDGE * np.diag([0.0, *np.ones(features.shape[1])])
    for _ in range(50):
        p = probability(features, beta)
        gradient = x.T @ (weight * (relevant - p)) - penalty @ beta
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def fit_pair(parts: Sequence[Rows]) -> tuple[Floats, dict[str, dict[str, float]]]:
    """Coefficients of one pair of scripts, and by set what the cross-fitted ones reach."""
    features = np.concatenate([part.features for part in parts])
    relevant = np.concatenate([part.relevant for part in parts])
    half = np.concatenate([part.question for part in parts]) % 2
    kinds = [part.kind for part in parts]
    weight = np.concatenate(
        [
            np.full(len(one.relevant), KIND_WEIGHT[one.kind] / kinds.count(one.kind))
            / len(one.relevant)
            for one in parts
        ]
    )
    weight *= len(weight) / weight.sum()
    other = [
        logistic(features[half != own], relevant[half != own], weight[half != own])
        for own in (0, 1)
    ]
    report = {one.set_name: _reached(one, other) for one in parts if one.kind == "full"}
    return logistic(features, relevant, weight), report


def _reached(rows: Rows, other: Sequence[Floats]) -> dict[str, float]:
    """Without the floor, which touches about one relevant result in a hundred."""
    even, odd = (probability(rows.features, beta) for beta in other)
    stated = np.where(rows.question % 2 == 0, even, odd)
    kept = stated >= DEFAULT_MINIMUM
    happened = rows.relevant > 0
    return {
        "ece": round(expected_calibration_error(stated.tolist(), happened.tolist()), 4),
        "kept_at_default": round(100 * float(kept[happened].mean()), 2),
        "items_a_query": round(float(kept.sum()) / len(np.unique(rows.question)), 2),
    }


def fit_file(
    sets: Sequence[RetrievalSet], variants: Mapping[str, Models], out: Path
) -> dict[str, dict[str, float]]:
    """Write the calibration for every pair of scripts the sets hold; return the report."""
    coefficients: defaultdict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    report: dict[str, dict[str, float]] = {}
    for models in variants.values():
        name = "both" if models.multilingual else "minilm"
        rows = [
            part
            for one in sets
            for part in (*own_rows(one, models), *foreign_rows(one, sets, models))
        ]
        for pair in PAIRS:
            parts = [part for part in rows if part.pair == pair]
            if not parts:
                continue
            beta, reached = fit_pair(parts)
            floor, slope = FLOOR[name, pair]
            fitted = {
                key: round(float(b), 3) for key, b in zip(("bias", *FEATURES), beta, strict=True)
            }
            coefficients[name][pair] = fitted | {"floor": floor, "floor_slope": slope}
            report |= {f"{name}/{set_name}": line for set_name, line in reached.items()}
    document: dict[str, Any] = {
        "default_minimum": DEFAULT_MINIMUM,
        "background_ranks": BACKGROUND_RANKS,
        "background_default": BACKGROUND_DEFAULT,
        "coefficients": coefficients,
        "provenance": {
            "command": "python -m evaluation.study --sets FOLDER --fit FILE",
            "half": "development",
            "cross_fitted": report,
        },
    }
    out.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return report
