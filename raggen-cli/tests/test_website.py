import json
from pathlib import Path

import pytest

from raggen_cli import layout, website
from raggen_cli.commands import Commands
from raggen_cli.layout import Layout


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "raggen-web"
    (folder / "node_modules").mkdir(parents=True)
    packages: dict[str, dict[str, object]] = {
        "": {"name": "raggen-web"},
        "node_modules/next": {"version": "16.4.5"},
        "node_modules/@next/swc-darwin": {"version": "16.4.5", "optional": True},
    }
    (folder / "package-lock.json").write_text(json.dumps({"packages": packages}))
    there = {"node_modules/next": {"version": "16.4.5"}}
    write_note(folder, there)
    return folder


def write_note(web: Path, packages: dict[str, dict[str, str]]) -> None:
    note = web / "node_modules" / ".package-lock.json"
    note.write_text(json.dumps({"packages": packages}))


def test_what_npm_noted_is_installed(web: Path) -> None:
    assert website.is_installed(web)


@pytest.mark.parametrize(
    "there",
    [
        {},
        {"node_modules/next": {"version": "16.4.4"}},
        {"node_modules/next": {"version": "16.4.5"}, "node_modules/old": {"version": "1.0"}},
    ],
)
def test_a_difference_is_not_installed(web: Path, there: dict[str, dict[str, str]]) -> None:
    write_note(web, there)
    assert not website.is_installed(web)


def test_a_killed_npm_leaves_no_note(web: Path) -> None:
    (web / "node_modules" / ".package-lock.json").unlink()
    assert not website.is_installed(web)


def test_packages_that_are_there_are_not_installed_again(web: Path, tmp_path: Path) -> None:
    """There is no npm in this layout, so that running it would fail."""
    place = Layout(tmp_path, tmp_path / "packages")
    step = website.install_step(place, Commands(tmp_path / "log", {}))
    assert not step.is_done()
    step.run(lambda _line: None)
    assert step.is_done()
    (web / "package.json").write_text("{}")
    assert not step.is_done()


def test_every_input_of_the_build_exists() -> None:
    place = layout.find()
    inputs = {*website.INSTALLED_FROM, *website.GENERATED_FROM, *website.BUILT_FROM}
    inputs.remove("public")  # may be empty, and then git does not keep it
    assert [name for name in sorted(inputs) if not (place.web / name).exists()] == []


def test_npm_runs_with_node_from_the_wheel(tmp_path: Path) -> None:
    place = layout.find()
    lines: list[str] = []
    commands = Commands(tmp_path / "log", {"PATH": f"{place.node.parent}:/usr/bin:/bin"})
    commands.run(website.npm(place, "--version"), cwd=tmp_path, detail=lines.append)
    assert lines
    assert lines[-1].startswith("11.")
