"""The pure functions of the study's ranking: no model, no packages of requirements/study.txt."""

from datetime import UTC, datetime

import numpy as np
import pytest
from evaluation.study import fusion, strengths
from evaluation.study.background import Background, term_weight
from evaluation.study.header import header
from evaluation.study.postings import Postings
from evaluation.study.relevance import Calibration, background_level, relevance
from evaluation.study.script import script

NONE = np.array([-1, -1, -1])


def floats(*values: float) -> strengths.Floats:
    return np.array(values, np.float32)


def test_sign_bits_give_the_cosine_with_the_signs() -> None:
    draw = np.random.default_rng(1)
    tokens = draw.normal(size=(5, 16)).astype(np.float32)
    query = draw.normal(size=(2, 16)).astype(np.float32)
    query /= np.linalg.norm(query, axis=1, keepdims=True)
    signs = np.where(tokens > 0, 1, -1) / 4  # unit: √16 = 4
    cosine = query @ signs.T
    expected = np.stack([cosine[:, :2].max(axis=1), cosine[:, 2:].max(axis=1)], axis=1)
    bits = strengths.sign_bits(tokens, np.zeros(16, np.float32))
    assert strengths.maxsim_bits(query, bits, np.array([0, 2])) == pytest.approx(expected, abs=1e-6)


def test_lift_takes_a_share_of_a_better_neighbour_and_nothing_of_a_worse() -> None:
    strength = floats(1, 0.2, 0)[None]
    before = [np.array([-1, 0, 1]), NONE]
    after = [np.array([1, 2, -1]), NONE]
    assert strengths.lift(strength, before, after)[0] == pytest.approx([1, 0.6, 0.1])
    assert strengths.lift(strength, [NONE, NONE], [NONE, NONE])[0] == pytest.approx([1, 0.2, 0])


def test_coverage_is_a_weighted_mean_and_0_without_terms() -> None:
    strength = np.array([[1, 0], [0, 1]], np.float32)
    assert strengths.coverage(strength, floats(3, 1)) == pytest.approx([0.75, 0.25])
    assert strengths.coverage(strength, floats(0, 0)) == pytest.approx([0, 0])


def test_the_weights_of_a_pair_add_up_to_one() -> None:
    for table in (fusion.WEIGHTS, fusion.WEIGHTS_MINILM_ONLY):
        assert set(table) == set(fusion.PAIRS)
        assert all(sum(weights.values()) == pytest.approx(1) for weights in table.values())


def test_pair_of_scripts() -> None:
    assert fusion.pair("cyrillic", "cyrillic") == "cyrillic"
    assert fusion.pair("latin", "cyrillic") == fusion.pair("cyrillic", "latin") == "cross"


def test_fuse_gives_shares_and_a_negative_cosine_counts_as_zero() -> None:
    lanes: dict[fusion.Lane, fusion.Floats] = {"minilm": floats(-0.5, 0.5), "words": floats(1, 0)}
    shares = fusion.fuse(lanes, {"minilm": 0.4, "words": 0.6})
    assert shares["minilm"] == pytest.approx([0, 0.2])
    assert sum(shares.values()) == pytest.approx([0.6, 0.2])


def test_session_share_is_of_the_three_best_and_a_lone_item_takes_its_own() -> None:
    fused = floats(0.9, 0.6, 0.3, 0.1, 0.5, 0.6)
    group = np.array([7, 7, 7, 7, -1, 2])
    shared = fusion.session_share(fused, group)
    assert shared[:4] == pytest.approx([0.12] * 4)
    assert shared[4:] == pytest.approx([0.1, 0.04])
    assert fusion.session_share(fused[:0], group[:0]).size == 0


def test_shortlist_keeps_the_best_and_their_neighbours() -> None:
    count = fusion.LATE_POOL + 5
    rising = np.linspace(0, 1, count, dtype=np.float32)
    lanes: dict[fusion.Lane, fusion.Floats] = {"minilm": rising, "words": rising, "grams": rising}
    none = np.full(count, -1)
    before = np.where(np.arange(count) == 5, 4, -1)
    kept = fusion.shortlist(lanes, [before, none], [none, none])
    assert np.flatnonzero(~kept).tolist() == [0, 1, 2, 3]


def test_bonuses_are_bounded_and_off_by_default_strength() -> None:
    age = floats(0, 10, -3)
    assert fusion.recency(age, 10, 5) == pytest.approx([0.05, 0.025, 0.05])
    assert fusion.recency(age, 10, 0) == pytest.approx([0, 0, 0])
    assert fusion.pinned(np.array([True, False]), 1) == pytest.approx([0.1, 0])


def test_rare_terms_weigh_more_and_the_background_speaks_in_small_memories() -> None:
    assert term_weight(1, 1000, 0.0) > term_weight(100, 1000, 0.0)
    common = Background.load().stems["the"]
    assert term_weight(0, 5, common) < 0.3 * term_weight(0, 5, 0.0)


def test_relevance_rises_with_the_score_and_the_best_of_nothing_is_nothing() -> None:
    calibration = Calibration.load()
    pairs = np.array(["latin"] * 3)
    good = relevance(floats(0.4, 0.9, 0.6), pairs, "both", calibration)
    assert good[1] > good[2] > good[0]
    nothing = relevance(floats(0.1, 0.05, 0.02), pairs, "both", calibration)
    assert nothing.max() < calibration.default_minimum


def test_background_level_fills_short_lists_up() -> None:
    assert background_level(floats(0.9)) == pytest.approx(0.2)
    assert background_level(np.full(40, 0.5, np.float32)) == pytest.approx(0.5)


def test_header_speaks_the_language_of_the_text() -> None:
    when = datetime(2025, 5, 8, tzinfo=UTC)
    assert header("Hello", "Anna", when) == "On 8 May 2025, Anna said: "
    assert header("Привет", "Анна", when) == "8 мая 2025 года, Анна: "
    assert header("Hello", None, when) == "On 8 May 2025: "
    assert header("Hello", None, None) == ""


def test_script_is_that_of_most_letters() -> None:
    assert script("Привет, Bob") == "cyrillic"
    assert script("Hello, Вася") == script("12:30") == "latin"


def test_postings_give_the_same_strengths_by_term_and_by_item() -> None:
    postings = Postings([["a", "b", "a"], ["b"], [], ["a", "c"]])
    assert (postings.frequency("a"), postings.frequency("z")) == (2, 0)
    items = np.array([0, 1, 3])
    matrix = postings.strengths(["a", "b", "z"], items)
    assert (matrix > 0).tolist() == [[True, False, True], [True, True, False], [False] * 3]
    scores = postings.scores({"a": 2.0, "b": 1.0, "z": 5.0})
    assert scores[items] == pytest.approx(2 * matrix[0] + matrix[1])
    assert matrix[0, 0] > matrix[0, 2]  # twice in a longer item beats once
