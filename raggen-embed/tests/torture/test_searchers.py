"""Eight search while one writes: no crash, no result made of two states, and what is acknowledged
is found at once."""

from __future__ import annotations

import math
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest
from embed_service import Json, Start

from torture.sentences_of import ANIMALS, PLACES, is_english, marks_of, text_of
from torture.sizes import report, seed, sized
from torture.tables import rows

SECONDS: Final = sized(10, 600)
SEARCHERS: Final = 8
# No more than a lane puts forward: so each search sees all of them.
ITEMS: Final = 30
QUESTIONS: Final = [
    *(f"Which {animal} sleeps behind the {PLACES[n % 8]}?" for n, animal in enumerate(ANIMALS)),
    "Где спит сова?",
    "Кто спит за вокзалом?",
]
# Two revisions of an item are farther apart; the same one in other batches is not.
SAME_COSINE: Final = 0.01


def made(number: int, revision: int) -> Json:
    """An item all of whose parts say which revision it is."""
    return {
        "id": f"i{number}",
        "version": revision,
        "text": text_of(number, revision),
        "seq": revision,
        "metadata": {"number": number, "revision": revision},
    }


@dataclass
class Truth:
    """What is acknowledged and what was sent, per item: even a deletion has a revision."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    # The last acknowledged revision, and whether that is a deletion.
    known: dict[int, tuple[int, bool]] = field(default_factory=dict)
    sent: dict[int, int] = field(default_factory=dict)

    def before(self) -> dict[int, tuple[int, bool]]:
        """What a search that starts now must see at least."""
        with self.lock:
            return dict(self.known)

    def after(self) -> dict[int, int]:
        """What a search that has ended can have seen at most."""
        with self.lock:
            return dict(self.sent)


@dataclass
class Crowd:
    """The threads, and what they find wrong."""

    url: httpx.URL
    truth: Truth = field(default_factory=Truth)
    over: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    cosines: dict[tuple[str, int, int], float] = field(default_factory=dict)
    searched_ms: list[float] = field(default_factory=list)

    def run(self, seconds: float) -> None:
        """Let everybody work for so long."""
        rng = random.Random(seed())
        threads = [threading.Thread(target=self.guarded, args=(self.write, rng.random()))]
        threads += [
            threading.Thread(target=self.guarded, args=(self.search, rng.random()))
            for _ in range(SEARCHERS)
        ]
        for thread in threads:
            thread.start()
        self.over.wait(seconds)
        self.over.set()
        for thread in threads:
            thread.join(timeout=60)
            assert not thread.is_alive()

    def guarded(self, work: Any, own_seed: float) -> None:
        """One thread: until time is over, or something is wrong."""
        rng = random.Random(own_seed)
        try:
            with httpx.Client(base_url=self.url, timeout=60) as http:
                while not self.over.is_set():
                    work(http, rng)
        except Exception as error:  # noqa: BLE001 - told by the test
            self.wrong.append(f"{type(error).__name__}: {error}")
            self.over.set()

    # The writer

    def write(self, http: httpx.Client, rng: random.Random) -> None:
        """Change some items in one request, or delete one; then find what was written."""
        numbers = rng.sample(range(ITEMS), rng.choice([1, 1, 3]))
        with self.truth.lock:
            revisions = {number: self.truth.sent.get(number, 0) + 1 for number in numbers}
            self.truth.sent |= revisions
        deleting = len(numbers) == 1 and rng.random() < 0.25
        if deleting:
            [(number, revision)] = revisions.items()
            answer = http.delete(f"/api/v1/items/i{number}", params={"version": revision})
        else:
            items = [made(number, revision) for number, revision in revisions.items()]
            answer = http.put("/api/v1/items", json={"items": items})
        answer.raise_for_status()
        with self.truth.lock:
            self.truth.known |= {
                number: (revision, deleting) for number, revision in revisions.items()
            }
        self.counts["written"] += len(revisions)
        for number, revision in revisions.items():
            self.find(http, number, revision, there=not deleting)

    def find(self, http: httpx.Client, number: int, revision: int, *, there: bool) -> None:
        """What was just acknowledged is the first of its language, or not to be found."""
        text = text_of(number, revision)
        results = self.asked(http, {"text": text, "k": 100, "min_relevance": 0})
        own = [one for one in results if marks_of(one["text"])[0] == number]
        if not there:
            assert not own, f"deleted and found: {own}"
            return
        alike = [one for one in results if one["text"].startswith("The ") == is_english(number)]
        assert alike, f"not found: {text}"
        assert alike[0]["text"] == text, f"not first: {text}, but {alike[0]['text']}"
        self.counts["found at once"] += 1

    # A searcher

    def search(self, http: httpx.Client, rng: random.Random) -> None:
        """Ask something; every result is one that could be seen, and in one piece."""
        question = rng.choice(QUESTIONS)
        k, explain = rng.choice([5, 20, 100]), rng.random() < 0.5
        before = self.truth.before()
        results = self.asked(
            http, {"text": question, "k": k, "min_relevance": 0, "explain": explain}
        )
        after = self.truth.after()
        if k == 100:
            there = {marks_of(one["text"])[0] for one in results}
            for number, (revision, deleted) in before.items():
                if after[number] == revision:
                    assert (number in there) is not deleted, f"i{number}"
        for place, one in enumerate(results):
            number, revision = self.whole(one)
            assert one["rank"] == place + 1
            least, deleted = before.get(number, (0, False))
            assert least + deleted <= revision <= after[number], f"seen too late or early: {one}"
            self.same_score(question, one, number, revision)

    def whole(self, one: Json) -> tuple[int, int]:
        """All parts of a result are of one revision; its number and revision."""
        number, revision = marks_of(one["text"])
        assert one["id"] == f"i{number}", one
        assert one["text"] == text_of(number, revision), one
        assert one["seq"] == revision, one
        assert one["metadata"] == {"number": number, "revision": revision}, one
        return number, revision

    def same_score(self, question: str, one: Json, number: int, revision: int) -> None:
        """The vector belongs to the text: the same cosine as whenever both met before."""
        cosine = self.cosines.setdefault((question, number, revision), one["cosine"])
        assert abs(cosine - one["cosine"]) < SAME_COSINE, f"{cosine} before, now {one}"
        parts = one["explanation"]
        if parts is not None:
            assert math.isclose(sum(parts["shares"].values()), parts["score"], abs_tol=1e-4)
            odds = sum(parts["log_odds"].values())
            assert math.isclose(1 / (1 + math.exp(-odds)), one["relevance"], abs_tol=1e-3)

    def asked(self, http: httpx.Client, body: Json) -> list[Json]:
        began = time.perf_counter()
        answer = http.post("/api/v1/search", json=body)
        answer.raise_for_status()
        self.searched_ms.append(1000 * (time.perf_counter() - began))
        self.counts["searches"] += 1
        results: list[Json] = answer.json()["results"]
        relevances = [one["relevance"] for one in results]
        assert relevances == sorted(relevances, reverse=True)
        assert len({one["id"] for one in results}) == len(results)
        return results


@pytest.mark.timeout(SECONDS + 300)
def test_eight_search_while_one_writes(start: Start) -> None:
    service = start().ready()
    service.put(*[made(number, 1) for number in range(ITEMS)])
    crowd = Crowd(service.http.base_url)
    crowd.truth.known = dict.fromkeys(range(ITEMS), (1, False))
    crowd.truth.sent = dict.fromkeys(range(ITEMS), 1)
    crowd.run(SECONDS)
    latencies = sorted(crowd.searched_ms)
    report(
        "searchers",
        seconds=SECONDS,
        searchers=SEARCHERS,
        wrong=len(crowd.wrong),
        search_p50_ms=round(latencies[len(latencies) // 2], 1),
        search_p99_ms=round(latencies[int(len(latencies) * 0.99)], 1),
        **{name.replace(" ", "_"): count for name, count in crowd.counts.items()},
    )
    assert not crowd.wrong, crowd.wrong[:3]
    assert crowd.counts["written"] > SECONDS / 5
    assert crowd.counts["found at once"] > 0
    bad = [line for line in service.lines() if line.get("level") in {"error", "critical"}]
    assert not bad, bad[:3]
    stored = {int(one.id.removeprefix("i")): one.version for one in rows(service.data)}
    known = crowd.truth.known.items()
    assert stored == {number: revision for number, (revision, gone) in known if not gone}
