#!/usr/bin/env python3
"""First step of every command: a Python environment with raggen-cli in it, then raggen-cli itself.

    python3 bootstrap.py up            set everything up and start raggen
    python3 bootstrap.py setup --dev   what tests and linters need
    python3 bootstrap.py doctor        say what is wrong

Only the standard library is used, because nothing else is there yet. What is done is remembered by
a hash of its inputs, so a second time costs milliseconds. Everything with a progress bar is in
raggen-cli.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

NEEDED = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STATE = VENV / ".raggen"  # stamps live inside what they describe: deleting .venv forgets them too
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements" / "cli.txt"
PARTS = ("raggen-cli", "raggen-embed")

TEXTS = {
    "en": {
        "old": "raggen needs Python {needed} or newer; this is {found} ({path}).\n"
        "Install a newer one (Debian 12: sudo apt-get install python3) and run this again.",
        "windows": "raggen runs on Linux and macOS. On Windows, use it inside WSL.",
        "waiting": "Another set-up of this folder is running; waiting for it to finish.",
        "seconds": "{seconds} s",
        "venv": "Python environment (.venv)",
        "cli": "Command line (raggen)",
        "apt": "python3-venv from the system's packages",
        "no_venv": "This Python cannot make environments: the package {package} is missing.\n"
        "Install it, then run this again:\n\n    {command}\n",
        "no_disk": "The disk is full: free some space near {path} and run this again.",
        "failed": "This did not work: {command}\n\n{tail}\n\nRun it again once the cause is gone; "
        "it goes on where it stopped.",
        "stopped": "Stopped. Run it again: it goes on where it stopped.",
    },
    "ru": {
        "old": "raggen нужен Python {needed} или новее, а это {found} ({path}).\n"
        "Установите новее (Debian 12: sudo apt-get install python3) и запустите снова.",
        "windows": "raggen работает в Linux и macOS. В Windows запускайте его внутри WSL.",
        "waiting": "Эту папку уже настраивает другой процесс; ждём, пока он закончит.",
        "seconds": "{seconds} с",
        "venv": "Окружение Python (.venv)",
        "cli": "Командная строка (raggen)",
        "apt": "python3-venv из пакетов системы",
        "no_venv": "Этот Python не умеет создавать окружения: нет пакета {package}.\n"
        "Установите его и запустите снова:\n\n    {command}\n",
        "no_disk": "Диск заполнен: освободите место рядом с {path} и запустите снова.",
        "failed": "Не получилось: {command}\n\n{tail}\n\nКогда причина исчезнет, запустите снова: "
        "настройка продолжится с этого места.",
        "stopped": "Остановлено. Запустите снова: настройка продолжится с этого места.",
    },
}


class BootstrapError(Exception):
    """The set-up cannot go on; the text says what to do."""


def text(key: str, **values: object) -> str:
    """Return a sentence in the person's language (RAGGEN_LANG, else the locale's variables)."""
    names = ("RAGGEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "en")
    language = "ru" if chosen.lower().startswith("ru") else "en"
    return TEXTS[language][key].format(**values)


def say(line: str) -> None:
    """Print a line at once, also where the terminal cannot show every letter."""
    stream = sys.stderr
    encoding = stream.encoding or "ascii"
    stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()


@contextlib.contextmanager
def step(key: str) -> Iterator[None]:
    """Name what is being done, and how long it took once it is."""
    start = time.monotonic()
    yield
    seconds = f"{time.monotonic() - start:.1f}"
    say(f"  ✓ {text(key)}  {text('seconds', seconds=seconds)}")


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a command quietly; its output is shown only when it fails.

    Raises:
        BootstrapError: it ended with another code than 0, or is not there at all.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            close_fds=False,
            check=False,
        )
    except OSError as error:
        raise BootstrapError(text("failed", command=" ".join(command), tail=error)) from error
    if done.returncode == 0:
        return
    output = done.stdout.decode(errors="replace")
    if "No space left on device" in output:
        raise BootstrapError(text("no_disk", path=ROOT))
    tail = "\n".join(output.strip().splitlines()[-15:])
    raise BootstrapError(text("failed", command=" ".join(command), tail=tail))


def succeeds(*command: str) -> bool:
    """Tell whether a command exists and ends with 0, whatever it prints."""
    null = subprocess.DEVNULL
    try:
        done = subprocess.run(command, stdin=null, stdout=null, stderr=null, check=False)
    except OSError:
        return False
    return done.returncode == 0


def newer_python() -> str | None:
    """Return a Python on PATH that is new enough, for machines whose `python3` is not."""
    for minor in range(14, NEEDED[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    return None


def check_python(arguments: list[str]) -> None:
    """Stop with a sentence on a Python that is too old, or go on in a newer one.

    Raises:
        BootstrapError: no Python here is new enough, or this is Windows.
    """
    if os.name != "posix":
        raise BootstrapError(text("windows"))
    if tuple(sys.version_info[:2]) >= NEEDED:
        return
    newer = newer_python()
    if newer:
        os.execv(newer, [newer, str(Path(__file__).resolve()), *arguments])  # noqa: S606 - no shell
    found = ".".join(str(part) for part in sys.version_info[:3])
    needed = ".".join(str(part) for part in NEEDED)
    raise BootstrapError(text("old", needed=needed, found=found, path=sys.executable))


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Let one set-up of this folder run at a time.

    Commands inherit the lock: where this process is killed, a pip still writing holds it on.
    """
    import fcntl  # not on Windows, where check_python has spoken already

    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "setup.lock").open("a") as lock:
        os.set_inheritable(lock.fileno(), True)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(text("waiting"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fingerprint() -> str:
    """Return the hash of everything that the environment's first layer is made from.

    The base interpreter is part of it: after an upgrade of the system's Python from 3.11 to 3.12
    the links in .venv/bin point at a Python that looks for its packages elsewhere.
    """
    digest = hashlib.sha256()
    for part in (Path(__file__).resolve(), REQUIREMENTS):
        digest.update(part.read_bytes())
    digest.update(str(PYTHON.resolve()).encode())
    return digest.hexdigest()


def is_current() -> bool:
    """Tell whether nothing is left to do."""
    stamp = STATE / "cli.stamp"
    return PYTHON.exists() and stamp.is_file() and stamp.read_text() == fingerprint()


def is_whole() -> bool:
    """Tell whether .venv is an environment that works: made to the end, and able to import pip."""
    if (STATE / "making").exists() or not PYTHON.exists():
        return False
    return succeeds(
        str(PYTHON), "-I", "-c", "import pip, sys; sys.exit(sys.prefix == sys.base_prefix)"
    )


def can_make_environments() -> bool:
    """Tell whether this Python has venv and ensurepip (Debian puts them in a package of their own).

    Asked of a new process each time: this one would remember that they were missing.
    """
    return succeeds(sys.executable, "-c", "import ensurepip, venv")


def ensure_venv_module() -> None:
    """Install Debian's package for environments where it is missing and we may, or say how to.

    Raises:
        BootstrapError: it is missing, with the exact command.
    """
    if can_make_environments():
        return
    package = f"python3.{sys.version_info[1]}-venv"
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    may_install = os.geteuid() == 0 and shutil.which("apt-get")
    if may_install:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        with step("apt"):
            run(["apt-get", "update"], quiet)
            run(install, quiet)
    if not can_make_environments():
        command = f"sudo apt-get update && sudo apt-get install -y {package}"
        raise BootstrapError(text("no_venv", package=package, command=command))


def make_environment() -> None:
    """Make .venv, or make it again where an earlier try was cut off."""
    ensure_venv_module()
    with step("venv"):
        for entry in VENV.iterdir():
            if entry == STATE:  # holds the lock that we hold
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        for stamp in STATE.glob("*.stamp"):
            stamp.unlink()
        marker = STATE / "making"
        marker.touch()
        run([sys.executable, "-m", "venv", str(VENV)])
        marker.unlink()


def install_cli() -> None:
    """Install what raggen-cli needs, and make raggen's own parts importable.

    A .pth file with relative lines does what an editable install would do, without a build, and
    still holds after the folder was moved. (https://docs.python.org/3/library/site.html)
    """
    with step("cli"):
        run([
            str(PYTHON), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
            "--require-hashes", "--no-deps", "-r", str(REQUIREMENTS),
        ])  # fmt: skip
        (packages,) = VENV.glob("lib/python3*/site-packages")
        above = "/".join([".."] * len(packages.relative_to(ROOT).parts))
        (packages / "raggen.pth").write_text("".join(f"{above}/{part}\n" for part in PARTS))


def prepare() -> None:
    """Bring .venv to where raggen-cli can take over; do nothing where it is there already."""
    if is_current():
        return
    with only_one():
        if is_current():  # the one we waited for has done it
            return
        if not is_whole():
            make_environment()
        install_cli()
        (STATE / "cli.stamp").write_text(fingerprint())


def main(arguments: list[str]) -> int:
    """Prepare the environment and become raggen-cli; return an exit code only where that fails."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        check_python(arguments)
        prepare()
    except BootstrapError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(text("no_disk", path=ROOT) if error.errno == errno.ENOSPC else str(error))
        return 1
    except KeyboardInterrupt:
        say("\n" + text("stopped"))
        return 130
    # -I: neither the current folder nor PYTHONPATH may put other modules in front of ours.
    command = [str(PYTHON), "-I", "-m", "raggen_cli", *(arguments or ["--help"])]
    return os.execv(PYTHON, command)  # noqa: S606 - no shell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
