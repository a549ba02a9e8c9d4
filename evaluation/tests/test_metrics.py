import math

import pytest
from evaluation import metrics
from hypothesis import given
from hypothesis import strategies as st

RANKED = ["a", "b", "c", "d"]


def test_ndcg_is_one_for_the_ideal_order_and_uses_grades() -> None:
    relevant = {"a": 2, "b": 1}
    assert metrics.ndcg(RANKED, relevant) == pytest.approx(1)
    swapped = metrics.ndcg(["b", "a"], relevant)
    assert swapped == pytest.approx((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)))


def test_ndcg_counts_what_was_not_found_into_the_ideal() -> None:
    assert metrics.ndcg(["a"], {"a": 1, "z": 1}) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_ndcg_looks_at_the_first_k_alone() -> None:
    assert metrics.ndcg(RANKED, {"d": 1}, k=3) == 0


@given(st.permutations(RANKED), st.sets(st.sampled_from(RANKED), min_size=1))
def test_shares_stay_between_0_and_1(ranked: list[str], relevant: set[str]) -> None:
    grades = dict.fromkeys(relevant, 1)
    for value in (
        metrics.ndcg(ranked, grades),
        metrics.recall(ranked, grades, 2),
        metrics.reciprocal_rank(ranked, grades),
    ):
        assert 0 <= value <= 1 + 1e-9


def test_recall_and_reciprocal_rank() -> None:
    assert metrics.recall(RANKED, {"a": 1, "d": 1}, 2) == 0.5
    assert metrics.reciprocal_rank(RANKED, {"c": 1, "d": 1}) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank(RANKED, {"z": 1}) == 0


def test_budget_ends_at_the_first_item_that_does_not_fit() -> None:
    assert metrics.within_budget(RANKED, [400, 600, 1, 1], 1000) == ["a", "b"]
    assert metrics.within_budget(RANKED, [400, 601, 1, 1], 1000) == ["a"]


def test_calibration_error_is_the_gap_weighted_by_bin() -> None:
    assert metrics.expected_calibration_error([], []) == 0
    stated = [0.25, 0.25, 0.25, 0.25, 1.0]
    assert metrics.expected_calibration_error(stated, [True, *[False] * 3, True]) == 0
    assert metrics.expected_calibration_error(
        stated, [True, True, False, False, False]
    ) == pytest.approx((4 * 0.25 + 1) / 5)
