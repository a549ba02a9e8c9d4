import base64
import hashlib
import os
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from raggen_cli import packages
from raggen_cli.commands import Commands
from raggen_cli.errors import SetupError
from raggen_cli.layout import Layout
from raggen_cli.packages import Pin


def build_wheel(folder: Path, name: str, version: str = "1.0") -> Path:
    """Write a wheel with one module, by hand: nothing is fetched and nothing is built."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        rows.append(f"{path},sha256={digest.decode()},{len(text)}\n")
    files[f"{info}/RECORD"] = "".join(rows) + f"{info}/RECORD,,\n"
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


@dataclass
class World:
    """A repository whose list holds one package, and an empty place to install it to."""

    layout: Layout
    commands: Commands
    wheel: Path

    @property
    def list(self) -> Path:
        return self.layout.requirements / "runtime.txt"

    def pin(self, sha256: str | None = None) -> None:
        digest = sha256 or hashlib.sha256(self.wheel.read_bytes()).hexdigest()
        self.list.write_text(f"tiny-thing==1.0 \\\n    --hash=sha256:{digest}\n")


@pytest.fixture
def world(tmp_path: Path) -> World:
    root, target, wheels = tmp_path / "repo", tmp_path / "target", tmp_path / "wheels"
    for folder in (root / "requirements", target, wheels):
        folder.mkdir(parents=True)
    wheel = build_wheel(wheels, "tiny_thing")
    environment = {
        **os.environ,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_TARGET": str(target),
        "PIP_UPGRADE": "1",  # into a target, pip leaves files that are there alone without it
        "PIP_CONFIG_FILE": os.devnull,
    }
    found = World(Layout(root, target), Commands(tmp_path / "log", environment), wheel)
    found.pin()
    return found


def nothing(_line: str) -> None:
    pass


def test_a_list_is_installed_once(world: World) -> None:
    step = packages.step(world.layout, world.commands, "runtime", 1)
    assert not step.is_done()
    step.run(nothing)
    assert (world.layout.packages / "tiny_thing.py").exists()
    assert step.is_done()
    assert packages.step(world.layout, world.commands, "runtime", 1).is_done()


def test_a_changed_list_is_installed_again(world: World) -> None:
    step = packages.step(world.layout, world.commands, "runtime", 1)
    step.run(nothing)
    world.list.write_text(world.list.read_text() + "# a comment\n")
    assert not step.is_done()


def test_a_package_that_was_taken_away_is_noticed(world: World) -> None:
    step = packages.step(world.layout, world.commands, "runtime", 1)
    step.run(nothing)
    (world.layout.packages / "tiny_thing-1.0.dist-info").rename(
        world.layout.packages / "tiny_thing-0.9.dist-info"
    )
    assert packages.missing(world.list, world.layout.packages) == [Pin("tiny-thing", "1.0")]
    assert not step.is_done()


def test_another_hash_is_refused(world: World) -> None:
    world.pin("0" * 64)
    with pytest.raises(SetupError, match="hashes_differ"):
        packages.step(world.layout, world.commands, "runtime", 1).run(nothing)
    assert not (world.layout.packages / "tiny_thing.py").exists()


@pytest.mark.parametrize("damage", ["gone", "half", "no_record"])
def test_damage_shows_and_is_put_right(world: World, damage: str) -> None:
    step = packages.step(world.layout, world.commands, "runtime", 1)
    step.run(nothing)
    assert packages.damaged(world.list, world.layout.packages) == {}
    module = world.layout.packages / "tiny_thing.py"
    match damage:
        case "gone":
            module.unlink()
        case "half":
            module.write_text("VER")
        case "no_record":
            (world.layout.packages / "tiny_thing-1.0.dist-info" / "RECORD").unlink()
    assert list(packages.damaged(world.list, world.layout.packages)) == ["tiny-thing"]
    step.run(nothing)
    assert packages.damaged(world.list, world.layout.packages) == {}
    assert "VERSION" in module.read_text()


def test_pins_leave_markers_to_pip(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(
        "# comment\nOne.Thing==1.0 \\\n    --hash=sha256:aa\n"
        "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:bb\n"
        "two-things==2.0 --hash=sha256:cc\n"
    )
    assert list(packages.pins(file)) == [Pin("One.Thing", "1.0"), Pin("two-things", "2.0")]
    assert Pin("One.Thing", "1.0").key == "one-thing"


def test_a_local_build_answers_for_its_version(tmp_path: Path) -> None:
    (tmp_path / "torch-2.13.0+cpu.dist-info").mkdir()
    assert "torch==2.13.0" in packages.installed(tmp_path)


def test_this_environment_is_whole() -> None:
    """The real lists against the real environment: what `raggen doctor` says here."""
    from raggen_cli import layout

    place = layout.find()
    for name in ("cli", "runtime", "models"):
        file = place.requirements / f"{name}.txt"
        assert packages.missing(file, place.packages) == []
        assert packages.damaged(file, place.packages) == {}
    assert sys.prefix != sys.base_prefix
