"""The real thing, once: both real services, started by `bootstrap.py` as `make run` does it.

`make setup` has done the set-up before; where it is out of date, this does it, as a person's start
would.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from raggen_cli import layout, ports, probe

ROOT = layout.find().root
SECONDS = 280


def start(tmp_path: Path) -> "subprocess.Popen[str]":
    options = ["--port=0", "--embed-port=0", "--local-model-port=0"]
    options += [f"--data-dir={tmp_path / 'data'}", f"--ready-file={tmp_path / 'ready.json'}"]
    return subprocess.Popen(
        [sys.executable, str(ROOT / "bootstrap.py"), "up", *options],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "RAGGEN_LANG": "en"},
    )  # fmt: skip


def wait_until_ready(
    process: "subprocess.Popen[str]", ready_file: Path
) -> dict[str, dict[str, str]]:
    deadline = time.monotonic() + SECONDS
    while not ready_file.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.1)
    ready: dict[str, dict[str, str]] = json.loads(ready_file.read_text())
    return ready


def doctor(tmp_path: Path) -> dict[str, dict[str, str]]:
    command = [sys.executable, str(ROOT / "bootstrap.py"), "doctor", "--json"]
    done = subprocess.run(
        [*command, f"--data-dir={tmp_path / 'data'}"],
        capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "RAGGEN_LANG": "en"},
    )  # fmt: skip
    return {check["id"]: check for check in json.loads(done.stdout)["checks"]}


def test_it_starts_is_healthy_stops_and_starts_again(
    tmp_path: Path, alive: Callable[[int], bool], eventually: Callable[..., bool]
) -> None:
    ready_file = tmp_path / "ready.json"
    process = start(tmp_path)
    try:
        ready = wait_until_ready(process, ready_file)
        found = doctor(tmp_path)
        assert found["web"]["found"] == "running, ready"
        assert found["embed"]["found"].endswith("ready, 0 items")
        model = int(ready["urls"]["local_model"].rsplit(":", 1)[1])
        reply = asyncio.run(probe.get(model, "/v1/models", seconds=60))
        assert reply is not None
        assert reply.status == 200
        pids = [int(pid) for pid in ready["pids"].values()]
        process.kill()  # nothing may be left, and the next start must not mind
        process.communicate()
        assert eventually(lambda: not any(alive(pid) for pid in pids))
        taken = [int(url.rsplit(":", 1)[1]) for url in ready["urls"].values()]
        assert eventually(lambda: not any(ports.is_taken(port) for port in taken))
        ready_file.unlink()

        process = start(tmp_path)
        pids = [int(pid) for pid in wait_until_ready(process, ready_file)["pids"].values()]
        process.terminate()
        output = process.communicate(timeout=60)[0]
        assert process.returncode == 0, output
        assert not any(alive(pid) for pid in pids)
        assert not ready_file.exists()
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
