"""`raggen doctor`: looks at everything, changes nothing, says what to do."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from rich.table import Table
from rich.text import Text as RichText

from raggen_cli import __version__, lock, setup
from raggen_cli.checks import data, installation, machine, running, variables
from raggen_cli.commands import Commands
from raggen_cli.finding import Finding, Text
from raggen_cli.layout import Layout
from raggen_cli.ownership import LOCK
from raggen_cli.screen import Screen
from raggen_cli.settings import Settings

MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}


def examine(
    text: Text, layout: Layout, settings: Settings, environment: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what every check finds, in the order of the table."""
    # Its steps are only asked whether they are done, so the log is never written.
    commands = Commands(Path("/dev/null"), environment)
    steps = setup.steps(layout, commands, dev=False)
    missing = sum(step.megabytes for step in steps if not step.is_done())
    yield from machine.check(text, layout.root, missing)
    yield from installation.check(text, layout, commands)
    yield from data.check(text, settings)
    found = running_ports(settings)
    yield from running.check(text, found or settings, is_ours=found is not None)
    yield from variables.check(text, environment)


def running_ports(settings: Settings) -> Settings | None:
    """Return the settings with the ports of the raggen that has this data; None where none has.

    It may have been started with other ports than the ones that were asked for here.
    """
    path = settings.data_dir / LOCK
    if not lock.is_held(path):
        return None
    held = lock.read(path)

    def port(name: str) -> int:
        found = held.get(name)
        return found if isinstance(found, int) else 0

    return replace(
        settings,
        web_port=port("web"),
        embed_port=port("embed"),
        local_model_port=port("local_model"),
    )


def run(
    layout: Layout,
    settings: Settings,
    screen: Screen,
    environment: Mapping[str, str],
    *,
    as_json: bool,
) -> int:
    """Examine, and show it.

    Returns:
        The exit code: 1 where a check failed, else 0.
    """
    text = screen.messages.text
    findings = list(examine(text, layout, settings, environment))
    return conclude(findings, screen, as_json=as_json, title=text("doctor_title"))


def conclude(findings: list[Finding], screen: Screen, *, as_json: bool, title: str) -> int:
    """Show what was found: as JSON, or as a table and a sentence.

    Returns:
        The exit code: 1 where a check failed, else 0.
    """
    failed = sum(finding.status == "fail" for finding in findings)
    if as_json:
        rows = [asdict(finding) for finding in findings]
        content = {"version": __version__, "ok": not failed, "checks": rows}
        screen.write(json.dumps(content, ensure_ascii=False, indent=2))
        return 1 if failed else 0
    show(findings, screen, title)
    warned = sum(finding.status == "warn" for finding in findings)
    if failed:
        screen.line("doctor_failures", count=failed)
    elif warned:
        screen.line("doctor_warnings", count=warned)
    else:
        screen.line("doctor_all_well")
    return 1 if failed else 0


def show(findings: list[Finding], screen: Screen, title: str) -> None:
    """Print the table; what to do stands below what was found, where it can be copied."""
    text = screen.messages.text
    table = Table(title=f"{title} {__version__}", title_justify="left", box=None)
    for heading in ("", text("doctor_check"), text("doctor_found")):
        table.add_column(heading, header_style="dim", overflow="fold")
    for finding in findings:
        mark, style = MARKS[finding.status]
        found = RichText(finding.found)
        if finding.do:
            found.append(f"\n→ {finding.do}", style="bold")
        table.add_row(RichText(mark, style=style), RichText(finding.name), found)
    screen.console.print(table)
