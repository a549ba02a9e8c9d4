"""`raggen deploy check`: looks at a production environment, and says what to do."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from raggen_cli import doctor
from raggen_cli.backup import places
from raggen_cli.checks import data, installation, machine
from raggen_cli.commands import Commands
from raggen_cli.deployment import (
    addresses,
    clock,
    environment,
    keys,
    outside,
    providers,
    storage,
    verdicts,
)
from raggen_cli.deployment.environment import Environment
from raggen_cli.finding import Finding, Text
from raggen_cli.layout import Layout
from raggen_cli.screen import Screen
from raggen_cli.settings import Settings, parse


def examine(
    text: Text, layout: Layout, settings: Settings, told: Environment, language: str
) -> Iterator[Finding]:
    """Yield what every check finds, in the order of the table."""
    yield from verdicts.check(text, layout, told)
    found = places.find(settings, told.values)
    yield from keys.check(text, told, found.secret)
    yield from addresses.check(text, told)
    yield from data.check(text, settings)
    yield from storage.check(text, found)
    yield machine.memory(text)
    yield clock.check(text, [layout.standalone, found.data_dir, found.embed_file, found.secret])
    yield from installation.check(text, layout, Commands(Path("/dev/null"), told.values))
    yield from providers.check(text, layout, told, language)


def run(
    layout: Layout,
    screen: Screen,
    base: Mapping[str, str],
    files: Sequence[Path],
    *,
    data_dir: str | None,
    url: str | None,
    as_json: bool,
) -> int:
    """Examine the environment that the files make, or that `raggen up` would, and show it.

    Args:
        url: of the page as others see it; None where only this machine is looked at.

    Returns:
        The exit code: 1 where something must be put right, else 0.

    Raises:
        SettingsError: a file or a port cannot be read.
    """
    if files:
        told = environment.of_files(files, base)
        # Where the chats are is where their data directory is, unless that is said.
        where = data_dir or told.get("RAGGEN_DATA_DIR") or folder_of(told)
        settings = parse(told.values, layout.root, data_dir=where)
    else:
        settings = parse(base, layout.root, data_dir=data_dir)
        told = environment.of_up(settings, base)
    text, language = screen.messages.text, screen.messages.language
    findings = list(examine(text, layout, settings, told, language))
    if url is not None:
        findings += outside.check(text, url)
    return doctor.conclude(findings, screen, as_json=as_json, title=text("deploy_title"))


def folder_of(told: Environment) -> str | None:
    """Return the folder of the SQLite file; None where the chats are elsewhere."""
    url = told.get("RAGGEN_WEB_DATABASE_URL")
    return str(Path(url.removeprefix("file:")).parent) if url.startswith("file:/") else None
