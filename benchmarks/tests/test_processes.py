"""What a benchmark starts is stopped, whatever happens to the benchmark."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from benchmarks.processes import BrokenError, OutOfTimeError, apart, one_core, running


def doubled(number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


def divided(number: int) -> float:
    return 1 / number


def ended() -> None:
    os._exit(7)


def parent_of_a_sleeper(file: Path) -> None:
    with running([sys.executable, "-c", "import time; time.sleep(600)"], file) as process:
        file.with_suffix(".pid").write_text(str(process.pid))
        time.sleep(600)


def test_the_answer_comes_from_another_process() -> None:
    answer, pid = apart(60, doubled, 21)
    assert answer == 42
    assert pid != os.getpid()


def test_an_error_and_an_end_are_told() -> None:
    with pytest.raises(BrokenError, match="ZeroDivisionError"):
        apart(60, divided, 0)
    with pytest.raises(BrokenError, match="status 7"):
        apart(60, ended)


def test_out_of_time_stops_what_was_started_too(tmp_path: Path) -> None:
    file = tmp_path / "sleeper.log"
    with pytest.raises(OutOfTimeError):
        apart(8, parent_of_a_sleeper, file)
    pid = int(file.with_suffix(".pid").read_text())
    assert not psutil.pid_exists(pid)


def test_a_program_ends_with_its_block(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"
    with running([sys.executable, "-c", stubborn], tmp_path / "log") as process:
        assert process.poll() is None
    assert process.returncode is not None
    assert not psutil.pid_exists(process.pid)


def test_one_core_is_inherited_and_given_back() -> None:
    count = [sys.executable, "-c", "import os; print(len(os.sched_getaffinity(0)))"]
    before = os.sched_getaffinity(0)
    with one_core():
        inside = subprocess.run(count, capture_output=True, text=True, check=True, timeout=60)
    assert int(inside.stdout) == 1
    assert os.sched_getaffinity(0) == before
