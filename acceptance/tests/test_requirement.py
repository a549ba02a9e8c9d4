"""The table: what is wrong with it is said, and the real one can be run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from acceptance.__main__ import ROOT, TABLE
from acceptance.requirement import LANGUAGES, TableError, load

WHOLE = """
[variables]
PLACE = "here"
[areas]
a = { en = "A", ru = "А" }
[commands.one]
line = "look $PLACE"
seconds = 1
reader = "json"
file = "left"
[commands.two]
line = "look"
seconds = 1
reader = "exit"
[[requirements]]
name = "first"
area = "a"
command = "one"
figure = ["n"]
at_least = 1
en = "E"
ru = "Р"
[[requirements]]
name = "second"
area = "a"
command = "two"
en = "E"
ru = "Р"
"""


def table(folder: Path, text: str) -> Path:
    file = folder / "table.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_table(tmp_path: Path) -> None:
    first, second = load(table(tmp_path, WHOLE), {}).requirements
    assert (first.sign, first.bound, first.figure) == ("≥", 1, ("n",))
    assert (second.sign, second.bound) == ("≤", 0)
    assert first.is_met(1)
    assert not first.is_met(0.999)
    assert not first.is_met(float("nan"))
    assert second.is_met(0)
    assert not second.is_met(1)


def test_a_variable_changes_what_is_run_and_not_what_is_shown(tmp_path: Path) -> None:
    first, _ = load(table(tmp_path, WHOLE), {"PLACE": "in two words"}).requirements
    assert first.command.line == "look here"
    assert first.command.words == ("look", "in two words")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('name = "second"', 'name = "first"', "said twice: first"),
        ('area = "a"', 'area = "b"', "no such area: b"),
        ('command = "two"', 'command = "one"\nfigure = ["n"]\nat_most = 1', "nobody reads.*two"),
        ('command = "two"', 'command = "three"', "three"),
        ("at_least = 1", "", "first needs"),
        ("at_least = 1", "at_least = 1\nat_most = 2", "first needs"),
        ('figure = ["n"]', "", "first needs"),
        ('command = "two"', 'command = "two"\nat_most = 5', "second: a bound"),
        ('reader = "exit"', 'reader = "eyes"', "eyes"),
        ('reader = "exit"', 'reader = "exit"\nfile = "left"', "a file"),
        ('file = "left"', "", "a file"),
        ("$PLACE", "$ELSEWHERE", "ELSEWHERE"),
        ('ru = "А"', 'de = "A"', "ru"),
        ("seconds = 1", "seconds = ", "table.toml"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, before: str, after: str, said: str) -> None:
    file = table(tmp_path, WHOLE.replace(before, after))
    with pytest.raises(TableError, match=said):
        load(file, {})


def test_a_missing_table(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="nowhere"):
        load(tmp_path / "nowhere.toml")


def test_release_1_0_is_whole() -> None:
    real = load(ROOT / TABLE, {})
    areas = {one.area for one in real.requirements}
    assert areas == set(real.areas)
    assert set(areas) == {
        *("vectors", "search", "prompts", "indication"),
        *("time", "memory", "tests", "documentation"),
    }
    for one in real.requirements:
        for language in LANGUAGES:
            is_russian = bool(re.search("[а-яё]", one.text[language]))
            assert is_russian is (language == "ru"), one.name
            assert "|" not in one.text[language], one.name


def test_what_its_commands_name_is_there() -> None:
    """No test of ours is renamed without this table: a typo would be noticed only by a long run."""
    commands = {one.command.name: one.command for one in load(ROOT / TABLE, {}).requirements}
    for command in commands.values():
        assert command.seconds <= 900
        program = command.words[0]
        assert program.startswith((".venv/bin/", "bin/"))
        if not program.startswith(".venv"):
            assert (ROOT / program).is_file()
        if "-m" in command.words:
            module = command.words[command.words.index("-m") + 1].replace(".", "/")
            assert (ROOT / f"{module}.py").is_file() or (ROOT / module / "__main__.py").is_file()
        for word in command.words:
            if re.match(r"[\w-]+/tests|e2e/", word):
                assert (ROOT / word).exists(), word
        if command.file is not None:
            # It, or the folder of a report that has several files.
            told = (command.file, str(Path(command.file).parent))
            assert any(word.endswith(told) for word in command.words), command.name
        if command.reader == "junit":
            assert command.exits == (0, 1), command.name


def test_tests_that_are_named_are_there() -> None:
    """Each pattern of cases names a file of tests that exists."""
    for one in load(ROOT / TABLE, {}).requirements:
        for pattern in one.cases:
            file, _, _ = pattern.partition("::")
            web = ROOT / "raggen-web" / file
            python = ROOT / "raggen-embed" / (file.removeprefix("*").replace(".", "/") + ".py")
            assert web.is_file() or python.is_file(), pattern
