"""The table of requirements: what is demanded, which command shows it, how its figure is read."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Final, Literal, get_args

LANGUAGES: Final = ("en", "ru")
Reader = Literal["exit", "json", "junit"]


class TableError(Exception):
    """requirements.toml cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Command:
    """A command line that requirements read their figures from; it runs once for all of them.

    Args:
        name: of its log in the folder of the run.
        line: as a person may enter it in the root of the repository.
        words: of it as they are run, with this machine's variables; no shell reads them.
        seconds: after which it is stopped.
        reader: what its figures are read from: its exit status, or the file that it writes.
        file: that file, from the root; None where the exit status is read.
        exits: statuses with which the file is there; others say that it broke.
    """

    name: str
    line: str
    words: tuple[str, ...]
    seconds: float
    reader: Reader
    file: str | None
    exits: tuple[int, ...]

    def tells(self, status: int) -> bool:
        """Whether a process that ended so has told its figures. One that a signal ended has a
        negative status, and has not."""
        return status >= 0 if self.reader == "exit" else status in self.exits


@dataclass(frozen=True)
class Requirement:
    """One demand.

    Args:
        name: by which `--only` knows it.
        area: part of the page.
        command: that shows it.
        sign: of the bound, which is included.
        bound: in the unit of the figure.
        unit: by language; empty for a count.
        text: by language, what is demanded.
        figure: of JSON, the way to it; see reading.at. Elsewhere it is the status, or the number of
            tests that failed, and its bound 0.
        cases: of JUnit, patterns of the tests that count; all where there are none.
        least: of JUnit, how many of them must have passed.
    """

    name: str
    area: str
    command: Command
    sign: Literal["≥", "≤"]
    bound: float
    unit: Mapping[str, str]
    text: Mapping[str, str]
    figure: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    least: int = 1

    def is_met(self, value: float) -> bool:
        """Whether a figure reaches the bound; what is not a number does not."""
        return value >= self.bound if self.sign == "≥" else value <= self.bound


@dataclass(frozen=True)
class Table:
    """All of it, in the order of the file."""

    areas: Mapping[str, Mapping[str, str]]
    requirements: tuple[Requirement, ...]


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Table:
    """Read the table; `$NAME` in a command is taken from the environment, else from the table,
    which is also what a person is shown.

    Raises:
        TableError: something is missing, unknown or said twice.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        shown = told.get("variables", {})
        given = {name: environment.get(name) or default for name, default in shown.items()}
        commands = {
            name: _command(name, one, shown, given) for name, one in told["commands"].items()
        }
        areas = {name: _both(one) for name, one in told["areas"].items()}
        requirements = tuple(_requirement(one, commands) for one in told["requirements"])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TableError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise TableError(f"{path}: {type(error).__name__}: {error}") from error
    names = [one.name for one in requirements]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise TableError(f"{path}: said twice: {', '.join(twice)}")
    if unknown := sorted({one.area for one in requirements} - set(areas)):
        raise TableError(f"{path}: no such area: {', '.join(unknown)}")
    if idle := sorted(set(commands) - {one.command.name for one in requirements}):
        raise TableError(f"{path}: nobody reads what these show: {', '.join(idle)}")
    return Table(areas, requirements)


def _command(
    name: str, told: Mapping[str, Any], shown: Mapping[str, str], given: Mapping[str, str]
) -> Command:
    reader = told["reader"]
    if reader not in get_args(Reader):
        raise ValueError(f"{name}: nothing reads “{reader}”")
    if (reader == "exit") is ("file" in told):
        raise ValueError(f"{name}: a file is for what is read from one")
    return Command(
        name=name,
        line=Template(told["line"]).substitute(shown),
        words=tuple(Template(word).substitute(given) for word in shlex.split(told["line"])),
        seconds=float(told["seconds"]),
        reader=reader,
        file=told.get("file"),
        exits=tuple(told.get("exits", [0])),
    )


def _requirement(told: Mapping[str, Any], commands: Mapping[str, Command]) -> Requirement:
    name, command = told["name"], commands[told["command"]]
    bounds = [told[key] for key in ("at_least", "at_most") if key in told]
    if command.reader != "json":
        if bounds or "figure" in told:
            raise ValueError(f"{name}: a bound and a figure are for what is read from JSON")
        bounds = [0]  # the status, or the tests that failed
    elif len(bounds) != 1 or "figure" not in told:
        raise ValueError(f"{name} needs a figure, and at_least or at_most")
    return Requirement(
        name=name,
        area=told["area"],
        command=command,
        sign="≥" if "at_least" in told else "≤",
        bound=float(bounds[0]),
        unit=_both(told["unit"]) if "unit" in told else dict.fromkeys(LANGUAGES, ""),
        text=_both(told),
        figure=tuple(told.get("figure", ())),
        cases=tuple(told.get("cases", ())),
        least=int(told.get("least", 1)),
    )


def _both(told: Mapping[str, str]) -> dict[str, str]:
    """What is said in each language."""
    return {language: told[language] for language in LANGUAGES}
