"""raggen, started as a user starts it, on free ports and in a data directory of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

ROOT = Path(__file__).resolve().parent.parent
# The first start builds raggen-web, maybe on a machine that has other work.
START_SECONDS = 240.0
STOP_SECONDS = 30.0

T = TypeVar("T")


def wait_for(what: str, probe: Callable[[], T | None], seconds: float = 30.0) -> T:
    """Call `probe` until what it returns is true; AssertionError names `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := probe():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


@dataclass
class Stack:
    """One running raggen. `start` and `stop` may alternate; the data stays."""

    data_dir: Path
    env: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    ready: dict[str, Any] = field(default_factory=dict)

    def start(self, seconds: float = START_SECONDS) -> Stack:
        """Run `raggen up` until both services answer; returns itself."""
        ready_file = self.data_dir / "ready.json"
        ready_file.unlink(missing_ok=True)
        self.data_dir.mkdir(parents=True, exist_ok=True)
        environment = os.environ | {
            "RAGGEN_DATA_DIR": str(self.data_dir),
            "RAGGEN_WEB_PORT": "0",
            "RAGGEN_EMBED_PORT": "0",
            "RAGGEN_LOCAL_MODEL_PORT": "0",
            # Whatever model server runs on this machine is none of the tests' business.
            "RAGGEN_WEB_DISCOVERY_URLS": "",
            # What is found must not depend on how busy the machine is; test_without_memory
            # is about the deadline and sets the real one.
            "RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS": "5000",
            # Tests write faster than people; test_limits is about the limits.
            "RAGGEN_WEB_LIMIT_ASK": "0",
            "RAGGEN_WEB_LIMIT_HEAVY": "0",
            "RAGGEN_WEB_LIMIT_WRITE": "0",
            "RAGGEN_WEB_LIMIT_READ": "0",
            "RAGGEN_LANG": "en",
            # This checkout, whichever one the environment that runs the tests was installed from.
            "PYTHONPATH": os.pathsep.join(
                str(ROOT / name) for name in ("raggen-cli", "raggen-embed")
            ),
        }
        output = (self.data_dir / "up.log").open("ab")
        with output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "raggen_cli", "up", "--ready-file", str(ready_file)],
                cwd=ROOT,
                env={**environment, **self.env},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        try:
            wait_for("raggen up to be ready", self._is_ready(ready_file), seconds)
        except AssertionError as error:
            with suppress(AssertionError):  # What went wrong is in the log; how it ended is not it.
                self.stop()
            log = (self.data_dir / "up.log").read_text(errors="replace")
            raise AssertionError(f"{error}\n{log[-4000:]}") from None
        self.ready = json.loads(ready_file.read_text())
        return self

    def _is_ready(self, ready_file: Path) -> Callable[[], bool]:
        def probe() -> bool:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"raggen up ended with {self.process.returncode}")
            return ready_file.exists()

        return probe

    def stop(self) -> None:
        """Stop as Ctrl-C does, and insist that it ends well and leaves nothing behind."""
        process, self.process = self.process, None
        if process is None:
            return
        children = (
            psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        )
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            for child in children:
                child.kill()
            raise AssertionError("raggen up did not stop on Ctrl-C") from None
        _, alive = psutil.wait_procs(children, timeout=5)
        for child in alive:
            child.kill()
        assert not alive, f"left behind: {alive}"
        assert code == 0, f"raggen up ended with {code}"

    def restart(self) -> None:
        """Stop and start on the same data."""
        self.stop()
        self.start()

    @property
    def web_url(self) -> str:
        """Where the browser goes."""
        return str(self.ready["urls"]["web"])

    @property
    def embed_url(self) -> str:
        """Where raggen-embed listens."""
        return str(self.ready["urls"]["embed"])

    @property
    def embed_pid(self) -> int | None:
        """Process id of raggen-embed as it runs now, or None while raggen up restarts it."""
        assert self.process is not None
        for child in psutil.Process(self.process.pid).children():
            if child.status() != psutil.STATUS_ZOMBIE and "raggen_embed" in child.cmdline():
                return child.pid
        return None

    def outbox_pending(self) -> int:
        """How many items raggen-embed has not taken yet."""
        response = httpx.get(f"{self.web_url}/api/status", timeout=10).raise_for_status()
        pending: int = response.json()["outbox"]["pending"]
        return pending

    def wait_until_remembered(self, seconds: float = 60.0) -> None:
        """Wait until everything said so far has been indexed."""
        wait_for("an empty outbox", lambda: self.outbox_pending() == 0, seconds)
