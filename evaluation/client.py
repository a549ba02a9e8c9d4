"""raggen-embed as evaluation uses it: a server of its own, empty, spoken to by HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from raggen_cli import ports

READY_SECONDS = 120
BATCH = 256


class StartError(Exception):
    """raggen-embed did not start; the message says how it ended and what its log says."""


@dataclass(frozen=True)
class Answer:
    """One search: its results, the default minimum relevance, milliseconds on the wire."""

    results: list[dict[str, Any]]
    default_minimum: float
    milliseconds: float


@dataclass(frozen=True)
class Client:
    """The public API of one raggen-embed."""

    http: httpx.Client

    def embed(self, texts: Sequence[str]) -> tuple[list[list[float]], list[list[dict[str, int]]]]:
        """Vectors (384 floats each) and windows of `texts`."""
        vectors: list[list[float]] = []
        windows: list[list[dict[str, int]]] = []
        for start in range(0, len(texts), BATCH):
            answer = self._call(
                "POST", "/api/v1/embed/batch", {"texts": texts[start : start + BATCH]}
            )
            vectors += answer["vectors"]
            windows += answer["windows"]
        return vectors, windows

    def upsert(self, items: Sequence[dict[str, Any]]) -> None:
        """Store items in batches; every one must be taken."""
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            answer = self._call("PUT", "/api/v1/items", {"items": batch})
            refused = [result for result in answer["results"] if result["status"] != "created"]
            if refused:
                raise RuntimeError(f"not taken: {refused[:3]}")

    def search(self, body: dict[str, Any]) -> Answer:
        """Search, and time it."""
        started = time.perf_counter()
        answer = self._call("POST", "/api/v1/search", body)
        elapsed = (time.perf_counter() - started) * 1000
        return Answer(answer["results"], answer["default_min_relevance"], elapsed)

    def _call(self, method: str, path: str, body: dict[str, Any]) -> Any:
        response = self.http.request(method, path, json=body)
        if response.is_error:
            raise RuntimeError(f"{method} {path}: {response.status_code} {response.text[:500]}")
        return response.json()


@contextmanager
def running_embed(environment: dict[str, str] | None = None) -> Iterator[Client]:
    """Start raggen-embed on a free port with an empty data directory; stopped on leaving.

    Its settings are those of this process's environment, and of ``environment`` over them.

    Raises:
        StartError: it stopped, or was not ready in READY_SECONDS.
    """
    port = ports.free()
    with tempfile.TemporaryDirectory(prefix="raggen-evaluation-") as folder:
        log = Path(folder) / "embed.log"
        settings = {"RAGGEN_EMBED_PORT": str(port), "RAGGEN_EMBED_DATA_DIR": f"{folder}/data"}
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "raggen_embed"],
                env=os.environ | settings | (environment or {}),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as http:
                _wait_until_ready(http, process, log)
                yield Client(http)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(http: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if http.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    ended = process.poll()
    how = f"was not ready in {READY_SECONDS} s" if ended is None else f"stopped with status {ended}"
    end = log.read_text("utf-8", "replace")[-3000:].strip()
    raise StartError(f"raggen-embed {how}; make doctor says what is wrong. Its log ends:\n{end}")
