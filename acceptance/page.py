"""The page: every requirement with its bound, its last figure and its command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acceptance.record import Machine, Record, verdict
from acceptance.requirement import Requirement, Table
from acceptance.sentences import say

Records = Mapping[str, Record]


def page(table: Table, records: Records, language: str) -> str:
    """The page in a language, Markdown."""
    known = {one.name: record for one in table.requirements if (record := _of(one, records))}
    machines = [*dict.fromkeys(record.machine for record in known.values())]
    lines = [
        f"# {say(language, 'title')}",
        "",
        f"<!-- {say(language, 'made')} -->",
        "",
        say(language, "intro"),
        "",
        conclusion(table.requirements, records, language),
        *_took(table, known, language),
    ]
    for area, names in table.areas.items():
        own = [one for one in table.requirements if one.area == area]
        lines += ["", f"## {names[language]}", "", *_rows(own, known, machines, language)]
        commands = dict.fromkeys(one.command.line for one in own)
        lines += ["", say(language, "shown"), "", "```sh", *commands, "```"]
    lines += ["", f"## {say(language, 'machines')}", ""]
    if not machines:
        lines.append(say(language, "nowhere"))
    for number, machine in enumerate(machines, 1):
        lines.append(f"{number}. {_machine(machine, language)}")
    return "\n".join(lines) + "\n"


def conclusion(requirements: Sequence[Requirement], records: Records, language: str) -> str:
    """How many requirements are met, not met, and not measured."""
    verdicts = [verdict(one, records.get(one.name)) for one in requirements]
    return say(
        language,
        "verdict",
        all=len(verdicts),
        met=verdicts.count("met"),
        missed=verdicts.count("not met"),
        unmeasured=verdicts.count("not measured"),
    )


def figure(requirement: Requirement, record: Record | None, language: str) -> str:
    """The last figure in words, or why there is none."""
    if record is None:
        return say(language, "not_measured")
    if record.state == "broke":
        key = "broke_unstarted" if record.status is None else "broke"
        return say(language, key, status=record.status)
    if record.value is None:
        return say(language, record.state, seconds=round(record.seconds))
    if record.tests is not None:
        passed, failed, skipped = record.tests
        told = say(language, "tests", failed=failed, all=passed + failed)
        return told + (say(language, "skipped", skipped=skipped) if skipped else "")
    if requirement.command.reader == "exit":
        return say(language, "exit", status=record.status)
    return _amount(record.value, requirement, language)


def bound(requirement: Requirement, language: str) -> str:
    """What the figure must reach."""
    if requirement.command.reader == "junit":
        return say(language, "bound_tests")
    if requirement.command.reader == "exit":
        return say(language, "bound_exit")
    return f"{requirement.sign} {_amount(requirement.bound, requirement, language)}"


def _took(table: Table, known: Records, language: str) -> list[str]:
    """How long a whole run takes, where every command has been run."""
    if len(known) < len(table.requirements):
        return []
    seconds = {one.command.name: known[one.name].seconds for one in table.requirements}
    minutes = round(sum(seconds.values()) / 60)
    return ["", say(language, "took", minutes=minutes)]


def _rows(
    own: Sequence[Requirement],
    known: Records,
    machines: Sequence[Machine],
    language: str,
) -> list[str]:
    columns = say(language, "columns")
    lines = [f"| {columns} |", "|---" * (columns.count("|") + 1) + "|"]
    for one in own:
        record = known.get(one.name)
        cells = [
            f"`{one.name}`",
            one.text[language],
            bound(one, language),
            figure(one, record, language),
            say(language, verdict(one, record)),
            _when(record, machines, language),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _when(record: Record | None, machines: Sequence[Machine], language: str) -> str:
    if record is None:
        return "–"
    return say(
        language,
        "when",
        at=record.at.replace("T", " ").removesuffix("Z"),
        commit=record.commit or "?",
        load=_number(record.load, language),
        machine=machines.index(record.machine) + 1,
    )


def _of(requirement: Requirement, records: Records) -> Record | None:
    """The record, if it is one of today's command."""
    record = records.get(requirement.name)
    return None if verdict(requirement, record) == "not measured" else record


def _machine(machine: Machine, language: str) -> str:
    return say(
        language,
        "machine",
        processor=machine.processor,
        cores=machine.cores,
        memory=_number(machine.memory_gib, language),
        system=machine.system,
    )


def _amount(value: float, requirement: Requirement, language: str) -> str:
    return f"{_number(value, language)} {requirement.unit[language]}".strip()


def _number(value: float, language: str) -> str:
    told = f"{value:,.10g}"
    return told.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",") if language == "ru" else told
