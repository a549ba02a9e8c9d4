import asyncio
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from raggen_cli import logs


def test_a_small_log_stays(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("a")
    logs.rotate(log, limit=1)
    assert log.read_text() == "a"


def test_the_newest_few_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "x.log"
    for number in range(6):
        logs.rotate(log, limit=1)
        log.write_text(f"run {number}")
    kept = {path.name: path.read_text() for path in log.parent.iterdir()}
    assert kept == {
        "x.log": "run 5",
        "x.log.1": "run 4",
        "x.log.2": "run 3",
        "x.log.3": "run 2",
    }


def test_the_tail_is_of_one_run(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("old\n")
    since = logs.size(log)
    with log.open("a") as file:
        file.write("".join(f"line {number}\n" for number in range(5)))
    assert logs.tail(log, 3, since=since) == ["line 2", "line 3", "line 4"]
    assert logs.tail(log, 99, since=since)[0] == "line 0"


def test_there_may_be_no_log(tmp_path: Path) -> None:
    assert logs.tail(tmp_path / "none") == []
    assert logs.size(tmp_path / "none") == 0


WRITER = """
import sys, time
for number in range(int(sys.argv[1])):
    print(f"line {number:06}", flush=True)
    time.sleep(0.0002)
"""


def writer(log: Path, lines: int) -> subprocess.Popen[bytes]:
    """A process with the log as its output, opened as `child.start` opens it."""
    with log.open("ab") as file:
        return subprocess.Popen([sys.executable, "-c", WRITER, str(lines)], stdout=file)


def test_a_log_in_use_is_rotated(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    lines, rotations = 8000, 0
    with writer(log, lines) as process:
        while process.poll() is None:
            # A twelfth of what is written: enough rotations for a machine with other work, too.
            rotations += logs.rotate_in_use(log, limit=8_000)
            time.sleep(0.005)
    assert rotations > logs.KEPT
    files = [log, *(logs.numbered(log, number) for number in range(1, logs.KEPT + 1))]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert all(file.stat().st_size < 100_000 for file in files)
    # Every line is whole (no holes of zeros where the file was emptied), in order, and next to none
    # is missing.
    kept = [line for file in reversed(files) for line in file.read_text().splitlines()]
    assert all(re.fullmatch(r"line \d{6}", line) for line in kept)
    numbers = [int(line[5:]) for line in kept]
    assert numbers == sorted(numbers)
    assert numbers[-1] == lines - 1
    assert len(numbers) >= (numbers[-1] - numbers[0] + 1) * 0.99


def test_a_log_that_cannot_be_copied_stays(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("a" * 100)
    (tmp_path / "x.log.new").mkdir()
    with pytest.raises(OSError, match="new"):
        logs.rotate_in_use(log, limit=10)
    assert log.read_text() == "a" * 100


def test_all_logs_of_a_folder_are_kept_small(tmp_path: Path) -> None:
    async def run() -> None:
        keeping = asyncio.create_task(logs.keep_small(tmp_path, limit=10, every_seconds=0.01))
        for _ in range(200):
            await asyncio.sleep(0.02)
            if (tmp_path / "web.log.1").exists() and (tmp_path / "embed.log.1").exists():
                break
        keeping.cancel()

    for name in ("web", "embed"):
        (tmp_path / f"{name}.log").write_text("x" * 50)
    asyncio.run(run())
    assert (tmp_path / "web.log.1").read_text() == "x" * 50
    assert (tmp_path / "embed.log").read_text() == ""


def test_the_tail_of_a_log_that_was_rotated(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_text("old " * 100)
    since = logs.size(log)
    with log.open("ab", buffering=0) as file:
        file.write(b"more\n")
        logs.rotate_in_use(log, limit=10)
        file.write(b"why it ended\n")
    assert logs.tail(log, since=since) == ["why it ended"]
