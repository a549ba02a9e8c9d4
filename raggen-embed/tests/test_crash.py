"""kill -9, twenty times, while items are stored and deleted: what was acknowledged stays true."""

from __future__ import annotations

import contextlib
import itertools
import random
import sqlite3
import threading
import time
from pathlib import Path

import httpx
from embed_service import Json, Service, Start, item

KILLS = 20
WORKERS = 3
ANIMALS = ["fox", "owl", "bear", "crane", "otter", "lynx", "heron", "badger", "salmon", "raven"]
PLACES = ["harbour", "attic", "chapel", "orchard", "station", "quarry", "theatre", "bakery"]
RUSSIAN_ANIMALS = [
    "лиса",
    "сова",
    "медведь",
    "журавль",
    "выдра",
    "рысь",
    "цапля",
    "барсук",
    "лосось",
    "ворон",
]
RUSSIAN_PLACES = [
    "гаванью",
    "чердаком",
    "часовней",
    "садом",
    "вокзалом",
    "карьером",
    "театром",
    "пекарней",
]


# Stored before the first kill, by an owner of their own; asked for in the other language.
LASTING = {
    "ferry": ("The ferry to Naxos leaves at seven.", "Когда отходит паром на Наксос?"),
    "kitchen": ("Ремонт кухни обошёлся дороже, чем мы думали.", "How much was the new kitchen?"),
}


class Ledger:
    """What the service has acknowledged, and what it may or may not have done besides."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.stored: dict[str, Json] = {}
        self.deleted: dict[str, int] = {}
        self.unsure: set[str] = set()
        self.acknowledged = 0


def text_of(number: int) -> str:
    """Every third in Russian."""
    if number % 3 == 0:
        return (
            f"За {RUSSIAN_PLACES[number % 8]} спит {RUSSIAN_ANIMALS[number % 10]} номер{number} "
            f"у ворот{number * 7}."
        )
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
    assert readiness["items"] == len(ledger.stored) + len(LASTING)
    for name, one in ledger.stored.items():
        assert service.get(name).json()["item"]["text"] == one["text"]
    for name in ledger.deleted:
        assert service.get(name).status_code == 404, name
    [total] = {service.search_whole("x", k=1)["total_items"]}
    assert total == len(ledger.stored)
    check_tables(service, ledger)


def check_tables(service: Service, ledger: Ledger) -> None:
    """Each item has its terms, and the vectors of the models that read it, and nobody else has."""
    file = (service.data / "raggen-embed.db").absolute().as_uri()
    with contextlib.closing(sqlite3.connect(f"{file}?mode=ro", uri=True)) as database:
        names = dict(database.execute("SELECT row, id FROM items"))
        scripts = dict(database.execute("SELECT row, script FROM terms"))
        roles = dict(database.execute("SELECT model, role FROM models"))
        read: dict[str, set[int]] = {role: set() for role in roles.values()}
        for key, vector in database.execute("SELECT key, length(vector) FROM vectors"):
            assert vector == 4 * 384
            read[roles[key >> 56]].add((key & ((1 << 56) - 1)) >> 16)
    texts = {name: one["text"] for name, one in ledger.stored.items()}
    texts |= {name: text for name, (text, _) in LASTING.items()}
    assert set(names.values()) == texts.keys()
    assert scripts.keys() == names.keys()
    for row, script in scripts.items():
        assert script == ("latin" if texts[names[row]].startswith("The ") else "cyrillic")
    assert read["multilingual"] == names.keys()
    assert read["main"] == {row for row, script in scripts.items() if script == "latin"}


def check_by_search(service: Service, ledger: Ledger) -> None:
    """Every acknowledged item is the first of its language in a search for what it says; no
    deleted one is ever found."""
    for name, one in ledger.stored.items():
        found = service.search(one["text"], k=100, min_relevance=0)
        is_english = one["text"].startswith("The ")
        alike = [other["id"] for other in found if other["text"].startswith("The ") == is_english]
        assert alike[0] == name, one["text"]
        ids = [other["id"] for other in found]
        assert len(ids) == len(set(ids))
        assert not set(ids) & ledger.deleted.keys()


def test_twenty_kills(start: Start, tmp_path: Path) -> None:
    ledger = Ledger()
    numbers = itertools.count()
    for life in range(KILLS):
        service = start(tmp_path / "data").ready()
        if life == 0:
            lasting = [item(name, text, owner="lasting") for name, (text, _) in LASTING.items()]
            service.put(*lasting)
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
    for name, (text, question) in LASTING.items():
        for asked in (text, question):
            assert service.ids(asked, owner="lasting")[0] == name
    assert ledger.deleted
    # A late upsert of what was deleted changes nothing.
    for name, version in list(ledger.deleted.items())[:5]:
        assert service.put(item(name, "back again", version))[0]["status"] == "deleted"
