"""How a figure is read from what a command left: its exit status, JSON, or JUnit's XML."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from acceptance.requirement import Requirement

EVERY = "*"
NAMED = "name="


class UnreadableError(Exception):
    """The figure is not there; the message says what is."""


class Counts(NamedTuple):
    """How many of the tests that count ended in which way."""

    passed: int
    failed: int
    skipped: int


@dataclass(frozen=True)
class Reading:
    """A figure, and the tests that it was counted from, if it was."""

    value: float
    tests: Counts | None = None


def read(requirement: Requirement, status: int, root: Path) -> Reading:
    """Read the figure of a command that has ended.

    Args:
        requirement: which figure.
        status: with which the command ended.
        root: below which its file lies.

    Raises:
        UnreadableError: there is no such figure.
    """
    command = requirement.command
    if command.file is None:
        return Reading(float(status))
    file = root / command.file
    try:
        if command.reader == "junit":
            return _counted(requirement, file)
        found = [*at(json.loads(file.read_text("utf-8")), requirement.figure)]
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise UnreadableError(f"{command.file}: {error}") from error
    return Reading(_worst(requirement, found))


def at(told: Any, way: tuple[str, ...]) -> Iterator[Any]:
    """What lies at the end of a way into JSON.

    A step is a key; or `*`, every element; or `name=PATTERN`, every object of a list whose `name`
    matches.
    """
    if not way:
        yield told
        return
    for one in _inside(told, way[0]):
        yield from at(one, way[1:]) if one is not None else (None,)


def _inside(told: Any, step: str) -> Iterable[Any]:
    if isinstance(told, dict):
        return told.values() if step == EVERY else (told.get(step),)
    if isinstance(told, list) and step == EVERY:
        return told
    if isinstance(told, list) and step.startswith(NAMED):
        pattern = step.removeprefix(NAMED)
        return [one for one in told if fnmatchcase(str(one.get("name")), pattern)]
    return (None,)


def _worst(requirement: Requirement, found: list[Any]) -> float:
    """The figure that is farthest on the wrong side: it stands for all of them.

    A missing one is not passed over: nobody knows that it would not have been the worst.
    """
    way = " → ".join(requirement.figure)
    if not found:
        raise UnreadableError(f"nothing at {way}")
    for one in found:
        if isinstance(one, bool) or not isinstance(one, (int, float)) or not math.isfinite(one):
            raise UnreadableError(f"no figure at {way}, but {one!r}")
    return float(min(found) if requirement.sign == "≥" else max(found))


def _counted(requirement: Requirement, file: Path) -> Reading:
    """How many of the tests failed; too few that passed show nothing."""
    ends = [_end(case) for case in _cases(file) if _counts(requirement, case)]
    tests = Counts(*(ends.count(end) for end in ("passed", "failed", "skipped")))
    if tests.passed + tests.failed < requirement.least:
        raise UnreadableError(
            f"{tests.passed} passed, {tests.failed} failed, {tests.skipped} skipped; "
            f"{requirement.least} should have run"
        )
    return Reading(float(tests.failed), tests)


def _cases(file: Path) -> Iterator[ElementTree.Element]:
    # Written a moment ago by pytest or Vitest, which we started.
    yield from ElementTree.parse(file).getroot().iter("testcase")  # noqa: S314


def _counts(requirement: Requirement, case: ElementTree.Element) -> bool:
    name = f"{case.get('classname')}::{case.get('name')}"
    return not requirement.cases or any(fnmatchcase(name, one) for one in requirement.cases)


def _end(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"
