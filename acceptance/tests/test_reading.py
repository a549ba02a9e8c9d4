"""Figures from what commands leave, and everything that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from acceptance.reading import Counts, UnreadableError, at, read
from acceptance.requirement import Command, Reader, Requirement

ROWS = {
    "rows": [
        {"name": "web, GET /a: p99", "value": 12.5, "beside": {"busy": 40}},
        {"name": "web, POST /b: p99", "value": 80, "beside": {"busy": 30}},
        {"name": "web, before the first token: p95", "value": 55, "beside": {}},
    ]
}
CASES = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="e2e.test_a" name="test_one[ru]"/>
<testcase classname="e2e.test_a" name="test_one[en]"/>
<testcase classname="e2e.test_a" name="test_two"><failure message="no"/></testcase>
<testcase classname="e2e.test_a" name="test_three"><error message="no"/></testcase>
<testcase classname="e2e.test_b" name="test_four"><skipped message="not here"/></testcase>
</testsuite></testsuites>"""


def wanted(
    reader: Reader,
    sign: Any = "≤",
    figure: tuple[str, ...] = (),
    cases: tuple[str, ...] = (),
    least: int = 1,
) -> Requirement:
    file = None if reader == "exit" else "left"
    command = Command("one", "x", ("x",), 1, reader, file, (0,))
    return Requirement("one", "a", command, sign, 0, {"en": ""}, {"en": ""}, figure, cases, least)


def left(folder: Path, told: Any) -> Path:
    (folder / "left").write_text(told if isinstance(told, str) else json.dumps(told))
    return folder


@pytest.mark.parametrize(
    ("sign", "way", "value"),
    [
        ("≤", ("rows", "name=web, before the first token: p95", "value"), 55),
        ("≤", ("rows", "name=web, * /*: p99", "value"), 80),
        ("≥", ("rows", "name=web, * /*: p99", "value"), 12.5),
        ("≤", ("rows", "name=web, * /*: p99", "beside", "busy"), 40),
    ],
)
def test_the_worst_stands_for_all(
    tmp_path: Path, sign: str, way: tuple[str, ...], value: float
) -> None:
    assert read(wanted("json", sign, way), 0, left(tmp_path, ROWS)).value == value


def test_a_way_through_objects_and_lists() -> None:
    told = {"sets": {"a": {"n": 1}, "b": {"n": 2}}, "list": [{"n": 3}, {"n": 4}]}
    assert [*at(told, ("sets", "*", "n"))] == [1, 2]
    assert [*at(told, ("list", "*", "n"))] == [3, 4]
    assert [*at(told, ("sets", "c", "n"))] == [None]
    assert [*at(told, ("list", "n"))] == [None]
    assert [*at(told, ("sets", "a", "n", "deeper"))] == [None]


@pytest.mark.parametrize(
    ("told", "way"),
    [
        ("no JSON", ("a",)),
        ({}, ("a",)),
        ({"a": None}, ("a",)),
        ({"a": True}, ("a",)),
        ({"a": "12"}, ("a",)),
        ({"a": []}, ("a", "*")),
        ({"a": [1, None]}, ("a", "*")),  # one of them was not measured
        ('{"a": NaN}', ("a",)),
        (ROWS, ("rows", "name=web, GET*", "beside", "idle")),
        (ROWS, ("rows", "name=nothing", "value")),
    ],
)
def test_what_is_no_figure_is_not_read(tmp_path: Path, told: Any, way: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableError):
        read(wanted("json", figure=way), 0, left(tmp_path, told))


def test_a_file_that_was_not_written(tmp_path: Path) -> None:
    for reader in ("json", "junit"):
        with pytest.raises(UnreadableError):
            read(wanted(reader, figure=("a",)), 0, tmp_path)


@pytest.mark.parametrize(
    ("cases", "tests"),
    [
        ((), Counts(2, 2, 1)),
        (("e2e.test_a::test_one*",), Counts(2, 0, 0)),
        (("*::test_one*", "*::test_two"), Counts(2, 1, 0)),
    ],
)
def test_tests_are_counted(tmp_path: Path, cases: tuple[str, ...], tests: Counts) -> None:
    found = read(wanted("junit", cases=cases), 1, left(tmp_path, CASES))
    assert found.tests == tests
    assert found.value == tests.failed


@pytest.mark.parametrize(
    ("cases", "least"),
    [(("*::test_four",), 1), (("*::test_five",), 1), (("*::test_one*",), 3), ((), 6)],
)
def test_too_few_tests_show_nothing(tmp_path: Path, cases: tuple[str, ...], least: int) -> None:
    with pytest.raises(UnreadableError, match="should have run"):
        read(wanted("junit", cases=cases, least=least), 0, left(tmp_path, CASES))


def test_a_status_is_a_figure(tmp_path: Path) -> None:
    assert read(wanted("exit"), 0, tmp_path).value == 0
    assert read(wanted("exit"), 3, tmp_path).value == 3
