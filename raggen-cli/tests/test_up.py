"""`raggen up` as a real process with real signals; the services are tiny, see driver.py."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from raggen_cli import ports, probe

DRIVER = Path(__file__).with_name("driver.py")
Eventually = Callable[..., bool]


@dataclass
class Running:
    """A `raggen up`, and what it has said where it is."""

    process: "subprocess.Popen[str]"
    ready_file: Path
    data_dir: Path

    @property
    def ready(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = json.loads(self.ready_file.read_text())
        return found

    @property
    def pids(self) -> list[int]:
        return [int(str(pid)) for pid in self.ready["pids"].values()]

    @property
    def ports(self) -> list[int]:
        return [int(str(url).rsplit(":", 1)[1]) for url in self.ready["urls"].values()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> str:
        self.process.send_signal(number)
        return self.process.communicate(timeout=30)[0]


@dataclass
class Starter:
    """Starts `raggen up`, and ends what a test has left."""

    tmp_path: Path
    eventually: Eventually
    started: list[Running] = field(default_factory=list)

    def __call__(self, *options: str, data: str = "data", **variables: str) -> Running:
        ready_file = self.tmp_path / f"{data}-{len(self.started)}.json"
        free = ["--port=0", "--embed-port=0", "--local-model-port=0"]
        command = [sys.executable, str(DRIVER), "up", f"--data-dir={self.tmp_path / data}"]
        process = subprocess.Popen(
            [*command, f"--ready-file={ready_file}", *free, *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "RAGGEN_LANG": "en", **variables},
        )  # fmt: skip
        self.started.append(Running(process, ready_file, self.tmp_path / data))
        return self.started[-1]

    def ready(self, *options: str, data: str = "data", **variables: str) -> Running:
        running = self(*options, data=data, **variables)
        assert self.eventually(lambda: running.ready_file.exists() or ended(running), 30)
        assert not ended(running), running.process.communicate()[0]
        return running


def ended(running: Running) -> bool:
    return running.process.poll() is not None


@pytest.fixture
def up(tmp_path: Path, eventually: Eventually) -> Iterator[Starter]:
    starter = Starter(tmp_path, eventually)
    yield starter
    for running in starter.started:
        if not ended(running):
            running.process.kill()
        running.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_starts_says_where_and_stops_cleanly(
    up: Starter, alive: Callable[[int], bool], number: signal.Signals
) -> None:
    running = up.ready()
    pids, taken = running.pids, running.ports
    url = str(running.ready["urls"]["web"])
    reply = asyncio.run(probe.get(running.ports[0], "/readyz", seconds=5))
    assert reply is not None
    assert reply.status == 200
    output = running.stop(number)
    assert running.process.returncode == 0, output
    assert f"Open: {url}" in output
    assert "Stopped." in output
    assert "Traceback" not in output
    assert not any(alive(pid) for pid in pids)
    assert not any(ports.is_taken(port) for port in taken)
    assert not running.ready_file.exists()


def test_sigkill_leaves_nothing(up: Starter, alive: Callable[[int], bool]) -> None:
    running = up.ready(EMBED_WORDS="deaf", WEB_WORDS="deaf")
    pids, taken = running.pids, running.ports
    running.process.kill()
    assert up.eventually(lambda: not any(alive(pid) for pid in pids))
    assert up.eventually(lambda: not any(ports.is_taken(port) for port in taken))
    again = up.ready()
    assert again.data_dir == running.data_dir


def test_a_second_ctrl_c_hurries(up: Starter) -> None:
    running = up.ready(WEB_WORDS="deaf")
    running.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert not ended(running)
    began = time.monotonic()
    running.stop(signal.SIGINT)
    assert time.monotonic() - began < 5
    assert running.process.returncode == 0


def test_ctrl_c_while_starting(up: Starter, alive: Callable[[int], bool]) -> None:
    running = up(EMBED_WORDS="never")
    parent = psutil.Process(running.process.pid)
    assert up.eventually(lambda: len(parent.children()) == 2)
    pids = [child.pid for child in parent.children()]
    output = running.stop(signal.SIGINT)
    assert running.process.returncode == 0
    assert "Traceback" not in output
    assert not any(alive(pid) for pid in pids)


def test_a_second_one_with_the_same_data_says_where_the_first_is(up: Starter) -> None:
    first = up.ready()
    second = up()
    output = second.process.communicate(timeout=30)[0]
    assert second.process.returncode == 1
    assert f"already running with this data: {first.ready['urls']['web']}" in output
    assert f"(process {first.process.pid})" in output


def test_two_with_their_own_data_run_side_by_side(up: Starter) -> None:
    one, other = up.ready(data="one"), up.ready(data="other")
    assert not set(one.ports) & set(other.ports)


def test_a_taken_port_stops_it_before_anything(up: Starter, tmp_path: Path) -> None:
    with ports.bind(0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        running = up(f"--embed-port={port}")
        output = running.process.communicate(timeout=30)[0]
    assert running.process.returncode == 1
    assert f"Port {port} is taken by" in output
    assert "--embed-port " in output
    assert not list((tmp_path / "data").glob("logs/*"))


def test_a_wrong_setting_is_exit_2(up: Starter) -> None:
    wrong = up("--port=x", RAGGEN_LANG="ru")
    output = wrong.process.communicate(timeout=30)[0]
    assert wrong.process.returncode == 2
    assert "это не порт" in output


def test_a_killed_service_comes_back(up: Starter) -> None:
    running = up.ready()
    before = running.ready["pids"]
    os.kill(int(str(before["embed"])), signal.SIGKILL)
    assert up.eventually(lambda: running.ready["pids"]["embed"] != before["embed"])
    assert running.ready["pids"]["web"] == before["web"]
    output = running.stop()
    assert "raggen-embed has ended (signal 9)" in output
    assert "raggen-embed works again" in output


def test_a_service_that_does_not_start_shows_its_last_words(up: Starter) -> None:
    running = up(WEB_WORDS="fails")
    output = running.process.communicate(timeout=30)[0]
    assert running.process.returncode == 1
    assert "│ tiny server fails" in output
    assert str(running.data_dir / "logs" / "web.log") in output


def test_services_get_their_settings(up: Starter, tmp_path: Path) -> None:
    running = up.ready(HOSTNAME="my-machine", RAGGEN_EMBED_LOG_LEVEL="debug", PYTHONPATH="/x",
                       RAGGEN_WEB_DATABASE_URL="file:/elsewhere.db")  # fmt: skip
    found = psutil.Process(int(str(running.ready["pids"]["web"]))).environ()
    web, embed, model = running.ports
    assert found["PORT"] == str(web)
    assert found["HOSTNAME"] == "127.0.0.1"
    assert found["RAGGEN_EMBED_PORT"] == str(embed)
    assert found["RAGGEN_WEB_EMBED_URL"] == f"http://127.0.0.1:{embed}"
    assert found["RAGGEN_WEB_LOCAL_MODEL_URL"] == f"http://127.0.0.1:{model}/v1"
    assert found["RAGGEN_EMBED_CORS_ORIGINS"] == f"http://127.0.0.1:{web},http://localhost:{web}"
    assert found["RAGGEN_EMBED_DATA_DIR"] == str(tmp_path / "data" / "embed")
    assert found["RAGGEN_WEB_DATABASE_URL"] == "file:/elsewhere.db"
    assert found["RAGGEN_EMBED_LOG_LEVEL"] == "debug"
    assert "PYTHONPATH" not in found


def test_the_data_directory_is_for_its_owner(up: Starter) -> None:
    running = up.ready()
    assert running.data_dir.stat().st_mode & 0o077 == 0


def test_a_reader_that_goes_away_does_not_stop_it(up: Starter) -> None:
    running = up.ready()
    assert running.process.stdout is not None
    running.process.stdout.close()
    os.kill(int(str(running.ready["pids"]["embed"])), signal.SIGKILL)
    before = running.pids
    assert up.eventually(lambda: running.pids != before)
    running.process.terminate()
    assert running.process.wait(30) == 0
    running.process.stdout = None
