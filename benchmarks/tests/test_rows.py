"""A row knows whether its target is reached, and is kept as JSON can hold it."""

from __future__ import annotations

import json
import math

import pytest
from benchmarks.rows import Row, at_least, at_most, failed
from benchmarks.samples import pair_ratio, percentile


def test_a_bound_itself_reaches_its_target() -> None:
    assert Row("speed", 3.8, "×", at_least(3.8)).met is True
    assert Row("speed", 3.79, "×", at_least(3.8)).met is False
    assert Row("time", 25, "ms", at_most(25)).met is True
    assert Row("time", 25.1, "ms", at_most(25)).met is False
    assert Row("more to know", 1, "").met is None


def test_a_row_keeps_its_fields_in_order() -> None:
    row = Row("speed", 2.0, "×", at_least(3.5), {"ours": 2.0}, "a note").as_json()
    assert [*row] == ["name", "value", "unit", "target", "met", "beside", "note"]
    assert row["target"] == "≥ 3.5"
    assert row["beside"] == {"ours": 2.0}


def test_what_was_not_measured_is_not_met_and_valid_json() -> None:
    row = failed("index", "stopped after 9 s")
    assert math.isnan(row.value)
    kept = json.loads(json.dumps(row.as_json(), allow_nan=False))
    assert kept["value"] is None
    assert kept["met"] is False
    assert kept["note"] == "stopped after 9 s"


def test_percentiles_are_of_the_values_themselves() -> None:
    values = [float(number) for number in range(1, 201)]
    assert percentile(values, 99) == 198
    assert percentile(values[::-1], 50) == 100
    assert percentile([7.0], 99) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 99)


def test_a_ratio_is_the_median_of_the_pairs() -> None:
    # The machine was ten times slower during the second pair; the pair does not show it.
    assert pair_ratio([4, 40, 4], [2, 20, 1]) == 2
