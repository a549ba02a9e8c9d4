"""An index that fails is made again from the store, and until then nobody is told half of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from raggen_embed import commits
from raggen_embed.changes import Change, Delete, Upsert
from raggen_embed.collection import Collection
from raggen_embed.errors import NotReady
from raggen_embed.index import Index
from raggen_embed.progress import Start
from raggen_embed.schemas import DeleteTarget, Item
from raggen_embed.search_schemas import SearchRequest
from raggen_embed.settings import Settings


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    opened = Collection.open(Settings(data_dir=tmp_path, threads=1, multilingual=False), Start())
    yield opened
    opened.close()


def said(identifier: str, text: str) -> Item:
    return Item.model_validate({"id": identifier, "version": 1, "text": text})


async def ids(collection: Collection, text: str) -> list[str]:
    request = SearchRequest.model_validate({"text": text, "min_relevance": 0})
    return [one.id for one in (await collection.search(request)).results]


def broken(*_: object) -> None:
    raise RuntimeError("broken on purpose")


async def test_an_index_that_fails_once_is_made_again(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collection.upsert([said("a", "The ferry leaves at seven."), said("b", "Tea is hot.")])
    with monkeypatch.context() as patch:
        patch.setattr(Index, "_change", broken)
        await collection.upsert([said("c", "The ferry is blue.")])
        await collection.delete("local", [DeleteTarget(id="b", version=1)])
    assert collection.health() is None
    assert set(await ids(collection, "ferry")) == {"a", "c"}


async def test_until_it_can_be_made_nobody_is_told_half_of_it(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "PATIENCE_SECONDS", 0.1)
    with monkeypatch.context() as patch:
        patch.setattr(Index, "_change", broken)
        patch.setattr(Index, "fill", broken)
        written = await collection.upsert([said("a", "The ferry leaves at seven.")])
        assert written.results[0].status == "created"
        await collection.upsert([said("b", "The ferry is blue.")])
        with pytest.raises(NotReady):
            await ids(collection, "ferry")
        assert collection.health() is not None
    end = time.monotonic() + 20
    while collection.health() is not None:
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    assert set(await ids(collection, "ferry")) == {"a", "b"}


async def test_one_commit_may_change_an_item_often(collection: Collection) -> None:
    """Several callers' changes of the same items at once: the index shows the last of each."""
    serving = collection._serving

    def put(identifier: str, text: str, version: int) -> Upsert:
        item = said(identifier, text).model_copy(update={"version": version})
        [read] = serving.readers.read_now([serving.preparation.item(item)])
        return Upsert(item, read)

    texts = [f"The ferry leaves from pier {number}." for number in range(4)]
    await collection.upsert([said("old", "Tea is hot.")])
    groups: list[list[Change]] = [
        [put("new", text, version) for version, text in enumerate(texts, 1)],
        [put("old", texts[0], 2), put("gone", texts[1], 1), Delete("local", "gone", 2)],
        [put("back", texts[2], 1), Delete("local", "back", 1)],
        [put("back", texts[1], 2), put("gone", texts[3], 3), Delete("local", "gone", 3)],
    ]
    collection._writer.run(lambda: collection._commits.apply(groups))
    assert collection._commits.serving is serving
    assert len(serving.index) == 3
    request = SearchRequest.model_validate({"text": "the ferry", "min_relevance": 0})
    found = {one.id: one.text for one in (await collection.search(request)).results}
    assert found == {"new": texts[3], "old": texts[0], "back": texts[1]}
    _, sequences = serving.index.memories()["local"].catalogue.stored()
    assert set(sequences.tolist()) == {serving.index.generation}
