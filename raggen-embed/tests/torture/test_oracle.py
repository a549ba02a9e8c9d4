"""Hypothesis writes a memory's life, restarts and crashes included; a brute-force oracle says what
each search has to answer."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from raggen_embed.catalogue import Filter
from raggen_embed.collection import Collection
from raggen_embed.encoder import Encoder
from raggen_embed.errors import NotFound
from raggen_embed.multilingual import Multilingual
from raggen_embed.progress import Start
from raggen_embed.schemas import DeleteTarget, Item
from raggen_embed.search_schemas import SearchRequest
from raggen_embed.settings import Settings
from torture.oracle import QUESTIONS, TEXTS, Oracle, item_of, remembering
from torture.sizes import report, sized

RUNS: Final = sized(10, 500)
STEPS: Final = sized(30, 50)
CLOSE: Final = 1e-5
Asked = tuple[tuple[str, tuple[str, ...]], dict[str, Any]]
NUMBERS: Final = st.integers(0, len(TEXTS) - 1)
FILTERS: Final[list[dict[str, Any]]] = [
    {},
    {},
    {"exclude_ids": ["i1", "nobody"]},
    {"collections": ["documents"]},
    {"conversations": ["c0", "c9"]},
    {"exclude_conversations": ["c1"]},
    {"before": datetime.fromisoformat("2026-05-16T10:00:00Z")},
    {"after": datetime.fromisoformat("2026-05-14T12:00:00+03:00")},
]
# What is asked after a step.
ASKED: Final = st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(FILTERS))


class Life(RuleBasedStateMachine):
    """A collection, opened and closed, beside what it should hold."""

    encoder: ClassVar[Encoder]
    multilingual: ClassVar[Multilingual]
    done: ClassVar[dict[str, int]] = {}
    farthest: ClassVar[float] = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.place = Path(tempfile.mkdtemp(prefix="raggen-oracle-"))
        self.numbers = itertools.count()
        self.oracle = Oracle(self.encoder, self.multilingual)
        self.buried: dict[str, int] = {}
        self.count("runs")

    @initialize(numbers=st.sets(NUMBERS, min_size=3), asked=ASKED)
    def begin(self, numbers: set[int], asked: Asked) -> None:
        self.data = self.place / f"data{next(self.numbers)}"
        self.data.mkdir()
        self.collection = self.opened()
        self.put([(number, number % 3, 0) for number in sorted(numbers)], asked)

    def opened(self) -> Collection:
        return Collection.open(Settings(data_dir=self.data, threads=1), Start())

    def count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    def ask(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)

    def teardown(self) -> None:
        if hasattr(self, "collection"):
            self.collection.close()
        self.loop.close()
        shutil.rmtree(self.place)

    # Writing

    def wanted(self, item: Item) -> str:
        """What should become of an upsert."""
        there = self.oracle.items.get(item.id)
        if there is None:
            return "deleted" if self.buried.get(item.id, 0) >= item.version else "created"
        if there.version < item.version:
            return "updated"
        return "unchanged" if there == item else "stale"

    @rule(
        deleting=st.booleans(),
        choices=st.lists(
            st.tuples(NUMBERS, st.integers(0, 2), st.integers(-1, 2)), min_size=1, max_size=6
        ),
        asked=ASKED,
    )
    def write(self, deleting: bool, choices: list[tuple[int, int, int]], asked: Asked) -> None:
        if deleting:
            self.delete(choices, asked)
        else:
            self.put(choices, asked)

    def put(self, choices: list[tuple[int, int, int]], asked: Asked) -> None:
        """A batch, which may name an item twice; versions newer, older, the same."""
        items, statuses = [], []
        for number, choice, step in choices:
            there = self.oracle.items.get(f"i{number}")
            newest = self.buried.get(f"i{number}", 0) if there is None else there.version
            item = item_of(number, choice, max(1, newest + step))
            items.append(item)
            statuses.append(self.wanted(item))
            if statuses[-1] in {"created", "updated"}:
                self.oracle.put(item)
        answer = self.ask(self.collection.upsert(items))
        assert [one.status for one in answer.results] == statuses
        self.count("put")
        self.compare(asked)

    @rule(number=NUMBERS, version=st.integers(1, 9), asked=ASKED)
    def put_for_another(self, number: int, version: int, asked: Asked) -> None:
        """What somebody else says changes nothing here."""
        item = item_of(number, version % 3, version, "another")
        self.ask(self.collection.upsert([item]))
        self.compare(asked)

    def delete(self, choices: list[tuple[int, int, int]], asked: Asked) -> None:
        """Several, of versions newer, older, the same; what is gone or was never there, too."""
        targets, statuses = [], []
        for number, _, step in choices:
            name = f"i{number}"
            there = self.oracle.items.get(name)
            version = max(1, step + (self.buried.get(name, 0) if there is None else there.version))
            targets.append(DeleteTarget(id=name, version=version))
            if there is not None and there.version > version:
                statuses.append("stale")
                continue
            statuses.append("absent" if there is None else "deleted")
            self.oracle.remove(name)
            self.buried[name] = max(version, self.buried.get(name, 0))
        answer = self.ask(self.collection.delete("local", targets))
        assert [one.status for one in answer.results] == statuses
        self.count("delete")
        self.compare(asked)

    # Ending and beginning

    @rule(crashing=st.booleans(), asked=ASKED)
    def end(self, crashing: bool, asked: Asked) -> None:
        if crashing:
            self.crash(asked)
        else:
            self.restart(asked)

    def restart(self, asked: Asked) -> None:
        self.collection.close()
        self.collection = self.opened()
        self.count("restart")
        self.compare(asked)

    def crash(self, asked: Asked) -> None:
        """What a kill leaves: the files as they are now, while everything is open."""
        left = self.place / f"data{next(self.numbers)}"
        shutil.copytree(self.data, left, ignore=shutil.ignore_patterns("*-shm", "*.lock"))
        self.collection.close()
        self.data = left
        self.collection = self.opened()
        self.count("crash")
        self.compare(asked)

    # Reading

    @rule(asked=ASKED)
    def search(self, asked: Asked) -> None:
        self.compare(asked)

    @rule(number=NUMBERS)
    def get(self, number: int) -> None:
        try:
            found = self.ask(self.collection.get("local", f"i{number}")).item
        except NotFound:
            found = None
        assert found == self.oracle.items.get(f"i{number}")

    def compare(self, asked: Asked) -> None:
        """A search answers what the oracle says: the same ids, scores, order, texts."""
        (text, previous), fields = asked
        body = {"text": text, "previous": previous, "k": 100, "min_relevance": 0, "explain": True}
        lists = {name: value for name, value in fields.items() if isinstance(value, list)}
        times = {name: value for name, value in fields.items() if name not in lists}
        request = SearchRequest.model_validate({**body, **lists}).model_copy(update=times)
        where = {name: value for name, value in fields.items() if name != "exclude_ids"}
        excluded = fields.get("exclude_ids", ())
        expected = self.oracle.expect(text, previous, Filter(**where), excluded)
        answer = self.ask(self.collection.search(request))
        assert answer.total_items == len(expected.score)
        assert {one.id for one in answer.results} == expected.score.keys()
        for place, (one, name) in enumerate(zip(answer.results, expected.best(), strict=True)):
            assert one.rank == place + 1
            assert one.text == self.oracle.items[one.id].text
            far = abs(one.explanation.score - expected.score[one.id])
            type(self).farthest = max(self.farthest, far)
            assert far <= CLOSE, one.id
            # Two that are as good as each other may change places.
            assert abs(expected.logit[one.id] - expected.logit[name]) < 1e-3
        self.count("search")


@pytest.fixture
def models(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real models, loaded once: a collection is opened thousands of times here."""
    multilingual = Multilingual.load(1)
    with monkeypatch.context() as patch:
        patch.setattr(encoder, "encode", remembering(encoder.encode))
        patch.setattr(multilingual, "encode", remembering(multilingual.encode))
        patch.setattr(Encoder, "load", lambda *_, **__: encoder)
        patch.setattr(Multilingual, "load", lambda *_, **__: multilingual)
        Life.encoder, Life.multilingual = encoder, multilingual
        yield


@pytest.mark.timeout(sized(300, 7200))
@pytest.mark.usefixtures("models")
def test_the_same_as_the_oracle() -> None:
    Life.done = {}
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=[*HealthCheck],
        ),
    )
    report("oracle", steps=STEPS, farthest_score=Life.farthest, **Life.done)
    assert Life.done["runs"] >= RUNS
    assert min(Life.done.get(one, 0) for one in ("restart", "crash", "search", "delete")) > 0
