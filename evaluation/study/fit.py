"""Fits relevance.json: the logistic map from a result's score to its probability.

    python -m evaluation.study --sets FOLDER --fit raggen-embed/raggen_embed/relevance.json

Every set weighs the same within its kind. The figures reported for a set come from a fit on the
other half of its questions (even against odd).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from evaluation.metrics import expected_calibration_error
from evaluation.sets import RetrievalSet, SetError
from evaluation.study.models import Models
from evaluation.study.rows import Floats, Kind, Rows, all_rows
from raggen_embed.calibration import Calibration, Coefficients, Minimum
from raggen_embed.calibration import Models as Kinds
from raggen_embed.fusion import PAIRS

# Full sets are what the figures are measured on; small and foreign memories are what a new user
# has. The weights are set, not fitted: full sets count for somewhat more than the other two.
KIND_WEIGHT: Final[Mapping[Kind, float]] = {"full": 1.0, "small": 0.3, "foreign": 0.4}
RIDGE: Final = 1e-3
NEVER: Final = 1e9
# Of Newton's method: a step in one coefficient, so that few results, which hardly overlap, cannot
# throw it where every probability is 0 or 1; and how many there may be.
LONGEST: Final = 5.0
STEPS: Final = 200
Halves = tuple[Coefficients, Coefficients]


def logits(features: Floats, c: Coefficients) -> Floats:
    """[r] from features [r, 4]: calibration.log_odds, for results of many lists at once."""
    score, gap, level, lead = features.T
    floor = c.floor_slope * np.maximum(c.floor - score, 0)
    terms = c.bias + c.score * score + c.gap * gap + c.background * level + c.lead * lead
    return np.asarray(terms - floor)


def fit(
    features: Floats, relevant: Floats, weight: Floats, floor: tuple[float, float]
) -> Coefficients:
    """Weighted ridge logistic regression by Newton's method, over a given floor.

    A score may not count against itself: where it would, because background and lead say the same,
    it counts for nothing.
    """
    fitted = _fit(features, relevant, weight, floor, RIDGE)
    return fitted if fitted.score >= 0 else _fit(features, relevant, weight, floor, NEVER)


def _fit(
    features: Floats,
    relevant: Floats,
    weight: Floats,
    floor: tuple[float, float],
    against_score: float,
) -> Coefficients:
    x = np.column_stack([np.ones(len(features)), features])
    offset = -floor[1] * np.maximum(floor[0] - features[:, 0], 0)
    beta = np.zeros(x.shape[1])
    penalty = RIDGE * np.diag([1e-3, *np.ones(features.shape[1])])
    penalty[1, 1] = against_score
    for _ in range(STEPS):
        p = _probability(offset + x @ beta)
        gradient = x.T @ (weight * (relevant - p)) - penalty @ beta
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
        step = np.linalg.solve(hessian, gradient)
        longest = float(np.abs(step).max())
        beta += step * min(1.0, LONGEST / longest)
        if longest < 1e-8:
            break
    bias, score, gap, background, lead = (round(float(one), 3) for one in beta)
    return Coefficients(
        bias=bias,
        score=score,
        gap=gap,
        background=background,
        lead=lead,
        floor=floor[0],
        floor_slope=floor[1],
    )


def _probability(logit: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(logit / 2)))


def fit_pair(
    parts: Sequence[Rows], number: int, floor: tuple[float, float]
) -> tuple[Coefficients, Halves]:
    """Coefficients of a pair (its number in PAIRS), and those fitted without the even and without
    the odd questions."""
    members = [part.pairs == number for part in parts]
    # A set with a few stray results of another pair counts there for no more than these.
    shares: defaultdict[Kind, float] = defaultdict(float)
    for part, own in zip(parts, members, strict=True):
        shares[part.kind] += float(own.mean())
    weight = np.concatenate(
        [
            np.full(int(own.sum()), KIND_WEIGHT[part.kind] / shares[part.kind] / len(own))
            for part, own in zip(parts, members, strict=True)
            if own.any()
        ]
    )
    weight *= len(weight) / weight.sum()
    features, relevant, question = (
        np.concatenate([getattr(part, name)[own] for part, own in zip(parts, members, strict=True)])
        for name in ("features", "relevant", "question")
    )
    odd = question % 2 == 1
    without_even, without_odd = (
        fit(features[half], relevant[half], weight[half], floor) for half in (odd, ~odd)
    )
    return fit(features, relevant, weight, floor), (without_even, without_odd)


def reached(rows: Rows, halves: Mapping[int, Halves], minimum: Minimum) -> dict[str, float]:
    """What the coefficients fitted on the other half of the questions reach on a set."""
    stated = np.zeros(len(rows.relevant))
    for number, pair in halves.items():
        for parity, coefficients in enumerate(pair):
            own = (rows.pairs == number) & (rows.question % 2 == parity)
            stated[own] = _probability(logits(rows.features[own], coefficients))
    kept = stated >= (minimum.message if rows.in_chat else minimum.passage)
    happened = rows.relevant > 0
    return {
        "ece": round(expected_calibration_error(stated.tolist(), happened.tolist()), 4),
        "kept_at_default": round(100 * float(kept[happened].mean()), 2),
        "items_a_query": round(float(kept.sum()) / len(np.unique(rows.question)), 2),
    }


def fit_models(
    rows: Sequence[Rows], kind: Kinds, present: Calibration
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """Coefficients by pair of scripts for one choice of models, and the report by set.

    Floor and minimum are those of ``present``.

    Raises:
        SetError: no set has results of one of the pairs.
    """
    coefficients: dict[str, dict[str, float]] = {}
    halves: dict[int, Halves] = {}
    for number, pair in enumerate(PAIRS):
        if not any((part.pairs == number).any() for part in rows):
            raise SetError(
                f"no set asks {pair}: the calibration needs sets of all pairs of scripts"
            )
        before = present.coefficients[kind][pair]
        floor = before.floor, before.floor_slope
        fitted, halves[number] = fit_pair(rows, number, floor)
        coefficients[pair] = fitted.model_dump()
    report = {
        f"{kind}/{one.set_name}": reached(one, halves, present.minimum)
        for one in rows
        if one.kind == "full"
    }
    return coefficients, report


def fit_file(
    sets: Sequence[RetrievalSet], variants: Sequence[Models], out: Path
) -> dict[str, dict[str, float]]:
    """Write the product's relevance.json; return the report.

    What is not fitted (the floors below which even the best of a list is noise, the minima, the
    words for a relevance, the cosines called close) is kept from the file that the product has.

    Args:
        sets: of every pair of scripts.
        variants: choices of models, the first with all of them.
        out: where the file goes.

    Raises:
        SetError: the sets do not hold every pair of scripts.
    """
    coefficients: dict[str, Any] = {}
    report: dict[str, dict[str, float]] = {}
    fingerprints: dict[str, str] = {}
    present = Calibration.load()
    for models, rows in zip(variants, all_rows(sets, variants), strict=True):
        kind = Calibration.kind(models.dimensions)
        coefficients[kind], reached_by = fit_models(rows, kind, present)
        report |= reached_by
        fingerprints |= models.fingerprints
    kept = present.model_dump(include={"minimum", "words", "meaning"})
    document = {
        **kept,
        "coefficients": coefficients,
        "provenance": {
            "command": "python -m evaluation.study --sets FOLDER --fit FILE",
            "sets": [one.name for one in sets],
            "models": fingerprints,
            "cross_fitted": report,
        },
    }
    Calibration.model_validate(document)
    out.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return report
