"""One run of a command: bounded in time, its output in a log, nothing left behind."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.processes import running

from acceptance.requirement import Command


@dataclass(frozen=True)
class Trial:
    """How it ended.

    Args:
        end: `ended` with a status that tells figures; `broke` with another, or never started;
            `out_of_time`, stopped.
        status: of the process; None where there is none.
        seconds: it took.
        log: its output.
    """

    end: Literal["ended", "broke", "out_of_time"]
    status: int | None
    seconds: float
    log: Path


def run(command: Command, root: Path, folder: Path) -> Trial:
    """Run a command in ``root``, its output in ``folder``.

    A file that it should write is removed first: one of an earlier run must not be read for it.
    """
    if command.file is not None:
        file = root / command.file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
    log = folder / f"{command.name}.log"
    log.unlink(missing_ok=True)
    started, stopped_after = time.monotonic(), None
    status: int | None = None
    end: Literal["ended", "broke", "out_of_time"]
    try:
        with running(command.words, log, directory=root) as process:
            status = process.wait(command.seconds)
        end = "ended" if command.tells(status) else "broke"
    except subprocess.TimeoutExpired:
        end, stopped_after = "out_of_time", command.seconds
    except OSError as error:
        log.write_text(f"{error}\n", "utf-8")
        end = "broke"
    # Stopping takes a while, too: that is not the command's time.
    return Trial(end, status, stopped_after or time.monotonic() - started, log)
