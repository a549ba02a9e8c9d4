"""kill -9 at random moments, while several clients store, change and delete, and while it starts:
what was acknowledged stays true, and nothing is half done."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
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
from torture.proc import processor_seconds
from torture.sentences_of import text_of
from torture.sizes import report, seed, sized

KILLS: Final = sized(46, 460)
MEMORIES: Final = 2
KILLS_AMONG_MANY: Final = sized(4, 40)
MANY: Final = sized(20_000, 100_000)
DIFFERENT: Final = sized(200, 1000)
CLIENTS: Final = 3
# Of a processor's time: that is what the clock says where nothing else runs, and it is right also
# where much does.
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
    worked: list[float] = field(default_factory=list)
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
        self.worked.append(processor_seconds(service.pid))
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
            "ready_processor_median_s": round(statistics.median(self.worked), 2),
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
    """Two memories at once: while one starts, the other works."""

    def lived(number: int) -> Lives:
        rng = random.Random(seed() + number)
        lives = Lives(start, tmp_path / f"data-{number}")
        for _ in range(KILLS // MEMORIES):
            lives.live(rng)
        return lives

    fresh = fresh_vectors(encoder, multilingual)
    with ThreadPoolExecutor(MEMORIES) as pool:
        all_lives = [*pool.map(lived, range(MEMORIES))]
    for lives in all_lives:
        service = start(lives.data).ready()
        ledger = lives.ledger
        stored, _ = settle_and_compare(lives.data, ledger)
        compare_by_http(service, ledger, random.Random(seed()), 0)
        for number in [*sorted(ledger.stored), *sorted(ledger.deleted)[-50:]]:
            look_closely(service, ledger, number)
        least = compare_vectors(stored, fresh)
        service.kill()
        kills = len(lives.ready) + lives.killed_starting
        report("kills", kills=kills, least_cosine=round(least, 5), **lives.figures())
        assert ledger.deleted
        assert statistics.median(lives.worked) <= READY_SECONDS
    assert sum(lives.killed_starting for lives in all_lives) > 0


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
    whole = [whole_start(data) for _ in range(sized(1, 5))]
    report(
        "kills-among-many",
        kills=KILLS_AMONG_MANY,
        items=many,
        least_cosine=round(least, 5),
        process_ready_s=[round(seconds, 2) for seconds, _ in whole],
        process_ready_processor_s=[round(worked, 2) for _, worked in whole],
        **lives.figures(),
    )
    assert statistics.median(lives.worked) <= READY_SECONDS
    assert statistics.median(worked for _, worked in whole) <= READY_SECONDS


def whole_start(data: Path) -> tuple[float, float]:
    """From ``python -m raggen_embed``, imports included, until it says that it is ready: seconds,
    and those of processors."""
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
        service = Service(process.pid, data, log).ready()
        seconds, worked = time.monotonic() - began, processor_seconds(process.pid)
        service.http.close()
    finally:
        process.kill()
        process.wait(timeout=30)
    return seconds, worked
