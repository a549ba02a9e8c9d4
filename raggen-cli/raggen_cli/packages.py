"""Python packages, from the pinned lists in requirements/."""

import csv
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from raggen_cli import stamps
from raggen_cli.commands import Commands
from raggen_cli.layout import Layout
from raggen_cli.steps import Detail, Step, stamped

HASHED = ("--require-hashes", "--no-deps")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?P<rest>.*)$")


@dataclass(frozen=True)
class Pin:
    """A package at a version, as a list names it."""

    name: str
    version: str

    @property
    def key(self) -> str:
        """The name as the standard compares it (https://peps.python.org/pep-0503/)."""
        return re.sub(r"[-_.]+", "-", self.name).lower()


def pins(requirements: Path) -> Iterator[Pin]:
    """Yield the packages that every machine needs; lines with a marker are pip's to judge."""
    for line in requirements.read_text().splitlines():
        match = PIN.match(line)
        if match and ";" not in match["rest"]:
            yield Pin(match["name"], match["version"])


def installed(packages: Path) -> dict[str, Path]:
    """Return the .dist-info folder of every installed package, by `name==version`.

    A build's local part is left out: 2.13.0+cpu answers for 2.13.0.
    """
    found = {}
    for folder in packages.glob("*.dist-info"):
        name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
        found[f"{Pin(name, version).key}=={version.partition('+')[0]}"] = folder
    return found


def missing(requirements: Path, packages: Path) -> list[Pin]:
    """Return the packages of a list that are not there at their version."""
    there = installed(packages)
    return [pin for pin in pins(requirements) if f"{pin.key}=={pin.version}" not in there]


def is_damaged(info: Path) -> bool:
    """Tell whether a package has lost files, or has some of another size than it came with.

    An installation that was killed can leave a package that looks installed to pip. Its RECORD,
    written last, names every file (https://packaging.python.org/en/latest/specifications/).
    """
    try:
        with (info / "RECORD").open(newline="") as record:
            rows = list(csv.reader(record))
    except OSError:
        return True
    for name, *_, size in (row for row in rows if len(row) == 3):
        file = info.parent / name
        if name.endswith(".pyc") or not size:
            continue
        try:
            if file.stat().st_size != int(size):
                return True
        except OSError:
            return True
    return False


def damaged(requirements: Path, packages: Path) -> dict[str, Path]:
    """Return the packages of a list that are installed, but not whole: name and .dist-info."""
    there = installed(packages)
    found = ((pin.name, there.get(f"{pin.key}=={pin.version}")) for pin in pins(requirements))
    return {name: info for name, info in found if info is not None and is_damaged(info)}


def install(layout: Layout, commands: Commands, name: str, detail: Detail, *, hashed: bool) -> None:
    """Install a list, and put right what an earlier, killed installation left broken.

    Raises:
        SetupError: pip failed.
    """
    requirements = layout.requirements / name
    command = [sys.executable, "-I", "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", *(HASHED if hashed else ())]
    command += ["-r", str(requirements)]
    commands.run(command, cwd=layout.root, detail=detail)
    broken = damaged(requirements, layout.packages)
    if broken:
        for info in broken.values():
            shutil.rmtree(info)  # without it pip takes the package for missing
        commands.run(command, cwd=layout.root, detail=detail)


def step(
    layout: Layout, commands: Commands, name: str, megabytes: int, *, hashed: bool = True
) -> Step:
    """Return the step that installs requirements/`name`.txt."""
    requirements = layout.requirements / f"{name}.txt"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return stamped(
        f"step_{name.replace('-', '_')}",
        megabytes,
        layout.state / f"{name}.stamp",
        lambda: stamps.fingerprint([requirements], layout.root, python),
        lambda detail: install(layout, commands, requirements.name, detail, hashed=hashed),
        is_there=lambda: not missing(requirements, layout.packages),
    )
