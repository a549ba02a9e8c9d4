"""`python -m acceptance [--only NAME …]`: what `make acceptance` calls."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks import machine
from filelock import FileLock, Timeout

from acceptance import record, revision, trial
from acceptance.page import conclusion, figure, page
from acceptance.reading import UnreadableError, read
from acceptance.record import Machine, Record, verdict
from acceptance.requirement import LANGUAGES, Requirement, Table, TableError, load
from acceptance.sentences import say
from raggen_cli import messages

ROOT: Final = Path(__file__).resolve().parent.parent
TABLE: Final = Path("acceptance/requirements.toml")
LAST: Final = Path("acceptance/last.json")
PAGES: Final = {language: Path("docs") / language / "acceptance.md" for language in LANGUAGES}
FOLDER: Final = Path("artifacts/acceptance")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the commands and write the page.

    Returns:
        0; 1 when a requirement that was looked at is not met, or, with ``--check``, when a page is
        out of date; 2 when nothing could be run.
    """
    parser = argparse.ArgumentParser(prog="acceptance", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="requirements; all when absent")
    parser.add_argument("--pages", action="store_true", help="run nothing, write the pages anew")
    parser.add_argument("--check", action="store_true", help="run nothing, compare the pages")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the repository")
    options = parser.parse_args(arguments)
    root: Path = options.root.resolve()
    try:
        table = load(root / TABLE)
        chosen = _chosen(table, options.only)
    except TableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.check or options.pages:
        return _pages(table, root, is_check=options.check)
    # Stopped from outside, it stops what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    try:
        # Two at once would measure each other.
        with FileLock(root / FOLDER / "lock", timeout=0):
            return _accept(table, chosen, root)
    except Timeout:
        sys.stderr.write(f"another run works in {root / FOLDER}\n")
        return 2


def _chosen(table: Table, only: Sequence[str] | None) -> list[Requirement]:
    names = {one.name for one in table.requirements}
    if unknown := sorted(set(only or ()) - names):
        raise TableError(f"no such requirement: {', '.join(unknown)}; there are {sorted(names)}")
    return [one for one in table.requirements if only is None or one.name in only]


def _accept(table: Table, chosen: Sequence[Requirement], root: Path) -> int:
    """Run each command once, in the order of the table; what is known is kept after each."""
    language = messages.choose(os.environ).language
    records = record.load(root / LAST)
    commit, where = revision.of(root, (LAST, *PAGES.values())), Machine.of(root)
    for command in dict.fromkeys(one.command for one in chosen):
        sys.stdout.write(f"$ {command.line}\n")
        sys.stdout.flush()
        own = [one for one in chosen if one.command == command]
        at, load_before = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()), machine.load()
        done = trial.run(command, root, root / FOLDER)
        took = round(done.seconds, 1)
        base = Record("measured", command.line, at, commit, where, load_before, took)
        for one in own:
            records[one.name] = _shown(one, done, base, root)
        ordered = {one.name: records[one.name] for one in table.requirements if one.name in records}
        record.save(root / LAST, ordered)
        _pages(table, root, is_check=False)
        for one in own:
            found = records[one.name]
            mark = say(language, verdict(one, found)).strip("*")
            sys.stdout.write(f"  {one.name}: {figure(one, found, language)} – {mark}\n")
        if any(verdict(one, records[one.name]) != "met" for one in own):
            sys.stdout.write(f"  {say(language, 'log', log=done.log.relative_to(root))}\n")
        sys.stdout.flush()
    sys.stdout.write(conclusion(table.requirements, records, language).strip("*") + "\n")
    return 0 if all(verdict(one, records[one.name]) == "met" for one in chosen) else 1


def _shown(one: Requirement, done: trial.Trial, base: Record, root: Path) -> Record:
    """What a command that has been run says of one requirement."""
    base = replace(base, status=done.status)
    if done.end != "ended" or done.status is None:
        return replace(base, state="out_of_time" if done.end == "out_of_time" else "broke")
    try:
        found = read(one, done.status, root)
    except UnreadableError as error:
        with done.log.open("a", encoding="utf-8") as log:
            log.write(f"acceptance: {one.name}: {error}\n")
        return replace(base, state="unreadable")
    return replace(base, value=found.value, tests=found.tests)


def _pages(table: Table, root: Path, *, is_check: bool) -> int:
    """Write the pages, or name those that are not what the table and last.json say."""
    records, stale = record.load(root / LAST), []
    for language, name in PAGES.items():
        file = root / name
        made = page(table, records, language)
        if file.is_file() and file.read_text("utf-8") == made:
            continue
        stale.append(str(name))
        if not is_check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made, "utf-8")
    if stale and is_check:
        hint = "run: python -m acceptance --pages"
        sys.stderr.write(f"out of date: {', '.join(stale)}; {hint}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
