"""One message a request over HTTP, beside infinity-emb's server on the same weights."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Final

import httpx

from benchmarks import texts
from benchmarks.encoding import token_count
from benchmarks.load import Load, closed_loop, request
from benchmarks.peers import Peers, packaged_model
from benchmarks.processes import BrokenError, OutOfTimeError, running
from benchmarks.rows import Row, at_least, at_most
from benchmarks.samples import pair_ratio
from benchmarks.services import processor_seconds, service
from benchmarks.sizes import Sizes
from raggen_cli import ports

START_SECONDS: Final = 120
WARM_SECONDS: Final = 2.0
MOST_A_SECOND: Final = 2500  # requests of one server: no text comes twice while these last
FASTER: Final = 3.5
SOONER: Final = 0.4
ROUNDS: Final = 5
MODEL: Final = "all-MiniLM-L6-v2"
# No figures of this machine to its makers; no look at a hub.
QUIET: Final = {
    "INFINITY_ANONYMOUS_USAGE_STATS": "0",
    "DO_NOT_TRACK": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


@dataclass(frozen=True)
class Server:
    """Where a server is, and the requests that it gets: every text once, so no cache helps."""

    pid: int
    port: int
    requests: Iterator[bytes]

    def loaded(self, clients: int, seconds: float) -> Load:
        """Let the clients loose.

        Raises:
            BrokenError: something was not answered with 200.
        """
        load = closed_loop(self.port, self.requests, clients, seconds)
        if load.errors or not load.seconds:
            raise BrokenError(f"answers by status: {load.errors or 'none'}")
        return load


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """Rows of requests a second and of the 99th percentile, by number of clients."""
    total = int(MOST_A_SECOND * sizes.client_seconds * ROUNDS)
    drawn = texts.messages(min(total, 40_000), token_count(), seed=7)
    with service(folder / "data-serving", empty=True) as ours, infinity(folder) as peer:
        servers = (
            Server(ours.pid, ours.port, _requests(ours.port, "/api/v1/embed", drawn)),
            Server(*peer, _requests(peer[1], "/embeddings", drawn)),
        )
        rows = []
        for clients in sizes.clients:
            rows += _rows(clients, *servers, sizes)
    return rows


@contextmanager
def infinity(folder: Path) -> Iterator[tuple[int, int]]:
    """infinity-emb's server with its defaults on the packaged model; its pid and port.

    Raises:
        OutOfTimeError: it was not ready in time.
        BrokenError: it ended.
    """
    peer, port, log = Peers(folder / "peers").infinity(), ports.free(), folder / "infinity.log"
    command = [peer.program("infinity_emb"), "v2", "--model-id", str(packaged_model())]
    command += ["--served-model-name", MODEL, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--log-level", "warning"]
    log.unlink(missing_ok=True)
    with running(command, log, QUIET) as process:
        end = time.monotonic() + START_SECONDS
        while True:
            if process.poll() is not None:
                raise BrokenError(f"infinity ended: {log.read_text('utf-8', 'replace')[-400:]}")
            if time.monotonic() > end:
                raise OutOfTimeError("infinity was not ready")
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health").is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield process.pid, port


def _requests(port: int, path: str, drawn: list[str]) -> Iterator[bytes]:
    """Requests without end: after the last text the first comes again."""
    for number, text in enumerate(cycle(drawn)):
        # From the second time on with a mark, for a cache would answer the same text.
        said = text if number < len(drawn) else f"{text} {number}"
        body = {"text": said} if path.startswith("/api") else {"model": MODEL, "input": [said]}
        yield request(port, path, json.dumps(body).encode())


def _answers(loads: Sequence[Load]) -> int:
    return sum(len(load.seconds) for load in loads)


def _rows(clients: int, ours: Server, peer: Server, sizes: Sizes) -> list[Row]:
    for server in (ours, peer):
        server.loaded(clients, min(WARM_SECONDS, sizes.client_seconds))
    worked = [-processor_seconds(server.pid) for server in (ours, peer)]
    pairs = [
        (ours.loaded(clients, sizes.client_seconds), peer.loaded(clients, sizes.client_seconds))
        for _ in range(min(ROUNDS, sizes.rounds))
    ]
    worked = [
        before + processor_seconds(server.pid)
        for before, server in zip(worked, (ours, peer), strict=True)
    ]
    mine, theirs = [one for one, _ in pairs], [other for _, other in pairs]
    rate = [[load.per_second for load in some] for some in (mine, theirs)]
    late = [[load.p99_ms for load in some] for some in (mine, theirs)]
    beside = {
        "raggen-embed requests/s": round(median(rate[0]), 1),
        "infinity requests/s": round(median(rate[1]), 1),
        "raggen-embed p99 ms": round(median(late[0]), 1),
        "infinity p99 ms": round(median(late[1]), 1),
        "raggen-embed processor ms a request": round(1000 * worked[0] / _answers(mine), 2),
        "infinity processor ms a request": round(1000 * worked[1] / _answers(theirs), 2),
    }
    note = "raw sockets, a new text each request"
    return [
        Row(
            f"serving {clients} clients, requests/s beside infinity",
            round(pair_ratio(*rate), 2),
            "×",
            at_least(FASTER),
            beside,
            note,
        ),
        Row(
            f"serving {clients} clients, p99 beside infinity",
            round(pair_ratio(*late), 2),
            "×",
            at_most(SOONER),
            beside,
            note,
        ),
    ]
