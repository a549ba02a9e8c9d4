"""A command of the version that is checked out now, as a process of its own that ends with us."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from raggen_cli import launch
from raggen_cli.commands import stop_group
from raggen_cli.errors import CheckError

SECONDS_TO_STOP = 20.0
# Read before anything is checked out: the other version may have it elsewhere.
LAUNCH = Path(launch.__file__).read_text("utf-8")


def run(root: Path, words: Sequence[str]) -> None:
    """Run `python3 bootstrap.py` with these words, and show what it says.

    Raises:
        CheckError: it failed.
        KeyboardInterrupt: passed on when it has ended.
    """
    # The Python that .venv was made with: the other version may have to make .venv anew.
    python = str(getattr(sys, "_base_executable", "") or "python3")
    guarded = [sys.executable, "-I", "-S", "-c", LAUNCH, "guard", str(os.getpid())]
    command = [*guarded, python, str(root / "bootstrap.py"), *words]
    with subprocess.Popen(command, cwd=root, start_new_session=True) as process:
        try:
            code = process.wait()
        except BaseException:
            stop_group(process, SECONDS_TO_STOP)
            raise
    if code:
        raise CheckError("upgrade_command_failed", command=f"bootstrap.py {words[0]}", code=code)
