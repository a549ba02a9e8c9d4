"""The fit of relevance.json, on made-up results."""

import numpy as np
import pytest
from evaluation.sets import SetError
from evaluation.study.fit import fit, fit_models, fit_pair, logits, reached
from evaluation.study.rows import Floats, Kind, Rows, block

from raggen_embed.calibration import Calibration, Minimum, relevance
from raggen_embed.fusion import PAIRS
from raggen_embed.ranking import Ranked

MINIMUM = Minimum(message=0.03, passage=0.01)


def ranked(score: Floats, pairs: list[int]) -> Ranked:
    order = np.argsort(-score)
    nothing = np.zeros(len(score), np.float32)
    return Ranked(
        slots=order.astype(np.int32),
        pairs=np.array(pairs, np.int8)[order],
        in_chat=np.zeros(len(score), np.bool_),
        relevance=nothing,
        logit=nothing,
        score=score[order].astype(np.float32),
        cosine=nothing,
        window=np.zeros(len(score), np.int32),
        lanes={},
        shares={},
        log_odds={},
        allowed=len(score),
        weighted=None,  # type: ignore[arg-type]
    )


def made_up(seed: int, pair: int = 0, kind: Kind = "full", count: int = 4000) -> Rows:
    """Results whose relevance follows −5 + 12·score + 8·gap − 3·level + 4·lead."""
    draw = np.random.default_rng(seed)
    score, level = draw.uniform(0.3, 1, count), draw.uniform(0.1, 0.4, count)
    gap, lead = -draw.uniform(0, 0.2, count), draw.uniform(0, 0.3, count)
    features = np.column_stack([score, gap, level, lead])
    p = 1 / (1 + np.exp(-(-5 + features @ np.array([12.0, 8.0, -3.0, 4.0]))))
    relevant = (draw.random(count) < p).astype(np.float64)
    pairs = np.full(count, pair, np.int64)
    return Rows(kind, f"set {seed}", False, np.arange(count) // 10, pairs, relevant, features)


def test_features_give_the_logits_that_the_product_states() -> None:
    draw = np.random.default_rng(3)
    one = ranked(draw.uniform(0, 1, 60), draw.integers(0, len(PAIRS), 60).tolist())
    coefficients = Calibration.load().coefficients["both"]
    expected, _ = relevance(one.score, one.pairs, coefficients)
    lines = block(one, ())
    for pair, line, logit in zip(lines[:, 0], lines[:, 2:], expected, strict=False):
        assert logits(line[None], coefficients[PAIRS[int(pair)]]) == pytest.approx(logit, abs=1e-3)


def test_a_block_knows_the_answers_and_holds_the_top_ten() -> None:
    lines = block(ranked(np.linspace(0, 1, 40), [0] * 40), {39, 35, 3})
    assert np.flatnonzero(lines[:, 1]).tolist() == [0, 4]
    assert len(lines) == 10
    assert block(ranked(np.zeros(0), []), ()).shape == (0, 6)


def test_the_fit_finds_what_the_results_were_made_with() -> None:
    rows = made_up(1, count=40_000)
    found = fit(rows.features, rows.relevant, np.ones(len(rows.relevant)), (0.0, 0.0))
    assert [found.bias, found.score, found.gap, found.background, found.lead] == pytest.approx(
        [-5, 12, 8, -3, 4], abs=0.5
    )


def test_the_floor_is_given_and_not_fitted() -> None:
    rows = made_up(1)
    found = fit(rows.features, rows.relevant, np.ones(len(rows.relevant)), (0.25, 40.0))
    assert (found.floor, found.floor_slope) == (0.25, 40.0)


def test_stray_results_of_a_pair_do_not_count_as_a_whole_set() -> None:
    home, other = made_up(1), made_up(2, pair=1)
    other.pairs[:20] = 0
    other.relevant[:20] = 0
    alone, _ = fit_pair([home], 0, (0.0, 0.0))
    both, _ = fit_pair([home, other], 0, (0.0, 0.0))
    assert both.bias == pytest.approx(alone.bias, abs=0.2)


def test_figures_come_from_the_other_half() -> None:
    rows = made_up(1)
    even = rows.question % 2 == 0
    # Whoever looked at the even questions would state next to nothing for them.
    rows.relevant[even] *= np.random.default_rng(2).random(int(even.sum())) < 0.1
    _, halves = fit_pair([rows], 0, (0.0, 0.0))
    assert reached(rows, {0: halves}, MINIMUM)["ece"] > 0.2


def test_the_minimum_is_that_of_messages_in_chats() -> None:
    rows = made_up(1)
    _, halves = fit_pair([rows], 0, (0.0, 0.0))
    chat = Rows(rows.kind, "chat", True, rows.question, rows.pairs, rows.relevant, rows.features)
    shown = [reached(one, {0: halves}, MINIMUM)["items_a_query"] for one in (chat, rows)]
    assert shown[0] < shown[1]


def test_all_pairs_of_scripts_are_needed() -> None:
    parts = [made_up(number, pair=number) for number in range(len(PAIRS))]
    present = Calibration.load()
    coefficients, report = fit_models(parts, "both", present)
    assert set(coefficients) == set(PAIRS)
    assert report["both/set 0"]["ece"] < 0.05
    for pair, before in present.coefficients["both"].items():
        assert coefficients[pair]["floor"] == before.floor
        assert coefficients[pair]["floor_slope"] == before.floor_slope
    with pytest.raises(SetError, match="cross"):
        fit_models(parts[:2], "both", present)
