"""The formula's pure parts: shares, sessions, bonuses, lifts and weights."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.background import term_weight
from raggen_embed.fusion import (
    BOTH_MODELS,
    LANES,
    MAIN_ONLY,
    PAIRS,
    Formula,
    Lane,
    asking,
    fuse,
    pair,
    pinned,
    recency,
    session_share,
)
from raggen_embed.script import SCRIPTS
from raggen_embed.strengths import coverage, lift

Floats = npt.NDArray[np.float32]
shares = st.floats(-1, 1, width=32)
scored = st.lists(st.tuples(shares, st.integers(-1, 1)), max_size=30)


def floats(values: list[float]) -> Floats:
    return np.array(values, np.float32)


def test_every_weighting_sums_to_one() -> None:
    """So that scores mean the same in every pair of scripts, with one model and with two."""
    for weights in (BOTH_MODELS, MAIN_ONLY):
        assert set(weights) == set(PAIRS)
        for own in weights.values():
            assert sum(own.values()) == pytest.approx(1)
            assert set(own) <= set(LANES)
    assert not any("multilingual" in lane for own in MAIN_ONLY.values() for lane in own)
    assert [pair(q, i) for q in SCRIPTS for i in SCRIPTS] == ["latin", "cross", "cross", "cyrillic"]


def test_what_is_kept_is_what_some_question_uses() -> None:
    formula = Formula.of({"main": 384, "multilingual": 512})
    kept = {(lane, script) for lane in LANES for script in SCRIPTS if formula.keeps(lane, script)}
    assert kept == {
        ("late_main", "latin"), ("main", "latin"),
        *((lane, script) for lane in ("late_multilingual", "multilingual") for script in SCRIPTS),
        *((lane, script) for lane in ("words", "grams") for script in SCRIPTS),
    }  # fmt: skip
    assert Formula.of({"main": 384}).keeps("main", "cyrillic")
    assert not Formula.of({"main": 384}).keeps("multilingual", "cyrillic")


@given(st.lists(st.tuples(*[shares] * len(LANES)), min_size=1, max_size=9), st.sampled_from(PAIRS))
def test_fused_scores_are_absolute(rows: list[tuple[float, ...]], name: str) -> None:
    """An item's fused score does not depend on which others are there, and lies in [0, 1]."""
    weights = next(own for known, own in BOTH_MODELS.items() if known == name)

    def fused(some: list[tuple[float, ...]]) -> Floats:
        lanes: dict[Lane, Floats] = {
            lane: floats([row[number] for row in some]) for number, lane in enumerate(LANES)
        }
        parts = fuse(lanes, weights)
        assert set(parts) == set(weights)
        return np.asarray(sum(parts.values()), np.float32)

    together = fused(rows)
    assert together.tolist() == [float(fused([row])[0]) for row in rows]
    for row, score in zip(rows, together.tolist(), strict=True):
        plain = sum(
            weights.get(lane, 0) * max(value, 0) for lane, value in zip(LANES, row, strict=True)
        )
        assert score == pytest.approx(plain, abs=1e-6)
        assert 0 <= score <= 1 + 1e-6


@given(scored)
def test_the_session_share_against_a_loop(items: list[tuple[float, int]]) -> None:
    fused, group = floats([score for score, _ in items]), np.array([g for _, g in items], np.int64)
    found = session_share(fused, group, 0.2)
    assert found.dtype == np.float32
    for (score, own), share in zip(items, found.tolist(), strict=True):
        if own == -1:
            assert share == pytest.approx(0.2 * score, abs=1e-6)
            continue
        best = sorted((max(s, 0) for s, g in items if g == own), reverse=True)[:3]
        assert share == pytest.approx(0.2 * sum(best) / 3, abs=1e-6)


@given(
    st.floats(-1e5, 1e5, width=32) | st.just(math.nan),
    st.floats(0.01, 36_500),
    st.floats(-1, 2),
)
def test_recency_is_bounded_and_halves(age: float, half_life: float, strength: float) -> None:
    bonus = float(recency(floats([age]), half_life, strength)[0])
    assert 0 <= bonus <= np.float32(0.05)
    if math.isnan(age) or strength <= 0:
        assert bonus == 0
        return
    if age <= 0:
        assert bonus == pytest.approx(0.05 * min(strength, 1))
    later = float(recency(floats([max(age, 0) + half_life]), half_life, strength)[0])
    assert later == pytest.approx(bonus / 2, rel=1e-2, abs=1e-7)


def test_asking_takes_from_messages_alone() -> None:
    in_chat = np.array([True, True, True, False])
    found = asking(floats([0, 0.5, 1, 1]), in_chat, 0.08)
    assert found.tolist() == pytest.approx([0, -0.04, -0.08, 0])


def test_pinned_is_bounded() -> None:
    is_pinned = np.array([True, False])
    assert pinned(is_pinned).tolist() == [np.float32(0.1), 0]
    assert pinned(is_pinned, 7.0).tolist() == [np.float32(0.1), 0]
    assert pinned(is_pinned, 0).tolist() == pinned(is_pinned, -1).tolist() == [0, 0]


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=7))
def test_lift_raises_towards_the_better_neighbour(row: list[float]) -> None:
    """First one place away, then two: what the first step made is what the second looks at."""
    count = len(row)

    def place(at: int) -> int:
        return at if 0 <= at < count else -1

    before = [np.array([place(at - away) for at in range(count)]) for away in (1, 2)]
    after = [np.array([place(at + away) for at in range(count)]) for away in (1, 2)]
    found = lift(floats(row)[None, :], before, after)[0]
    expected = row
    for share, away in ((0.5, 1), (0.3, 2)):
        best = [
            max([row[at] for at in (n - away, n + away) if 0 <= at < count], default=0.0)
            for n in range(count)
        ]
        expected = [own + share * max(0.0, b - own) for own, b in zip(expected, best, strict=True)]
    assert found.tolist() == pytest.approx(expected, abs=1e-6)


def test_coverage_is_a_weighted_mean() -> None:
    strength = np.array([[1, 0.5, 0], [1, 0, 0]], np.float32)
    assert coverage(strength, floats([3, 1])).tolist() == [1, 0.375, 0]
    assert coverage(strength, floats([0, 0])).tolist() == [0, 0, 0]
    assert coverage(np.zeros((0, 3), np.float32), floats([])).tolist() == [0, 0, 0]


def test_the_weight_of_a_term() -> None:
    """idf ** 1.5, smoothed by 200 ordinary messages."""
    for df, items, common in [(0, 0, 0.0), (3, 10, 0.01), (900, 1000, 0.9), (1000, 1000, 1.0)]:
        d, n = df + 200 * common, items + 200
        expected = math.log(1 + (n - d + 0.5) / (d + 0.5)) ** 1.5
        found = float(term_weight(float(df), float(items), common))
        assert found == pytest.approx(expected, rel=1e-3)
    weights = term_weight(floats([0, 1, 5, 50]), 100.0, floats([0, 0, 0, 0])).tolist()
    assert weights == sorted(weights, reverse=True)
    # A word that the background knows from everywhere weighs little in a memory of five, too.
    rare, common = (float(term_weight(0.0, 5.0, p)) for p in (0.0, 0.5))
    assert rare > 20 * common
