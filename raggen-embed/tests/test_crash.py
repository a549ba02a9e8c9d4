"""kill -9, twenty times, while items are stored and deleted: what was acknowledged stays true."""

from __future__ import annotations

import itertools
import random
import threading
import time
from pathlib import Path

import httpx
from embed_service import Json, Service, Start, item

KILLS = 20
WORKERS = 3
ANIMALS = ["fox", "owl", "bear", "crane", "otter", "lynx", "heron", "badger", "salmon", "raven"]
PLACES = ["harbour", "attic", "chapel", "orchard", "station", "quarry", "theatre", "bakery"]


class Ledger:
    """What the service has acknowledged, and what it may or may not have done besides."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.stored: dict[str, Json] = {}
        self.deleted: dict[str, int] = {}
        self.unsure: set[str] = set()
        self.acknowledged = 0


def text_of(number: int) -> str:
    return (
        f"The {ANIMALS[number % 10]} number{number} sleeps behind the {PLACES[number % 8]} "
        f"near gate{number * 7}."
    )


def work(service: Service, ledger: Ledger, numbers: itertools.count[int], seed: int) -> None:
    """Store, change and delete until the service dies."""
    rng = random.Random(seed)
    try:
        with httpx.Client(base_url=service.http.base_url, timeout=30) as http:
            while True:
                step(http, ledger, numbers, rng)
    except httpx.HTTPError:
        return


def step(
    http: httpx.Client, ledger: Ledger, numbers: itertools.count[int], rng: random.Random
) -> None:
    with ledger.lock:
        known = [name for name in ledger.stored if name not in ledger.unsure]
        old = rng.choice(known) if known and rng.random() < 0.4 else None
        if old is not None:
            ledger.unsure.add(old)
    if old is not None and rng.random() < 0.6:
        version = ledger.stored[old]["version"]
        http.delete(f"/api/v1/items/{old}", params={"version": version}).raise_for_status()
        with ledger.lock:
            del ledger.stored[old]
            ledger.deleted[old] = version
            ledger.unsure.discard(old)
            ledger.acknowledged += 1
        return
    if old is not None:
        batch = [item(old, text_of(next(numbers)), ledger.stored[old]["version"] + 1)]
    else:
        batch = [item(f"i{n}", text_of(n)) for n in itertools.islice(numbers, rng.randint(1, 6))]
    with ledger.lock:
        ledger.unsure.update(one["id"] for one in batch)
    http.put("/api/v1/items", json={"items": batch}).raise_for_status()
    with ledger.lock:
        for one in batch:
            ledger.stored[one["id"]] = one
            ledger.unsure.discard(one["id"])
        ledger.acknowledged += len(batch)


def check(service: Service, ledger: Ledger) -> None:
    """The service agrees with the ledger; what it was unsure about is settled now."""
    for name in sorted(ledger.unsure):
        answer = service.get(name)
        if answer.status_code == 404:
            ledger.stored.pop(name, None)
        else:
            found = answer.json()["item"]
            ledger.stored[name] = item(name, found["text"], found["version"])
    ledger.unsure.clear()
    readiness = service.http.get("/readyz").json()
    assert readiness["items"] == len(ledger.stored)
    for name, one in ledger.stored.items():
        assert service.get(name).json()["item"]["text"] == one["text"]
    for name in ledger.deleted:
        assert service.get(name).status_code == 404, name
    [total] = {service.search_whole("x", k=1)["total_items"]}
    assert total == len(ledger.stored)


def check_by_search(service: Service, ledger: Ledger) -> None:
    """Every acknowledged item is found by a search for what it says, once; no deleted one ever
    is."""
    for name, one in ledger.stored.items():
        words = one["text"].split()
        ids = service.ids(f"Where does the {words[1]} {words[2]} sleep?", k=100, min_relevance=0)
        assert ids[0] == name, one["text"]
        assert len(ids) == len(set(ids))
        assert not set(ids) & ledger.deleted.keys()


def test_twenty_kills(start: Start, tmp_path: Path) -> None:
    ledger = Ledger()
    numbers = itertools.count()
    for life in range(KILLS):
        service = start(tmp_path / "data").ready()
        check(service, ledger)
        before = ledger.acknowledged
        workers = [
            threading.Thread(target=work, args=(service, ledger, numbers, life * 10 + n))
            for n in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        # Some work is acknowledged in each life, and the kill falls anywhere into the next.
        end = time.monotonic() + 30
        while ledger.acknowledged < before + 10 and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(random.Random(life).random() * 0.2)
        service.kill()
        for worker in workers:
            worker.join(timeout=30)
            assert not worker.is_alive()
        assert ledger.acknowledged >= before + 10
    service = start(tmp_path / "data").ready()
    check(service, ledger)
    check_by_search(service, ledger)
    assert ledger.deleted
    # A late upsert of what was deleted changes nothing.
    for name, version in list(ledger.deleted.items())[:5]:
        assert service.put(item(name, "back again", version))[0]["status"] == "deleted"
