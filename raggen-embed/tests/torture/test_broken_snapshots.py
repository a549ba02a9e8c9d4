"""A snapshot of an index that is cut off or has a bit turned over is noticed, made again, and never
believed: the answers are those of an index made from the store."""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import structlog

from raggen_embed.collection import Collection
from raggen_embed.encoder import Encoder
from raggen_embed.multilingual import Multilingual
from raggen_embed.progress import Start
from raggen_embed.schemas import Item
from raggen_embed.search_schemas import SearchRequest
from raggen_embed.settings import Settings
from torture.damage import Damage, makeable, put, some_damage
from torture.ledger import made
from torture.oracle import remembering
from torture.sentences_of import text_of
from torture.sizes import report, seed, sized

CASES: Final = sized(40, 1000)
MADE_AGAIN: Final = sized(1, 10)
# So many that a snapshot is worth its while.
ITEMS: Final = 2100
BATCH: Final = 150
QUESTIONS: Final = [text_of(5), text_of(6), "Which heron sleeps?", "Кто спит за садом?"]
PATIENCE_SECONDS: Final = 120

Answers = list[list[tuple[str, float]]]


@dataclass
class Opened:
    """What a collection did when it was opened: its answers, and what it complained of."""

    answers: Answers
    complaints: list[str]


class Memory:
    """A data directory with snapshots, opened again and again."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.loop = asyncio.new_event_loop()

    def collection(self) -> Collection:
        return Collection.open(Settings(data_dir=self.data, threads=1), Start())

    def fill(self) -> None:
        """Store items, and wait until what can be made of them is made."""
        collection = self.collection()
        for first in range(0, ITEMS, BATCH):
            items = [Item.model_validate(made(n, 1)) for n in range(first, first + BATCH)]
            self.loop.run_until_complete(collection.upsert(items))
        self.wait_until_made()
        collection.close()

    def wait_until_made(self) -> None:
        """Until every file that was begun is whole and nothing is written any more."""
        end = time.monotonic() + PATIENCE_SECONDS
        before: dict[Path, int] = {}
        while True:
            now = {path: len(content) for path, content in makeable(self.data).items()}
            if now and now == before and not any(path.suffix[1:].isdigit() for path in now):
                return
            assert time.monotonic() < end, "no snapshot is made"
            before = now
            time.sleep(0.5)

    def open(self) -> Opened:
        """Open, ask, close."""
        with structlog.testing.capture_logs() as logs:
            collection = self.collection()
            answers = [self.ask(collection, question) for question in QUESTIONS]
            collection.close()
        complaints = [
            f"{one['event']}: {one.get('reason', '')}"
            for one in logs
            if one["log_level"] in {"warning", "error"}
        ]
        return Opened(answers, complaints)

    def ask(self, collection: Collection, question: str) -> list[tuple[str, float]]:
        request = SearchRequest.model_validate({"text": question, "k": 50, "min_relevance": 0})
        found = self.loop.run_until_complete(collection.search(request))
        return [(one.id, one.relevance) for one in found.results]


@pytest.fixture
def memory(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    """With the real models, loaded once: a collection is opened a thousand times here."""
    multilingual = Multilingual.load(1)
    with monkeypatch.context() as patch:
        patch.setattr(Encoder, "load", lambda *_, **__: encoder)
        patch.setattr(Multilingual, "load", lambda *_, **__: multilingual)
        memory = Memory(tmp_path / "data")
        memory.data.mkdir()
        memory.fill()
        # What is asked from here on is always the same.
        patch.setattr(encoder, "encode", remembering(encoder.encode))
        patch.setattr(multilingual, "encode", remembering(multilingual.encode))
        yield memory
        memory.loop.close()


def close_to(answers: Answers) -> Any:
    """The same ids in the same order, relevances within 1e-5."""
    return [[(name, pytest.approx(one, abs=1e-5)) for name, one in row] for row in answers]


@pytest.mark.timeout(sized(300, 3600))
def test_a_broken_snapshot_is_noticed_and_made_again(memory: Memory) -> None:
    whole = makeable(memory.data)
    assert whole, "there is nothing to break"
    believed = memory.open()
    assert believed.complaints == []
    assert makeable(memory.data) == whole
    # The oracle: an index made from the store alone.
    for path in whole:
        (memory.data / path).unlink()
    expected = memory.open().answers
    assert believed.answers == close_to(expected)
    rng = random.Random(seed())
    kinds: Counter[str] = Counter()
    complaints: Counter[str] = Counter()
    for _ in range(CASES):
        damage = some_damage(whole, rng)
        kinds[damage.kind] += 1
        complaints.update(check(memory, whole, damage, expected))
    again = [seconds_until_made_again(memory, whole, rng) for _ in range(MADE_AGAIN)]
    report(
        "broken-snapshots",
        cases=CASES,
        files={str(path): len(content) for path, content in whole.items()},
        kinds=dict(kinds),
        noticed=dict(complaints),
        made_again_max_s=round(max(again), 1),
    )
    shutil.rmtree(memory.data)


def check(memory: Memory, whole: dict[Path, bytes], damage: Damage, expected: Answers) -> list[str]:
    """One case; what was complained of."""
    broken = damage.done_to(whole[damage.path])
    put(memory.data, {**whole, damage.path: broken})
    opened = memory.open()
    assert opened.complaints, f"not noticed: {damage}"
    assert opened.answers == close_to(expected), damage
    left: Any = makeable(memory.data).get(damage.path)
    assert left != broken, f"still there: {damage}"
    return opened.complaints


def seconds_until_made_again(memory: Memory, whole: dict[Path, bytes], rng: random.Random) -> float:
    """A collection that stays open makes the file again, one that is believed."""
    damage = some_damage(whole, rng)
    put(memory.data, {**whole, damage.path: damage.done_to(whole[damage.path])})
    collection = memory.collection()
    began = time.monotonic()
    memory.wait_until_made()
    seconds = time.monotonic() - began
    collection.close()
    assert makeable(memory.data).keys() == whole.keys()
    assert memory.open().complaints == []
    return seconds
