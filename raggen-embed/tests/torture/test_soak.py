"""An hour at half of what the service can do: memory and file descriptors stay where they are.

RAGGEN_SOAK_SECONDS sets another length; the first sixth of it is the warm-up.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import threading
import time
from dataclasses import dataclass
from typing import Final

import httpx
import pytest
from embed_service import Service, Start, item

from torture.proc import descriptors, resident
from torture.sentences_of import text_of
from torture.sizes import report, seed, sized

SECONDS: Final = float(os.environ.get("RAGGEN_SOAK_SECONDS", sized(12, 3600)))
WARM_UP: Final = SECONDS / 6
ITEMS: Final = sized(200, 2000)
CLIENTS: Final = 4
MEASURED_SECONDS: Final = sized(2, 20)
SAMPLES: Final = sized(40, 360)
NEW: Final = 0.1
MOST_GROWTH: Final = 1.05


@dataclass
class Load:
    """What clients do to a service: eight searches in ten, else an item changes, goes, comes."""

    service: Service
    choice: random.Random

    def __post_init__(self) -> None:
        self.done = 0
        self.lock = threading.Lock()
        self.version = itertools.count(2)
        self.absent: set[int] = set()
        self.failures: list[str] = []

    def run(self, until: float, interval: float) -> None:
        """One client: an operation every ``interval`` seconds (0: at once) until the clock says
        ``until``."""
        rng = random.Random(self.choice.random())
        due = time.monotonic() + rng.random() * interval
        with httpx.Client(base_url=self.service.http.base_url, timeout=30) as http:
            while (now := time.monotonic()) < until:
                if now < due:
                    time.sleep(min(due, until) - now)
                    continue
                # What was missed is not made up for: half load is never a burst.
                due = max(due + interval, now)
                answer = self.operation(http, rng)
                with self.lock:
                    self.done += 1
                    if answer.status_code != 200:
                        self.failures.append(f"{answer.status_code} {answer.text[:200]}")

    def operation(self, http: httpx.Client, rng: random.Random) -> httpx.Response:
        number = rng.randrange(ITEMS)
        kind = rng.random()
        if kind < 0.8:
            body = {"text": text_of(rng.randrange(ITEMS)), "k": rng.choice([1, 10, 50])}
            extra = {"explain": True} if kind < 0.1 else {"highlights": 1} if kind < 0.15 else {}
            return http.post("/api/v1/search", json=body | extra)
        with self.lock:
            version = next(self.version)
            gone = number not in self.absent and kind > 0.95
            (self.absent.add if gone else self.absent.discard)(number)
        if gone:
            return http.delete(f"/api/v1/items/i{number}", params={"version": version})
        # One text in ten says what nobody has said before: what is remembered of words has a bound,
        # and takes longer than a warm-up to reach it where every text has new ones.
        revision = version if rng.random() < NEW else 1 + version % 5
        again = item(f"i{number}", text_of(number, revision), version)
        return http.put("/api/v1/items", json={"items": [again]})


def at_once(load: Load, seconds: float, interval: float) -> list[threading.Thread]:
    """Start the clients."""
    until = time.monotonic() + seconds
    clients = [
        threading.Thread(target=load.run, args=(until, interval), daemon=True)
        for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    return clients


def most_per_second(service: Service) -> float:
    """Operations a second where every client sends the next as soon as it has an answer."""
    load = Load(service, random.Random(seed()))
    began = time.monotonic()
    for client in at_once(load, MEASURED_SECONDS, 0):
        client.join()
    assert not load.failures
    return load.done / (time.monotonic() - began)


@pytest.mark.timeout(SECONDS + 300)
def test_memory_and_descriptors_stay_flat(start: Start) -> None:
    service = start().ready()
    for first in range(0, ITEMS, 50):
        service.put(*[item(f"i{n}", text_of(n)) for n in range(first, min(first + 50, ITEMS))])
    most = most_per_second(service)
    load = Load(service, random.Random(seed() + 1))
    load.version = itertools.count(1_000_000)
    began = time.monotonic()
    clients = at_once(load, SECONDS, 2 * CLIENTS / most)
    samples: list[tuple[float, float, float, int]] = []
    while any(client.is_alive() for client in clients):
        time.sleep(SECONDS / SAMPLES)
        memory = resident(service.pid)
        after = time.monotonic() - began
        samples.append((after, memory["all"], memory["own"], descriptors(service.pid)))
    for client in clients:
        client.join()
    # In pieces of a sixth of the warm-up (100 s of an hour): one reading is noise.
    piece = WARM_UP / 6
    pieces: dict[int, list[tuple[float, float, float, int]]] = {}
    for sample in samples:
        pieces.setdefault(int(sample[0] // piece), []).append(sample)
    memory_of = [statistics.median(one[1] for one in group) for group in pieces.values()]
    warm, later = memory_of[5], max(memory_of[6:])
    open_warm = max(one[3] for one in samples if one[0] < WARM_UP)
    open_later = max(one[3] for one in samples if one[0] >= WARM_UP)
    report(
        "soak",
        seconds=SECONDS,
        most_per_second=round(most, 1),
        per_second=round(load.done / SECONDS, 1),
        operations=load.done,
        failures=len(load.failures),
        mib_warm=round(warm, 1),
        mib_most_later=round(later, 1),
        mib_last=round(memory_of[-1], 1),
        growth_percent=round(100 * (later / warm - 1), 2),
        most_growth_percent=round(100 * (MOST_GROWTH - 1), 2),
        descriptors_warm=open_warm,
        descriptors_later=open_later,
        mib=[round(one, 1) for one in memory_of],
    )
    assert not load.failures, load.failures[:3]
    # A machine that is busy with something else may not reach all of it.
    assert load.done > 0.5 * SECONDS * most / 2
    assert later <= warm * MOST_GROWTH
    assert open_later <= open_warm
