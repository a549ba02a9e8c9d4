"""kill -9 at random moments, while several clients store, change and delete, and while it starts:
what was acknowledged stays true, and nothing is half done."""

from __future__ import annotations

import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from embed_service import Service, Start, environment, item
from evaluation.copies import copied

from raggen_embed.encoder import Encoder
from raggen_embed.multilingual import Multilingual
from torture.agreement import (
    compare_by_http,
    compare_vectors,
    fresh_vectors,
    look_closely,
    settle_and_compare,
)
from torture.ledger import Ledger
from torture.sentences_of import text_of
from torture.sizes import report, seed, sized

KILLS: Final = sized(45, 400)
KILLS_AMONG_MANY: Final = sized(5, 100)
MANY: Final = sized(20_000, 100_000)
DIFFERENT: Final = sized(200, 1000)
CLIENTS: Final = 3
READY_SECONDS: Final = 5
# Of the kills that come while it starts.
STARTING: Final = 0.15


@dataclass
class Lives:
    """A data directory whose owner is killed again and again."""

    start: Start
    data: Path
    others: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    ready: list[float] = field(default_factory=list)
    unanswered: int = 0
    killed_starting: int = 0

    def live(self, rng: random.Random) -> None:
        """Start, compare with what was promised, make new promises, die."""
        began = time.monotonic()
        service = self.start(self.data)
        if self.ready and rng.random() < STARTING:
            time.sleep(rng.random() * statistics.median(self.ready))
            service.kill()
            self.killed_starting += 1
            return
        service.ready()
        self.ready.append(time.monotonic() - began)
        self.unanswered += settle_and_compare(self.data, self.ledger)[1]
        compare_by_http(service, self.ledger, rng, self.others)
        before = self.ledger.acknowledged
        clients = [
            threading.Thread(target=work, args=(service, self.ledger, rng.random()))
            for _ in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        # Some work is acknowledged in each life, and the kill falls anywhere into the next.
        end = time.monotonic() + 30
        while self.ledger.acknowledged < before + 10 and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(rng.random() * 0.2)
        service.kill()
        for client in clients:
            client.join(timeout=30)
            assert not client.is_alive()
        assert self.ledger.acknowledged >= before + 10

    def figures(self) -> dict[str, Any]:
        """What to report."""
        return {
            "acknowledged": self.ledger.acknowledged,
            "done_but_unanswered": self.unanswered,
            "killed_starting": self.killed_starting,
            "stored": len(self.ledger.stored),
            "deleted": len(self.ledger.deleted),
            "ready_median_s": round(statistics.median(self.ready), 2),
            "ready_max_s": round(max(self.ready), 2),
        }


def work(service: Service, ledger: Ledger, own_seed: float) -> None:
    """Ask for one thing after the other until the service dies."""
    rng = random.Random(own_seed)
    try:
        with httpx.Client(base_url=service.http.base_url, timeout=30) as http:
            while True:
                request = ledger.next_request(rng)
                request.send(http).raise_for_status()
                ledger.acknowledge(request)
    except httpx.TransportError:
        return


@pytest.fixture(scope="module")
def multilingual() -> Multilingual:
    return Multilingual.load(1)


@pytest.mark.timeout(sized(600, 7200))
def test_kills(start: Start, tmp_path: Path, encoder: Encoder, multilingual: Multilingual) -> None:
    rng = random.Random(seed())
    lives = Lives(start, tmp_path / "data")
    for _ in range(KILLS):
        lives.live(rng)
    service = start(lives.data).ready()
    stored, _ = settle_and_compare(lives.data, lives.ledger)
    compare_by_http(service, lives.ledger, rng, 0)
    for number in sorted(lives.ledger.stored):
        look_closely(service, lives.ledger, number)
    for number in sorted(lives.ledger.deleted)[-50:]:
        look_closely(service, lives.ledger, number)
    least = compare_vectors(stored, fresh_vectors(encoder, multilingual))
    report("kills", kills=KILLS, least_cosine=round(least, 5), **lives.figures())
    assert lives.ledger.deleted
    assert lives.killed_starting
    assert statistics.median(lives.ready) <= READY_SECONDS


@pytest.mark.timeout(sized(600, 7200))
def test_kills_among_many(
    start: Start, tmp_path: Path, encoder: Encoder, multilingual: Multilingual
) -> None:
    """The same beside so many items of somebody else, which are all there each time."""
    data = tmp_path / "data"
    service = start(data).ready()
    for first in range(0, DIFFERENT, 100):
        batch = [item(f"m{n}", text_of(n), owner="many") for n in range(first, first + 100)]
        service.put(*batch)
    service.stop()
    many = copied(data, MANY)
    assert many == MANY
    rng = random.Random(seed() + 1)
    lives = Lives(start, data, others=many)
    for _ in range(KILLS_AMONG_MANY):
        lives.live(rng)
    service = start(data).ready()
    stored, _ = settle_and_compare(data, lives.ledger)
    for number in sorted(lives.ledger.stored)[:100]:
        look_closely(service, lives.ledger, number)
    assert service.search_whole("x", k=1, owner="many")["total_items"] == many
    least = compare_vectors(stored, fresh_vectors(encoder, multilingual))
    service.kill()
    whole = [seconds_of_a_whole_start(data) for _ in range(sized(1, 5))]
    report(
        "kills-among-many",
        kills=KILLS_AMONG_MANY,
        items=many,
        least_cosine=round(least, 5),
        process_ready_s=[round(one, 2) for one in whole],
        **lives.figures(),
    )
    assert statistics.median(lives.ready) <= READY_SECONDS
    assert statistics.median(whole) <= READY_SECONDS


def seconds_of_a_whole_start(data: Path) -> float:
    """From ``python -m raggen_embed``, imports included, until it says that it is ready."""
    began = time.monotonic()
    log = data.parent / f"whole.{time.monotonic_ns()}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "raggen_embed"],
            env={**os.environ, **environment(data)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        service = Service(process.pid, data, log)
        service.ready()
        seconds = time.monotonic() - began
        service.http.close()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
    return seconds
