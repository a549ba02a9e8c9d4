"""Writes and syncs fail one time in twenty: nothing is acknowledged that is not there, nothing that
was refused is, and searches go on."""

from __future__ import annotations

import errno
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from embed_service import Service

from torture.agreement import compare_by_http, settle_and_compare, versions
from torture.faults import Faults, failing_zygote
from torture.ledger import Ledger
from torture.sizes import report, seed, sized

WRITES: Final = sized(500, 10_000)
ROUNDS: Final = sized(4, 20)
CLIENTS: Final = 4
PROBABILITY: Final = 0.05
ERRORS: Final = (errno.EIO, errno.ENOSPC)
RECOVERY_SECONDS: Final = 5


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    return Faults(tmp_path / "faults")


class Clients:
    """Some write, one searches, all of them check the shape of what they are answered."""

    def __init__(self, service: Service, ledger: Ledger, writes: int) -> None:
        self._url = service.http.base_url
        self._ledger = ledger
        self._left = itertools.count(writes, -1)
        self.answers: Counter[str] = Counter()
        self.searches = 0
        self.troubles: list[str] = []

    def run(self, rng: random.Random) -> None:
        """Until all is written."""
        writers = [
            threading.Thread(target=self._write, args=(random.Random(rng.random()),))
            for _ in range(CLIENTS)
        ]
        over = threading.Event()
        searcher = threading.Thread(target=self._search, args=(over,))
        for thread in (*writers, searcher):
            thread.start()
        for thread in writers:
            thread.join()
        over.set()
        searcher.join()

    def _write(self, rng: random.Random) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as http:
            while next(self._left) > 0:
                request = self._ledger.next_request(rng)
                answer = request.send(http)
                if answer.status_code == 200:
                    self._ledger.acknowledge(request)
                    self.answers["200"] += 1
                else:
                    self._ledger.refuse(request)
                    self._refused(answer)

    def _refused(self, answer: httpx.Response) -> None:
        error: dict[str, Any] = answer.json().get("error", {})
        self.answers[f"{answer.status_code} {error.get('code')}"] += 1
        if error.get("request_id") != answer.headers["x-request-id"] or answer.status_code < 500:
            self.troubles.append(f"{answer.status_code} {answer.text[:300]}")

    def _search(self, over: threading.Event) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as http:
            while not over.is_set():
                answer = http.post("/api/v1/search", json={"text": "Which fox sleeps?"})
                self.searches += 1
                if answer.status_code != 200:
                    self.troubles.append(f"search: {answer.status_code} {answer.text[:300]}")
                time.sleep(0.05)


def writes_again(service: Service, ledger: Ledger, rng: random.Random) -> float:
    """Seconds until the service takes a write, once nothing fails any more."""
    began = time.monotonic()
    while True:
        request = ledger.next_request(rng)
        if request.send(service.http).status_code == 200:
            ledger.acknowledge(request)
            return time.monotonic() - began
        ledger.refuse(request)
        assert time.monotonic() - began < RECOVERY_SECONDS
        time.sleep(0.05)


@pytest.fixture
def services(faults: Faults, tmp_path: Path) -> Iterator[Any]:
    """Starts services on one data directory, in a process whose writes can fail."""
    zygote = failing_zygote(tmp_path / "faults")
    started: list[Service] = []

    def start() -> Service:
        started.append(Service.forked(zygote, tmp_path / "data"))
        return started[-1].ready()

    yield start
    for service in started:
        service.kill()
    zygote.close()


@pytest.mark.parametrize("error", ERRORS)
def test_a_commit_whose_sync_failed_is_whole_or_undone_after_a_crash(
    services: Any, faults: Faults, error: int
) -> None:
    """All of it is in the write-ahead log, and only the sync was missing: it is undone while the
    service lives, a crash may bring it back as a whole, and sent again it is there."""
    rng = random.Random(seed())
    ledger = Ledger()
    service = services()
    for _ in range(5):
        writes_again(service, ledger, rng)
    faults.set(0, 1, error)
    request = ledger.next_request(rng)
    assert request.send(service.http).status_code == 507
    ledger.refuse(request)
    settle_and_compare(service.data, ledger)
    compare_by_http(service, ledger, rng, 0)
    service.kill()
    faults.stop()
    service = services()
    ledger.settle_crash(versions(service.data))
    settle_and_compare(service.data, ledger)
    compare_by_http(service, ledger, rng, 0)
    ledger.wait_again(request)
    assert request.send(service.http).status_code == 200
    ledger.acknowledge(request)
    settle_and_compare(service.data, ledger)


@pytest.mark.timeout(sized(300, 3600))
def test_nothing_is_acknowledged_that_is_not_there(services: Any, faults: Faults) -> None:
    rng = random.Random(seed())
    ledger = Ledger()
    answers: Counter[str] = Counter()
    searches = came_back = 0
    recovery: list[float] = []
    service = services()
    writes_again(service, ledger, rng)
    for number in range(ROUNDS):
        clients = Clients(service, ledger, WRITES // ROUNDS)
        faults.set(PROBABILITY, PROBABILITY, ERRORS[number % len(ERRORS)])
        clients.run(rng)
        # Half of the time what failed last is all that there is to start from.
        if number % 4 >= 2:
            service.kill()
            faults.stop()
            service = services()
            came_back += ledger.settle_crash(versions(service.data))
        faults.stop()
        assert not clients.troubles, clients.troubles[:3]
        settle_and_compare(service.data, ledger)
        compare_by_http(service, ledger, rng, 0)
        recovery.append(writes_again(service, ledger, rng))
        answers += clients.answers
        searches += clients.searches
    counts = faults.counts()
    report(
        "failing-disk",
        writes=WRITES,
        probability=PROBABILITY,
        injected={point: failed for point, (_, failed) in counts.items()},
        calls={point: calls for point, (calls, _) in counts.items()},
        answers=dict(answers),
        acknowledged=ledger.acknowledged,
        searches=searches,
        refused_and_there_after_a_crash=came_back,
        recovery_max_s=round(max(recovery), 2),
    )
    assert all(failed > 0 for _, failed in counts.values())
    assert answers["200"] > 0
    assert ledger.refused > 0
