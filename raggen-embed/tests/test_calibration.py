"""relevance.json, and what is made of it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.calibration import Calibration, Standing, log_odds, probability, relevance
from raggen_embed.fusion import PAIRS

Floats = npt.NDArray[np.float32]
CALIBRATION = Calibration.load()
MODELS = ["both", "main"]
scores = st.lists(st.floats(0, 1.5, width=32), min_size=1, max_size=60)


def floats(values: list[float]) -> Floats:
    return np.array(values, np.float32)


def test_the_file_is_well_formed() -> None:
    assert set(CALIBRATION.coefficients) == set(CALIBRATION.meaning) == set(MODELS)
    for models, own in CALIBRATION.coefficients.items():
        assert set(own) == set(CALIBRATION.meaning[models]) == set(PAIRS)
        assert all(math.isfinite(value) for one in own.values() for value in vars(one).values())
        assert all(0 < cosine < 1 for cosine in CALIBRATION.meaning[models].values())
    assert 0 < CALIBRATION.words.medium < CALIBRATION.words.high < 1
    minimum = CALIBRATION.minimum.of(np.array([True, False]))
    assert minimum.tolist() == [
        pytest.approx(CALIBRATION.minimum.message), pytest.approx(CALIBRATION.minimum.passage)
    ]  # fmt: skip
    assert (minimum > 0).all()
    assert (minimum < CALIBRATION.words.medium).all()


def test_words() -> None:
    high, medium = CALIBRATION.words.high, CALIBRATION.words.medium
    said = [CALIBRATION.word(r) for r in (1.0, high, high - 1e-9, medium, medium - 1e-9, 0.0)]
    assert said == ["high", "high", "medium", "medium", "low", "low"]


@given(scores, st.sampled_from(MODELS), st.sampled_from(range(len(PAIRS))))
def test_relevance_rises_with_the_score_within_a_list(
    values: list[float], models: str, number: int
) -> None:
    coefficients = CALIBRATION.coefficients["both" if models == "both" else "main"]
    score = np.sort(floats(values))
    logit, _ = relevance(score, np.full(len(score), number, np.int8), coefficients)
    assert (np.diff(logit) >= 0).all()
    # The better of two clearly different scores is clearly better, too.
    apart = np.diff(score) > 0.01
    assert (np.diff(logit)[apart] > 0.05).all()
    chances = probability(logit)
    assert ((chances >= 0) & (chances <= 1)).all()


@given(
    st.lists(st.tuples(st.floats(0, 1.5, width=32), st.integers(0, 2)), min_size=1, max_size=60),
    st.sampled_from(MODELS),
)
def test_the_logit_against_the_formula(items: list[tuple[float, int]], models: str) -> None:
    coefficients = CALIBRATION.coefficients["both" if models == "both" else "main"]
    score, pairs = floats([s for s, _ in items]), np.array([p for _, p in items], np.int8)
    logit, terms = relevance(score, pairs, coefficients)
    assert np.allclose(np.sum([*terms.values()], axis=0), logit, atol=1e-3)
    for place, (own, number) in enumerate(items):
        c = coefficients[PAIRS[number]]
        alike = sorted((s for s, p in items if p == number), reverse=True)
        level = (sum(alike[10:30]) + 0.2 * (20 - len(alike[10:30]))) / 20
        lead = alike[0] - (sum(alike[5:10]) + 0.2 * (5 - len(alike[5:10]))) / 5
        expected = (
            c.bias
            + c.score * own
            + c.gap * (own - alike[0])
            + c.background * level
            + c.lead * lead
            - c.floor_slope * max(0.0, c.floor - own)
        )
        assert float(logit[place]) == pytest.approx(expected, abs=1e-3)


def test_one_score_says_the_same_alone_and_in_its_list() -> None:
    """A sentence is put beside the items of the list it is a part of: better than the best counts
    as the best."""
    c = CALIBRATION.coefficients["both"]["latin"]
    terms = log_odds(floats([0.9, 0.5]), Standing(0.5, 0.2, 0.1), c)
    assert terms["gap"].tolist() == [0, 0]
    assert terms["score"][0] > terms["score"][1]


def test_the_best_of_nothing_is_nothing() -> None:
    """A memory of a few unrelated items has a best one too."""
    for number in range(len(PAIRS)):
        alike = np.full(3, number, np.int8)
        logit, _ = relevance(floats([0.12, 0.1, 0.05]), alike, CALIBRATION.coefficients["both"])
        assert probability(logit).max() < CALIBRATION.minimum.passage


def test_the_standing_of_lists_of_all_lengths() -> None:
    """Ranks that a list does not have are filled up with what scores by chance."""
    assert Standing.of(floats([1.0] * 10)).level == pytest.approx(0.2)
    assert Standing.of(floats([1.0] * 10 + [0.4] * 10)).level == pytest.approx(0.3)
    longer = Standing.of(floats([0.1] * 70 + [1.0] * 10 + [0.4] * 20))
    assert longer.level == pytest.approx(0.4)
    assert Standing.of(floats([0.9])).lead == pytest.approx(0.7)
    assert Standing.of(floats([0.9, 0.8])).lead == pytest.approx(0.7)


def test_saying_a_thing_five_times_does_not_hide_it() -> None:
    once = floats([0.8, *[0.2] * 20])
    often = floats([*[0.8] * 5, *[0.2] * 20])
    assert Standing.of(often).lead == pytest.approx(Standing.of(once).lead)
    assert Standing.of(floats([*[0.8] * 12, *[0.2] * 20])).lead == pytest.approx(0, abs=1e-6)


def test_probabilities_do_not_overflow() -> None:
    found = probability(floats([-1e4, -1.0, 0.0, 1.0, 1e4]))
    assert found.tolist() == pytest.approx([0, 1 / (1 + math.e), 0.5, 1 / (1 + 1 / math.e), 1])
