"""The write path and the read path, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from raggen_embed.allowance import within
from raggen_embed.changes import (
    Change,
    Delete,
    Deleted,
    Outcome,
    Upsert,
    Upserted,
)
from raggen_embed.commits import Commits
from raggen_embed.embedding import Embedding
from raggen_embed.errors import NotFound, NotReady
from raggen_embed.listing import Listing
from raggen_embed.metrics import Stages, State
from raggen_embed.opening import opened
from raggen_embed.progress import Start
from raggen_embed.refreshing import Refresher
from raggen_embed.schemas import (
    DeleteResponse,
    DeleteResult,
    DeleteTarget,
    Item,
    ItemResponse,
    ReadyResponse,
    UpsertResponse,
    UpsertResult,
)
from raggen_embed.search_cache import SearchCache
from raggen_embed.search_schemas import SearchRequest, SearchResponse
from raggen_embed.serving import Serving
from raggen_embed.settings import Settings
from raggen_embed.shadow import Shadow
from raggen_embed.store import FILE_NAME, Store
from raggen_embed.succession import Succession
from raggen_embed.writer import Writer

THREADS = 4
T = TypeVar("T")


class Collection:
    """The open memory: store, indexes and models, and the threads that belong to them."""

    def __init__(self, settings: Settings, store: Store, start: Start) -> None:
        """Load the models and fill the indexes."""
        self._store = store
        # Two pools: long texts of bulk work must not stand in a search's way.
        self._bulk = ThreadPoolExecutor(THREADS, "bulk")
        self._quick = ThreadPoolExecutor(THREADS, "quick")
        self._limit = settings.queue_windows
        before, after = opened(settings, store, (self._quick, self._bulk), start)
        self._commits = Commits(store, before)
        self.listing = Listing(settings.data_dir / FILE_NAME)
        self._searches = SearchCache(settings.search_cache_mb << 20)
        self._writer = Writer(self._commits.apply, self._commits.idle)
        self._refresher = Refresher(lambda: self._serving.index, store.path, self._writer.run)
        self._after = after
        self._shadow: Shadow | None = None
        if after is not None:
            self._shadow = Shadow(before, after, store, self._writer.run, self._commits.switch)
        self.succession = Succession(store, self._writer.run, after, self._shadow)

    @classmethod
    def open(cls, settings: Settings, start: Start) -> Collection:
        """Open the store, load the models, fill the index. Takes seconds; ``start`` is told how far
        it is.

        Raises:
            StartError: the database or a model cannot be used.
        """
        return cls(settings, Store(settings.data_dir), start)

    def close(self) -> None:
        """Finish the writes that wait, refuse the rest, close the store."""
        self._refresher.close()
        for serving in (self._serving, self._after):
            if serving is not None:
                serving.models.close()
        if self._shadow is not None:
            self._shadow.close()
        self._writer.close()
        self._bulk.shutdown()
        self._quick.shutdown()
        self.listing.close()
        self._store.close()

    @property
    def _serving(self) -> Serving:
        return self._commits.serving

    @property
    def embedding(self) -> Embedding:
        """Texts to vectors, for whoever asks."""
        return self._serving.embedding

    @property
    def model(self) -> str:
        """The name of the main model that answers."""
        return self._serving.models.encoder.identity.name

    @property
    def dimensions(self) -> int:
        """Of its vectors."""
        return self._serving.models.encoder.identity.dimensions

    def readiness(self) -> ReadyResponse:
        """What is loaded."""
        multilingual = self._serving.models.multilingual
        index = self._serving.index
        return ReadyResponse(
            model=self.model,
            multilingual_model=None if multilingual is None else multilingual.identity.name,
            items=len(index),
            generation=index.generation,
        )

    async def get(self, owner: str, identifier: str) -> ItemResponse:
        """An item as it is stored.

        Raises:
            NotFound: this owner has no such item.
        """
        numbers = self._serving.readers.numbers.values()
        found = await self._in(
            self._quick, lambda: self._store.reader.item(owner, identifier, numbers)
        )
        if found is None:
            raise NotFound("There is no item with this id for this owner.")
        item, windows = found
        return ItemResponse(item=item, windows=windows, model=self.model)

    # The write path

    async def upsert(self, items: Sequence[Item]) -> UpsertResponse:
        """Embed, group, commit, index; when this returns, the items are durable and found."""
        needed = await self._in(self._bulk, lambda: [self._is_news(item) for item in items])
        outcomes = await self._write_items(items, needed)
        again = [place for place, outcome in enumerate(outcomes) if outcome.status is None]
        if again:
            # Rarely an item that looked old is needed after all: it was changed or deleted in
            # between.
            late = await self._write_items([items[place] for place in again], [True] * len(again))
            for place, outcome in zip(again, late, strict=True):
                outcomes[place] = outcome
        results = [
            UpsertResult(id=item.id, version=outcome.version, status=outcome.status)
            for item, outcome in zip(items, outcomes, strict=True)
            if outcome.status is not None
        ]
        return UpsertResponse(results=results, generation=self._serving.index.generation)

    async def delete(self, owner: str, targets: Sequence[DeleteTarget]) -> DeleteResponse:
        """Commit, then forget in the indexes; when this returns, nothing finds the items."""
        outcomes = await self._write([Delete(owner, one.id, one.version) for one in targets])
        results = [
            DeleteResult(id=target.id, status=outcome.status)
            for target, outcome in zip(targets, outcomes, strict=True)
            if isinstance(outcome, Deleted)
        ]
        return DeleteResponse(results=results, generation=self._serving.index.generation)

    def _is_news(self, item: Item) -> bool:
        """Whether the item will probably be written, so that what is known already is not embedded
        again."""
        return self._store.reader.version(item.owner, item.id) < item.version

    async def _write_items(self, items: Sequence[Item], needed: Sequence[bool]) -> list[Upserted]:
        serving = self._serving
        wanted = [item for item, is_needed in zip(items, needed, strict=True) if is_needed]
        prepared = await self._in(
            self._bulk, lambda: within(self._limit, map(serving.preparation.item, wanted))
        )
        encoded = iter(await serving.readers.read(prepared))
        changes: list[Change] = [
            Upsert(item, next(encoded) if is_needed else None)
            for item, is_needed in zip(items, needed, strict=True)
        ]
        return [one for one in await self._write(changes) if isinstance(one, Upserted)]

    async def _write(self, changes: list[Change]) -> list[Outcome]:
        # Shielded: a caller that goes away does not undo what is queued.
        outcomes = await asyncio.shield(asyncio.wrap_future(self._writer.submit(changes)))
        self._searches.level(self._serving.index)  # what was deleted is in no answer any more
        return outcomes

    # The read path

    async def search(self, request: SearchRequest, stages: Stages | None = None) -> SearchResponse:
        """Prepare and embed the question, ask the index, rank, read the texts, point at
        sentences; ``stages`` is told how long each takes."""
        if self._commits.is_damaged:
            raise NotReady("The index is being made again: send this in 5 seconds.", retry_after=5)
        serving = self._serving
        return await self._searches.answer(
            request,
            serving.index,
            lambda: serving.searching.search(request, serving.index, self.model, stages),
        )

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    # What operators ask

    def health(self) -> str | None:
        """What has stopped working and needs a restart; None when nothing has."""
        if self._commits.is_damaged:
            return "The index cannot be made from the store: see the log, run raggen-embed verify."
        if not self._writer.is_alive:
            return "The thread that writes has ended: restart raggen-embed; its log has the reason."
        return None

    def state(self) -> State:
        """What is counted when somebody asks."""
        index, models = self._serving.index, self._serving.models
        return State(
            len(index),
            index.generation,
            self.listing.bytes(),
            lanes=index.tiers(),
            queues=models.waiting,
            caches={str(role): cache.counts for role, cache in models.caches.items()},
            searches=self._searches.counts,
        )
