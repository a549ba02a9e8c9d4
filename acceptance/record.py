"""What each requirement showed last, kept in last.json beside the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from benchmarks import machine

from acceptance.reading import Counts
from acceptance.requirement import Requirement

State = Literal["measured", "broke", "out_of_time", "unreadable"]
Verdict = Literal["met", "not met", "not measured"]


@dataclass(frozen=True)
class Machine:
    """Where it was measured: processor, cores, GiB of memory, system."""

    processor: str
    cores: int
    memory_gib: float
    system: str

    @classmethod
    def of(cls, root: Path) -> Machine:
        """This one."""
        told = machine.described(root)
        return cls(told["processor"], told["cores"], told["memory_gib"], told["system"])


@dataclass(frozen=True)
class Record:
    """The last run of a requirement's command.

    Args:
        state: whether there is a figure, and why not.
        line: the command line that was run, as the table had it.
        at: when, in UTC, ISO 8601 to the minute.
        commit: of the code, `+` behind it where files were changed.
        machine: where.
        load: how many processes wanted to run in the minute before.
        seconds: that the command took.
        value: the figure, of a measured one.
        tests: that it was counted from, if it was.
        status: of the process, where it ended.
    """

    state: State
    line: str
    at: str
    commit: str
    machine: Machine
    load: float
    seconds: float
    value: float | None = None
    tests: Counts | None = None
    status: int | None = None


def verdict(requirement: Requirement, record: Record | None) -> Verdict:
    """What a record says of a requirement.

    It says nothing of one whose command has changed since: that is not what was run. The bound is
    today's.
    """
    if record is None or record.line != requirement.command.line:
        return "not measured"
    if record.value is None:
        return "not met"
    return "met" if requirement.is_met(record.value) else "not met"


def load(path: Path) -> dict[str, Record]:
    """The records by requirement; none where nothing was kept."""
    if not path.is_file():
        return {}
    kept: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return {name: _record(told) for name, told in kept.items()}


def save(path: Path, records: Mapping[str, Record]) -> None:
    """Keep the records, in the order in which they are given."""
    told = {
        name: asdict(one) | {"tests": one.tests._asdict() if one.tests else None}
        for name, one in records.items()
    }
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _record(told: Mapping[str, Any]) -> Record:
    tests = Counts(**told["tests"]) if told["tests"] else None
    return Record(**{**told, "machine": Machine(**told["machine"]), "tests": tests})
