"""A real raggen-embed for tests: on a free port, with its own data directory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

ZYGOTE = Path(__file__).with_name("zygote.py")
START_SECONDS = 90
Json = dict[str, Any]
Start = Callable[..., "Service"]


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The settings of a service whose data is in ``data``."""
    return {
        "RAGGEN_EMBED_PORT": "0",
        "RAGGEN_EMBED_DATA_DIR": str(data),
        "RAGGEN_EMBED_THREADS": os.environ.get("RAGGEN_EMBED_THREADS", "2"),
        **{f"RAGGEN_EMBED_{name.upper()}": value for name, value in settings.items()},
    }


class Zygote:
    """The process that services are forked from."""

    def __init__(self, script: Path = ZYGOTE, env: Mapping[str, str] | None = None) -> None:
        """Start it; ``env`` is added to the environment of this process."""
        self._one_at_a_time = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, str(script)],
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fork(self, log: Path, env: dict[str, str]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps({"env": env, "log": str(log)}) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


class Service:
    """A running raggen-embed and a client for it."""

    def __init__(self, pid: int, data: Path, log: Path) -> None:
        """Wait until a process listens that was started with this data directory and log."""
        self.pid, self.data, self.log = pid, data, log
        port = self._wait_for(lambda line: line.get("event") == "listening")["port"]
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)

    @classmethod
    def forked(cls, zygote: Zygote, data: Path, **settings: str) -> Service:
        """A new one, without the seconds of the imports."""
        data.mkdir(parents=True, exist_ok=True)
        log = data.parent / f"{data.name}.{time.monotonic_ns()}.log"
        return cls(zygote.fork(log, environment(data, **settings)), data, log)

    def lines(self) -> list[Json]:
        """What it has logged."""
        if not self.log.exists():
            return []
        whole = self.log.read_text("utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def _wait_for(self, wanted: Any) -> Json:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            for line in self.lines():
                if wanted(line):
                    return line
            time.sleep(0.01)
        raise AssertionError(f"not logged: {self.log.read_text('utf-8')}")

    def ready(self) -> Service:
        """Wait until the model is loaded."""
        end = time.monotonic() + START_SECONDS
        while self.http.get("/readyz").status_code != 200:
            assert time.monotonic() < end, self.log.read_text("utf-8")
            time.sleep(0.02)
        return self

    def put(self, *items: Json) -> list[Json]:
        """Upsert; the results."""
        answer = self.http.put("/api/v1/items", json={"items": list(items)})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    def search(self, text: str, **options: Any) -> list[Json]:
        """Search; the results."""
        return list(self.search_whole(text, **options)["results"])

    def search_whole(self, text: str, **options: Any) -> Json:
        """Search; the whole answer."""
        answer = self.http.post("/api/v1/search", json={"text": text, **options})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def ids(self, text: str, **options: Any) -> list[str]:
        """Search; the ids."""
        return [result["id"] for result in self.search(text, **options)]

    def delete(self, identifier: str, version: int, owner: str = "local") -> Json:
        """Delete one item."""
        answer = self.http.delete(
            f"/api/v1/items/{identifier}", params={"version": version, "owner": owner}
        )
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def get(self, identifier: str, owner: str = "local") -> httpx.Response:
        """Fetch one item."""
        return self.http.get(f"/api/v1/items/{identifier}", params={"owner": owner})

    def kill(self) -> None:
        """SIGKILL, as a crash."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, as an orderly stop."""
        self._end(signal.SIGTERM)

    def _end(self, with_signal: signal.Signals) -> None:
        self.http.close()
        try:
            os.kill(self.pid, with_signal)
            end = time.monotonic() + 30
            while time.monotonic() < end:
                os.kill(self.pid, 0)
                time.sleep(0.005)
        except ProcessLookupError:
            return
        raise AssertionError(f"process {self.pid} does not end")


def item(identifier: str, text: str, version: int = 1, **fields: Any) -> Json:
    """An item for the wire."""
    return {"id": identifier, "version": version, "text": text, **fields}
