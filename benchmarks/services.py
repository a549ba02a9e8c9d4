"""raggen-embed as the benchmarks start it: a process of its own on a free port."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from benchmarks.processes import BrokenError, OutOfTimeError, running
from raggen_cli import ports

START_SECONDS: Final = 180
BATCH: Final = 256
POLL_SECONDS: Final = 0.02


@dataclass(frozen=True)
class Service:
    """A service that is ready."""

    pid: int
    port: int
    http: httpx.Client
    ready_after: float  # seconds since its process was started
    # Of them those since it was last seen to load its models: at most POLL_SECONDS too many.
    indexed_in: float
    log: Path

    def upsert(self, items: list[dict[str, Any]]) -> None:
        """Store items in batches.

        Raises:
            BrokenError: one was not taken.
        """
        for start in range(0, len(items), BATCH):
            batch = {"items": items[start : start + BATCH]}
            answer = self.http.put("/api/v1/items", json=batch)
            if answer.status_code != httpx.codes.OK:
                raise BrokenError(f"not taken: {answer.status_code} {answer.text[:300]}")

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        whole = self.log.read_text("utf-8").splitlines()
        return [json.loads(line) for line in whole if line.startswith("{")]


@contextmanager
def service(
    data: Path, *, empty: bool = False, seconds: float = START_SECONDS, **settings: str
) -> Iterator[Service]:
    """Start the default service on what is in ``data``, or on nothing; stopped on leaving.

    Args:
        data: its data directory; with ``empty`` it is removed first.
        empty: whether to begin with nothing.
        seconds: it must be ready in.
        settings: of its own, by their names without prefix, such as ``threads``.

    Raises:
        OutOfTimeError: it was not ready in time.
        BrokenError: it ended.
    """
    if empty:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    port, log = ports.free(), data.parent / f"{data.name}.log"
    log.unlink(missing_ok=True)
    environment = {
        "RAGGEN_EMBED_PORT": str(port),
        "RAGGEN_EMBED_DATA_DIR": str(data),
        # Questions come round again here: what is measured is searching, not remembering.
        "RAGGEN_EMBED_SEARCH_CACHE_MB": "0",
        **{f"RAGGEN_EMBED_{name.upper()}": value for name, value in settings.items()},
    }
    started = time.monotonic()
    loading = started
    with (
        running([sys.executable, "-m", "raggen_embed"], log, environment) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as http,
    ):
        while (step := _step(http)) != "ready":
            if step != "index":
                loading = time.monotonic()
            if process.poll() is not None:
                raise BrokenError(f"raggen-embed ended: {log.read_text('utf-8', 'replace')[-600:]}")
            if time.monotonic() - started > seconds:
                raise OutOfTimeError(f"raggen-embed was not ready in {seconds:.0f} s")
            time.sleep(POLL_SECONDS)
        ready = time.monotonic()
        yield Service(process.pid, port, http, ready - started, ready - loading, log)


def resident(pid: int) -> tuple[int, int]:
    """Bytes of a process in memory: all of them, and those that no file stands behind.

    From /proc/PID/smaps_rollup (https://docs.kernel.org/filesystems/proc.html), Linux alone.
    """
    read = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    fields = {line.partition(":")[0]: int(line.split()[1]) << 10 for line in read}
    return fields["Rss"], fields["Anonymous"]


def processor_seconds(pid: int) -> float:
    """What a process has taken of the processors so far, all its threads together. Beside the time
    on the clock it says how much of that was waiting for others on a busy machine."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _step(http: httpx.Client) -> str:
    """What a service is at: nothing that answers yet, models, index, or ready."""
    try:
        answer = http.get("/readyz")
    except httpx.TransportError:
        return "nothing"
    if answer.status_code == httpx.codes.OK:
        return "ready"
    return str(answer.json()["error"]["details"]["step"])
