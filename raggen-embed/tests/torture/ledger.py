"""What the service has acknowledged, written down by those who asked: afterwards nobody can say
that it was otherwise."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import httpx
from embed_service import Json, item

from torture.sentences_of import text_of

# Where there are more, deletions come more often: what is stored stays of a size that is quickly
# compared, however long the test.
MANY = 300


@dataclass(frozen=True)
class Request:
    """One request: versions to store, by number, or versions to delete; applied as a whole or not
    at all."""

    stored: Mapping[int, int] = field(default_factory=dict)
    deleted: Mapping[int, int] = field(default_factory=dict)

    @property
    def numbers(self) -> set[int]:
        """The items that it is about."""
        return {*self.stored, *self.deleted}

    def send(self, http: httpx.Client) -> httpx.Response:
        """Ask for it."""
        if self.stored:
            items = [made(number, version) for number, version in self.stored.items()]
            return http.put("/api/v1/items", json={"items": items})
        if len(self.deleted) == 1:
            [(number, version)] = self.deleted.items()
            return http.delete(f"/api/v1/items/i{number}", params={"version": version})
        targets = [
            {"id": f"i{number}", "version": version} for number, version in self.deleted.items()
        ]
        return http.post("/api/v1/items/delete", json={"items": targets})


def made(number: int, version: int) -> Json:
    """An item for the wire; its text says which it is."""
    return item(f"i{number}", text_of(number, version), version)


class Ledger:
    """For any thread; two requests that wait at once are never about the same item."""

    def __init__(self) -> None:
        self.stored: dict[int, int] = {}
        self.deleted: dict[int, int] = {}
        self.acknowledged = 0
        self.refused = 0
        self.touched: set[int] = set()
        self._waiting: list[Request] = []
        self._refused: list[Request] = []
        self._lock = threading.Lock()
        self._new = 0

    def next_request(self, rng: random.Random) -> Request:
        """A mixture: new items, changed ones, deleted ones that come back, deletions, alone and in
        batches. It waits from now on."""
        with self._lock:
            busy = {number for one in self._waiting for number in one.numbers}
            free = [number for number in self.stored if number not in busy]
            rng.shuffle(free)
            count = rng.choice([1, 1, 2, 4])
            if len(free) >= count and rng.random() < (0.5 if len(self.stored) > MANY else 0.25):
                request = Request(deleted={number: self.stored[number] for number in free[:count]})
            else:
                gone = [number for number in self.deleted if number not in busy]
                wanted = {number: self.stored[number] + 1 for number in free[: rng.randint(0, 2)]}
                if gone and rng.random() < 0.3:
                    back = rng.choice(gone)
                    wanted[back] = self.deleted[back] + 1
                fresh = range(self._new, self._new + (rng.randint(0, 3) if wanted else count))
                self._new += len(fresh)
                request = Request(stored=wanted | dict.fromkeys(fresh, 1))
            self._waiting.append(request)
        return request

    def acknowledge(self, request: Request) -> None:
        """It was answered with 200: it is true from now on."""
        with self._lock:
            self._waiting.remove(request)
            self._apply(request)
            self._refused.clear()
            self.acknowledged += len(request.numbers)

    def refuse(self, request: Request) -> None:
        """It was answered with an error: nothing of it may be seen."""
        with self._lock:
            self._waiting.remove(request)
            self._refused.append(request)
            self.refused += 1
            self.touched |= request.numbers

    def wait_again(self, request: Request) -> None:
        """A refused one is sent once more."""
        with self._lock:
            self._waiting.append(request)

    def settle_crash(self, found: Mapping[int, int]) -> bool:
        """After a crash the last refused request may be there after all, as a whole: only its sync
        failed, and what it wrote into the write-ahead log was not written over since.

        Args:
            found: what is stored, versions by number.

        Returns:
            Whether one was.
        """
        for request in self._refused:
            kept = {n: version for n, version in self.stored.items() if n not in request.deleted}
            if {**kept, **request.stored} == found != self.stored:
                self._apply(request)
                return True
        return False

    def settle(self, found: Mapping[int, int]) -> int:
        """What was asked and never answered has happened as a whole, or not at all; how many did.

        Args:
            found: what is stored, versions by number.
        """
        happened = 0
        for request in self._waiting:
            applied = [found.get(number) == version for number, version in request.stored.items()]
            applied += [number not in found for number in request.deleted]
            assert all(applied) or not any(applied), f"half done: {request}"
            if all(applied):
                self._apply(request)
                happened += 1
        self._waiting.clear()
        return happened

    def _apply(self, request: Request) -> None:
        for number, version in request.stored.items():
            self.stored[number] = version
            self.deleted.pop(number, None)
        for number, version in request.deleted.items():
            self.stored.pop(number, None)  # a refused deletion may have come true by itself
            self.deleted[number] = version
        self.touched |= request.numbers

    def sample(self, rng: random.Random, count: int) -> Iterable[int]:
        """Some of the items that changed since the last call, or else any."""
        among = sorted(self.touched) or sorted(self.stored)
        self.touched = set()
        return rng.sample(among, min(count, len(among)))
