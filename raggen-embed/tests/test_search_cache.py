"""The same search is answered once, and never with what has changed since."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from embed_service import Service, item
from opened_collection import Loaded, Opened, hurry

from raggen_embed.encoder import Encoder
from raggen_embed.errors import Overloaded
from raggen_embed.index import Index
from raggen_embed.search_cache import SearchCache
from raggen_embed.search_schemas import SearchRequest, SearchResponse


def asking(**fields: Any) -> SearchRequest:
    return SearchRequest.model_validate({"text": "What is my dog afraid of?", **fields})


LARGE = 1 << 20


@dataclass
class World:
    """An index of which only the state is known, and answers that come when the test says so."""

    generation: int = 1
    asked: list[asyncio.Future[SearchResponse]] = field(default_factory=list)

    @property
    def index(self) -> Index:
        return cast("Index", self)

    async def ask(self) -> SearchResponse:
        self.asked.append(asyncio.get_running_loop().create_future())
        return await self.asked[-1]

    def answer(self, number: int = -1, took: float = 5.0) -> None:
        response = SearchResponse(
            model="m",
            generation=self.generation,
            total_items=0,
            default_min_relevance=0.3,
            follow_up=None,
            cached=False,
            took_ms=took,
            results=[],
        )
        self.asked[number].set_result(response)


def cached(cache: SearchCache, world: World, **fields: Any) -> Any:
    return asyncio.ensure_future(cache.answer(asking(**fields), world.index, world.ask))


def test_the_same_is_asked_once_until_something_is_written() -> None:
    async def story() -> None:
        cache, world = SearchCache(LARGE), World()
        first, second = cached(cache, world), cached(cache, world)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert len(world.asked) == 1
        world.answer()
        assert (await first).cached is (await second).cached is False
        again = await cached(cache, world)
        assert (again.cached, len(world.asked)) == (True, 1)
        assert again.took_ms < 5
        world.generation = 2
        late = cached(cache, world)
        await asyncio.sleep(0.01)
        world.answer()
        assert (await late).generation == 2
        assert cache.counts == {"hit": 1, "miss": 2, "joined": 1}

    asyncio.run(story())


def test_what_was_asked_before_a_write_is_not_kept_after_it() -> None:
    async def story() -> None:
        cache, world = SearchCache(LARGE), World()
        early = cached(cache, world)
        await asyncio.sleep(0.01)
        world.answer()  # of generation 1 …
        world.generation = 2  # … but something is written before it arrives
        assert (await early).generation == 1
        late = cached(cache, world)
        await asyncio.sleep(0.01)
        assert len(world.asked) == 2
        world.answer()
        assert (await late).generation == 2

    asyncio.run(story())


def test_who_asks_after_a_write_does_not_join_who_asked_before_it() -> None:
    async def story() -> None:
        cache, world = SearchCache(LARGE), World()
        early = cached(cache, world)
        await asyncio.sleep(0.01)
        world.generation = 2
        late = cached(cache, world)
        await asyncio.sleep(0.01)
        assert len(world.asked) == 2
        world.answer(1)
        assert (await late).generation == 2
        world.answer(0)
        await early

    asyncio.run(story())


def test_failures_are_kept_for_nobody_and_leaving_disturbs_nobody() -> None:
    async def story() -> None:
        cache, world = SearchCache(LARGE), World()
        failing = cached(cache, world)
        await asyncio.sleep(0.01)
        world.asked[0].set_exception(Overloaded("Too much waits.", retry_after=1))
        with pytest.raises(Overloaded):
            await failing
        leaving, staying = cached(cache, world), cached(cache, world)
        await asyncio.sleep(0.01)
        leaving.cancel()
        await asyncio.sleep(0)
        world.answer()
        assert (await staying).generation == 1
        assert len(world.asked) == 2

    asyncio.run(story())


@pytest.mark.parametrize("limit", [0, 4000])
def test_it_is_bounded(limit: int) -> None:
    async def story() -> None:
        cache, world = SearchCache(limit), World()
        for text in ("first", "second", "first"):
            flying = cached(cache, world, text=text)
            await asyncio.sleep(0.01)
            world.answer()
            await flying
        assert len(world.asked) == 3
        assert cache.counts["hit"] == 0

    asyncio.run(story())


def test_what_grows_old_by_itself_is_not_kept() -> None:
    async def story() -> None:
        cache, world = SearchCache(LARGE), World()
        for _ in range(2):
            flying = cached(cache, world, recency=0.5)
            await asyncio.sleep(0.01)
            world.answer()
            await flying
        assert len(world.asked) == 2

    asyncio.run(story())


@pytest.fixture
def opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder
) -> Iterator[Callable[[], Opened]]:
    hurry(monkeypatch)
    monkeypatch.setattr(Encoder, "load", Loaded(encoder).load)
    world = Opened(tmp_path / "data")
    yield lambda: world
    world.close()


def test_no_answer_keeps_what_was_deleted(opened: Callable[[], Opened]) -> None:
    world = opened()
    world.put(1, 2, 3)
    assert world.search("Which lamp flickers?") == world.search("Which lamp flickers?")
    cache = world.collection._searches
    assert cache.counts["hit"] == 1
    assert any(one.text for kept in cache._kept.values() for one in kept.results)
    world.delete(2)
    assert not cache._kept
    assert "2" not in {identifier for identifier, _ in world.search("Which lamp flickers?")}


def test_over_http(service: Service, owner: str) -> None:
    service.put(item("dog", "My dog Archie is afraid of thunder.", owner=owner))
    answers = [service.search_whole("What is my dog afraid of?", owner=owner) for _ in range(2)]
    assert [answer.pop("cached") for answer in answers] == [False, True]
    assert [answer.pop("took_ms") for answer in answers][1] < 5
    assert answers[0] == answers[1]
    service.put(item("cat", "My dog is afraid of the cat, too.", owner=owner))
    later = service.search_whole("What is my dog afraid of?", owner=owner)
    assert not later["cached"]
    assert {result["id"] for result in later["results"]} == {"dog", "cat"}
    metrics = service.http.get("/metrics").text
    assert 'raggen_embed_cache_searches_total{result="hit"}' in metrics
