"""`python -m acceptance` on tiny requirements: met, missed, crashing, hanging, and others."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from acceptance.__main__ import ROOT

# By name: the program, how it is read and what is demanded of it.
PROGRAMS = {
    "met": "json('met', 9)",
    "missed": "json('missed', 11)",
    "crashing": "json('crashing', 1); sys.exit(7)",
    "killed": "os.kill(os.getpid(), 9)",
    "silent": "pass",
    "hanging": "hang()",
}
PRELUDE = """
import os, subprocess, sys, time
def json(name, value):
    open(f"artifacts/{name}.json", "w").write('{"n": %s}' % value)
    open(f"ran-{name}", "a").write("x")
def hang():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open("pids", "w").write(f"{os.getpid()} {child.pid}")
    time.sleep(600)
"""
STATES = {
    "met": "measured",
    "missed": "measured",
    "crashing": "broke",
    "killed": "broke",
    "silent": "unreadable",
    "hanging": "out_of_time",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "acceptance").mkdir()
    (tmp_path / "artifacts").mkdir()
    write(tmp_path)
    return tmp_path


def write(repository: Path, bound: int = 10, **changed: str) -> None:
    lines = ["[areas]", 'tiny = { en = "Tiny", ru = "Малое" }', ""]
    for name, program in (PROGRAMS | changed).items():
        line = shlex.join([sys.executable, "-c", PRELUDE + program])
        lines += [
            f"[commands.{name}]",
            f"line = {json.dumps(line)}",
            f"seconds = {10 if name == 'hanging' else 60}",
            *(
                ['reader = "exit"']
                if name == "killed"
                else ['reader = "json"', f'file = "artifacts/{name}.json"']
            ),
        ]
    for name in PROGRAMS:
        lines += [
            "[[requirements]]",
            f'name = "{name}"\narea = "tiny"\ncommand = "{name}"\nen = "E"\nru = "Р"',
            *([] if name == "killed" else [f'figure = ["n"]\nat_most = {bound}']),
            'unit = { en = "ms", ru = "мс" }',
        ]
    (repository / "acceptance/requirements.toml").write_text("\n".join(lines), "utf-8")


def run(
    repository: Path, *arguments: str, language: str = "en"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "acceptance", "--root", str(repository), *arguments],
        cwd=ROOT,
        env={**os.environ, "RAGGEN_LANG": language},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def last(repository: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads((repository / "acceptance/last.json").read_text())
    return kept


def row(repository: Path, name: str, language: str = "en") -> list[str]:
    text = (repository / f"docs/{language}/acceptance.md").read_text("utf-8")
    [line] = [line for line in text.splitlines() if line.startswith(f"| `{name}` |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_everything_is_run_and_only_what_is_met_passes(repository: Path) -> None:
    done = run(repository)
    assert done.returncode == 1, done.stderr
    kept = last(repository)
    assert {name: one["state"] for name, one in kept.items()} == STATES
    assert [*kept] == [*PROGRAMS]
    assert kept["crashing"]["status"] == 7
    assert all(one["machine"]["cores"] > 0 and one["machine"]["memory_gib"] > 0
               for one in kept.values())  # fmt: skip
    assert {name: row(repository, name)[3:5] for name in PROGRAMS} == {
        "met": ["9 ms", "yes"],
        "missed": ["11 ms", "**no**"],
        "crashing": ["none: the command ended with 7", "**no**"],
        "killed": ["none: the command ended with -9", "**no**"],
        "silent": ["none: the command did not write it", "**no**"],
        "hanging": ["none: stopped after 10 s", "**no**"],
    }
    assert row(repository, "missed", "ru")[2:5] == ["≤ 10 мс", "11 мс", "**нет**"]
    assert "6 requirements: 1 met, 5 not met, 0 not measured yet" in done.stdout
    assert "its output: artifacts/acceptance/crashing.log" in done.stdout
    page = (repository / "docs/en/acceptance.md").read_text()
    assert "GiB of memory" in page


def test_what_hangs_is_stopped_with_what_it_started(repository: Path) -> None:
    started = time.monotonic()
    assert run(repository, "--only", "hanging").returncode == 1
    assert time.monotonic() - started < 60
    pids = [int(pid) for pid in (repository / "pids").read_text().split()]
    assert len(pids) == 2
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_one_alone_says_nothing_of_the_others(repository: Path) -> None:
    done = run(repository, "--only", "met")
    assert done.returncode == 0, done.stdout
    assert [*last(repository)] == ["met"]
    assert row(repository, "missed")[3:] == ["not measured yet", "–", "–"]
    assert "6 requirements: 1 met, 0 not met, 5 not measured yet" in done.stdout
    assert run(repository, "--only", "missed", "met").returncode == 1
    assert run(repository, "--only", "met", language="ru").stdout.count("9 мс – да") == 1


def test_the_figure_of_another_command_is_none(repository: Path) -> None:
    assert run(repository, "--only", "met").returncode == 0
    write(repository, met="json('met', 10)")
    assert run(repository, "--pages").returncode == 0
    assert row(repository, "met")[3:] == ["not measured yet", "–", "–"]


def test_a_tighter_bound_holds_at_once(repository: Path) -> None:
    assert run(repository, "--only", "met").returncode == 0
    write(repository, bound=8)
    assert run(repository, "--pages").returncode == 0
    assert row(repository, "met")[2:5] == ["≤ 8 ms", "9 ms", "**no**"]
    assert (repository / "ran-met").read_text() == "x"  # it was not run again for that


def test_a_file_of_an_earlier_run_is_not_read(repository: Path) -> None:
    (repository / "artifacts/silent.json").write_text('{"n": 1}')
    assert run(repository, "--only", "silent").returncode == 1
    assert last(repository)["silent"]["state"] == "unreadable"


def test_a_later_run_takes_the_place_of_a_figure(repository: Path) -> None:
    write(repository, met="sys.exit(5) if os.path.exists('broken') else json('met', 9)")
    assert run(repository, "--only", "met").returncode == 0
    (repository / "broken").touch()
    assert run(repository, "--only", "met").returncode == 1
    assert row(repository, "met")[3:5] == ["none: the command ended with 5", "**no**"]


def test_pages_that_are_out_of_date(repository: Path) -> None:
    assert run(repository, "--check").returncode == 1
    assert run(repository, "--pages").returncode == 0
    assert run(repository, "--check").returncode == 0
    page = repository / "docs/ru/acceptance.md"
    page.write_text(page.read_text() + "\n")
    done = run(repository, "--check")
    assert done.returncode == 1
    assert "docs/ru/acceptance.md" in done.stderr
    assert "docs/en" not in done.stderr


def test_what_cannot_be_run_at_all(repository: Path) -> None:
    done = run(repository, "--only", "nothing")
    assert done.returncode == 2
    assert "nothing" in done.stderr
    (repository / "acceptance/requirements.toml").write_text("no table")
    assert run(repository).returncode == 2


def test_the_pages_of_this_repository_are_up_to_date() -> None:
    done = run(ROOT, "--check")
    assert done.returncode == 0, done.stderr
