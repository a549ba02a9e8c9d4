"""bootstrap.py in a copy of the repository, with one tiny package and a raggen_cli that prints.

A real environment is made with a real pip, but nothing is fetched.
"""

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from raggen_cli import layout

BOOTSTRAP = layout.find().root / "bootstrap.py"
BASE_PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"

# Stands in front of Python's own modules and hides ensurepip until `apt-get` was asked for it.
HIDE_ENSUREPIP = """
import importlib.abc, os, sys
os.geteuid = lambda: int(os.environ["PRETENDED_UID"])
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "ensurepip" and not os.path.exists(os.environ["INSTALLED"]):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
"""


def write_wheel(folder: Path) -> str:
    """Write a wheel with one module, and return its sha256."""
    info = "tiny_thing-1.0.dist-info"
    files = {
        "tiny_thing.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny_thing\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{name},sha256="
        f"{base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()}"
        f",{len(text)}\n"
        for name, text in files.items()
    )
    wheel = folder / "tiny_thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(name, text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@dataclass
class Copy:
    """A repository of its own."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def run(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [BASE_PYTHON, self.root / "bootstrap.py", *arguments], capture_output=True, text=True,
            env={**self.environment, **variables}, cwd=self.root, timeout=120, check=False,
        )  # fmt: skip

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [BASE_PYTHON, self.root / "bootstrap.py", "up"],
            env=self.environment, cwd=self.root,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy whose environment was made once; take copies of it, leave it as it is."""
    copy = fresh(tmp_path_factory.mktemp("made"))
    done = copy.run("up", "--port", "1")
    assert done.returncode == 0, done.stderr
    return copy


def fresh(folder: Path) -> Copy:
    root, wheels = folder / "repo", folder / "wheels"
    for made in (root / "requirements", root / "raggen-cli" / "raggen_cli", wheels):
        made.mkdir(parents=True)
    shutil.copy(BOOTSTRAP, root)
    sha256 = write_wheel(wheels)
    (root / "requirements" / "cli.txt").write_text(f"tiny_thing==1.0 --hash=sha256:{sha256}\n")
    (root / "raggen-cli" / "raggen_cli" / "__main__.py").write_text(
        "import sys, tiny_thing\nprint('raggen_cli', *sys.argv[1:])\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_CONFIG_FILE": os.devnull,
    }
    return Copy(root, environment)


@pytest.fixture
def copy(made: Copy, tmp_path: Path) -> Copy:
    """A moved copy of the made one; nothing in it may know where it was made."""
    shutil.copytree(made.root, tmp_path / "moved", symlinks=True)
    return Copy(tmp_path / "moved", made.environment)


def test_the_second_time_costs_nothing(copy: Copy) -> None:
    began = time.monotonic()
    done = copy.run("doctor", "--json")
    assert (done.stdout, done.stderr) == ("raggen_cli doctor --json\n", "")
    assert time.monotonic() - began < 2


def test_without_arguments_it_helps(copy: Copy) -> None:
    assert copy.run().stdout == "raggen_cli --help\n"


def test_a_folder_of_the_person_is_not_in_the_way(copy: Copy, tmp_path: Path) -> None:
    (copy.root / "tiny_thing.py").write_text("raise SystemExit('wrong one')")
    done = copy.run("up", PYTHONPATH=str(copy.root))
    assert done.stdout == "raggen_cli up\n", done.stderr


def test_a_changed_list_is_installed(copy: Copy) -> None:
    requirements = copy.root / "requirements" / "cli.txt"
    requirements.write_text(requirements.read_text() + "# changed\n")
    done = copy.run("up")
    assert "Command line (raggen)" in done.stderr
    assert "Python environment" not in done.stderr
    assert done.stdout == "raggen_cli up\n"
    assert copy.run("up").stderr == ""


def test_a_hash_that_differs_stops_it(copy: Copy) -> None:
    (copy.root / "requirements" / "cli.txt").write_text(
        f"tiny_thing==1.0 --hash=sha256:{'0' * 64}\n"
    )
    shutil.rmtree(next(copy.venv.glob("lib/python3*/site-packages/tiny_thing-1.0.dist-info")))
    done = copy.run("up")
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("damage", ["no_python", "no_pip", "marker", "file_instead"])
def test_a_half_made_environment_is_made_again(copy: Copy, damage: str) -> None:
    match damage:
        case "no_python":
            shutil.rmtree(copy.venv / "bin")
        case "no_pip":
            shutil.rmtree(next(copy.venv.glob("lib/python3*/site-packages/pip")))
            (copy.venv / ".raggen" / "cli.stamp").unlink()
        case "marker":
            (copy.venv / ".raggen" / "making").touch()
            (copy.venv / ".raggen" / "cli.stamp").unlink()
        case "file_instead":
            shutil.rmtree(copy.venv / "lib")
            (copy.venv / "lib").touch()
            (copy.venv / ".raggen" / "cli.stamp").unlink()
    (copy.venv / ".raggen" / "runtime.stamp").write_text("of what was there before")
    done = copy.run("up")
    assert "Python environment (.venv)" in done.stderr
    assert done.stdout == "raggen_cli up\n"
    assert not (copy.venv / ".raggen" / "runtime.stamp").exists()


def test_killed_in_the_middle_it_is_repaired(
    tmp_path: Path, eventually: Callable[..., bool]
) -> None:
    copy = fresh(tmp_path)
    process = copy.start()
    assert eventually((copy.venv / ".raggen" / "making").exists)
    assert eventually(lambda: (copy.venv / "lib").exists())
    process.kill()
    process.communicate()
    done = copy.run("up")
    assert done.stdout == "raggen_cli up\n", done.stderr


def test_ctrl_c_is_one_calm_line(tmp_path: Path, eventually: Callable[..., bool]) -> None:
    copy = fresh(tmp_path)
    copy.environment["RAGGEN_LANG"] = "ru"
    process = copy.start()
    assert eventually((copy.venv / ".raggen" / "making").exists)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=30)[0].decode()
    assert process.returncode == 130
    assert output.strip() == "Остановлено. Запустите снова: настройка продолжится с этого места."


def test_two_at_once_make_one_environment(tmp_path: Path) -> None:
    copy = fresh(tmp_path)
    outputs = []
    both = [copy.start(), copy.start()]
    for process in both:
        outputs.append(process.communicate(timeout=120)[0].decode())
        assert process.returncode == 0, outputs
    assert sum("Python environment (.venv)" in output for output in outputs) == 1
    assert sum("waiting for it to finish" in output for output in outputs) == 1
    assert all(output.endswith("raggen_cli up\n") for output in outputs)


@pytest.fixture
def no_ensurepip(tmp_path: Path) -> Copy:
    """A fresh copy on a Python that has no ensurepip, as on Debian without python3-venv."""
    copy = fresh(tmp_path)
    (tmp_path / "hide").mkdir()
    (tmp_path / "hide" / "sitecustomize.py").write_text(HIDE_ENSUREPIP)
    apt = tmp_path / "bin" / "apt-get"
    apt.parent.mkdir()
    apt.write_text('#!/bin/sh\necho "$@" >> "$INSTALLED.log"\n'
                   '[ "$1" = update ] || : > "$INSTALLED"\n')  # fmt: skip
    apt.chmod(0o755)
    copy.environment |= {
        "PYTHONPATH": str(tmp_path / "hide"),
        "PATH": f"{apt.parent}:{copy.environment['PATH']}",
        "INSTALLED": str(tmp_path / "installed"),
    }
    return copy


def test_without_ensurepip_root_installs_it(no_ensurepip: Copy, tmp_path: Path) -> None:
    done = no_ensurepip.run("up", PRETENDED_UID="0")
    assert done.stdout == "raggen_cli up\n", done.stderr
    package = f"python3.{sys.version_info[1]}-venv"
    assert (tmp_path / "installed.log").read_text().splitlines() == [
        "update",
        f"install -y --no-install-recommends {package}",
    ]


def test_without_ensurepip_others_hear_the_command(no_ensurepip: Copy, tmp_path: Path) -> None:
    done = no_ensurepip.run("up", PRETENDED_UID="1000")
    assert done.returncode == 1
    package = f"python3.{sys.version_info[1]}-venv"
    assert f"sudo apt-get update && sudo apt-get install -y {package}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "installed.log").exists()


def test_an_older_python_hears_what_to_do(copy: Copy, tmp_path: Path) -> None:
    """The real file, told that it runs on 3.9, on a PATH without any other Python."""
    code = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = ['bootstrap.py'];"
        f"runpy.run_path({str(copy.root / 'bootstrap.py')!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [BASE_PYTHON, "-c", code], capture_output=True, text=True, timeout=30, check=False,
        env={"PATH": str(tmp_path / "empty"), "LANG": "ru_RU.UTF-8", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 1
    assert "нужен Python 3.11 или новее, а это 3.9.2" in done.stderr


def test_both_languages_have_the_same_sentences() -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("bootstrap", BOOTSTRAP)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TEXTS["en"].keys() == module.TEXTS["ru"].keys()
