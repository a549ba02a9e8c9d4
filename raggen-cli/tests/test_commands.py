import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from raggen_cli.commands import Commands
from raggen_cli.errors import SetupError


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "logs" / "setup.log", {**os.environ, "WORD": "passed on"})


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_output_goes_to_the_log_and_to_the_screen(commands: Commands, tmp_path: Path) -> None:
    lines: list[str] = []
    code = "import os; print(os.environ['WORD']); print(os.getcwd())"
    commands.run(python(code), cwd=tmp_path, detail=lines.append)
    assert lines == ["passed on", str(tmp_path)]
    log = commands.log.read_text()
    assert log.startswith("$ ")
    assert "passed on" in log


@pytest.mark.parametrize(
    ("output", "key"),
    [
        ("something else", "step_failed"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk_full"),
        ("npm error code ENOSPC", "disk_full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS", "hashes_differ"),
        ("npm error code EAI_AGAIN", "no_network"),
    ],
)
def test_a_failure_names_its_cause(
    commands: Commands, tmp_path: Path, output: str, key: str
) -> None:
    commands.run(python("print('EINTEGRITY of an earlier command')"), cwd=tmp_path)
    with pytest.raises(SetupError, match=key) as caught:
        commands.run(python(f"print({output!r}); raise SystemExit(1)"), cwd=tmp_path)
    assert output in caught.value.tail


def test_a_command_that_is_not_there_fails(commands: Commands, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="step_failed") as caught:
        commands.run(["/nowhere/npm"], cwd=tmp_path)
    assert "/nowhere/npm: No such file or directory" in caught.value.tail


def test_ctrl_c_ends_a_command_with_all_that_it_started(
    commands: Commands,
    tmp_path: Path,
    alive: Callable[[int], bool],
    eventually: Callable[..., bool],
) -> None:
    """The command ignores SIGTERM, and has a child."""
    code = (
        "import os, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(os.getpid(), child.pid, flush=True); time.sleep(60)"
    )
    pids: list[int] = []

    def interrupt(line: str) -> None:
        pids.extend(int(word) for word in line.split())
        # The second one hurries: without it we would wait for the deadline.
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        commands.run(python(code), cwd=tmp_path, detail=interrupt, seconds_to_stop=30)
    assert time.monotonic() - began < 25
    assert len(pids) == 2
    assert eventually(lambda: not any(alive(pid) for pid in pids))


def test_sigkill_of_the_parent_leaves_nothing(
    tmp_path: Path, alive: Callable[[int], bool], eventually: Callable[..., bool]
) -> None:
    code = (
        "import os; from pathlib import Path; from raggen_cli.commands import Commands\n"
        "inner = ['sh', '-c', 'sleep 60 & echo $$ $!; wait']\n"
        "Commands(Path('log'), os.environ).run(inner, cwd=Path('.'),"
        " detail=lambda line: print(line, flush=True))"
    )
    with subprocess.Popen(python(code), cwd=tmp_path, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert [alive(pid) for pid in pids] == [True, True]
        parent.kill()
        assert eventually(lambda: not any(alive(pid) for pid in pids))


def test_a_killed_command_is_a_failure(commands: Commands, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="step_failed"):
        commands.run(["sh", "-c", "kill -9 $$"], cwd=tmp_path)
