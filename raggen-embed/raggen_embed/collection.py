"""The write path and the read path, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog

from raggen_embed.allowance import within
from raggen_embed.changes import (
    Change,
    Delete,
    Deleted,
    Outcome,
    Upsert,
    Upserted,
)
from raggen_embed.embedding import Embedding
from raggen_embed.encoder import Encoder
from raggen_embed.errors import NotFound
from raggen_embed.index import Addition, Index, Removal
from raggen_embed.listing import Listing
from raggen_embed.loading import Placement
from raggen_embed.metrics import State
from raggen_embed.models import Models
from raggen_embed.multilingual import Multilingual
from raggen_embed.preparation import Preparation
from raggen_embed.progress import Start
from raggen_embed.readers import Readers
from raggen_embed.rebuild import rebuild
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
from raggen_embed.search_schemas import SearchRequest, SearchResponse
from raggen_embed.searching import Searching
from raggen_embed.settings import Settings
from raggen_embed.store import FILE_NAME, Store
from raggen_embed.writer import Writer

THREADS = 4
T = TypeVar("T")


class Collection:
    """The open memory: store, indexes and model, and the threads that belong to them."""

    def __init__(self, settings: Settings, models: Models, store: Store) -> None:
        """Put the parts together and rebuild the index; ``open`` makes the parts."""
        self.model = models.encoder.identity.name
        self.dimensions = models.encoder.identity.dimensions
        self._store = store
        self._models = models
        self._readers = Readers(models, store)
        self._preparation = Preparation(models.encoder.windower)
        self._index = self._rebuild()
        # Two pools: long texts of bulk work must not stand in a search's way.
        self._bulk = ThreadPoolExecutor(THREADS, "bulk")
        self._quick = ThreadPoolExecutor(THREADS, "quick")
        self._limit = settings.queue_windows
        self.embedding = Embedding(self._preparation, models, self._limit, self._bulk)
        self.listing = Listing(settings.data_dir / FILE_NAME)
        self._writer = Writer(self._commit, store.scrub)
        self._searching = Searching(
            store.reader,
            self._preparation,
            models,
            self._quick,
            [*self._readers.numbers.values()],
            settings.min_relevance,
        )

    @classmethod
    def open(cls, settings: Settings, start: Start) -> Collection:
        """Open the store, load the models, rebuild the index. Takes seconds; ``start`` is told how
        far it is.

        Raises:
            StartError: the database or a model cannot be used.
        """
        store = Store(settings.data_dir)
        encoder = Encoder.load(settings.model, settings.threads)
        multilingual = Multilingual.load(settings.threads) if settings.multilingual else None
        start.reach("index")
        return cls(settings, Models(encoder, multilingual, settings.queue_windows), store)

    def close(self) -> None:
        """Finish the writes that wait, refuse the rest, close the store."""
        self._models.close()
        self._writer.close()
        self._bulk.shutdown()
        self._quick.shutdown()
        self.listing.close()
        self._store.close()

    def readiness(self) -> ReadyResponse:
        """What is loaded."""
        multilingual = self._models.multilingual
        return ReadyResponse(
            model=self.model,
            multilingual_model=None if multilingual is None else multilingual.identity.name,
            items=len(self._index),
            generation=self._index.generation,
        )

    async def get(self, owner: str, identifier: str) -> ItemResponse:
        """An item as it is stored.

        Raises:
            NotFound: this owner has no such item.
        """
        numbers = self._readers.numbers.values()
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
        return UpsertResponse(results=results, generation=self._index.generation)

    async def delete(self, owner: str, targets: Sequence[DeleteTarget]) -> DeleteResponse:
        """Commit, then forget in the indexes; when this returns, nothing finds the items."""
        outcomes = await self._write([Delete(owner, one.id, one.version) for one in targets])
        results = [
            DeleteResult(id=target.id, status=outcome.status)
            for target, outcome in zip(targets, outcomes, strict=True)
            if isinstance(outcome, Deleted)
        ]
        return DeleteResponse(results=results, generation=self._index.generation)

    def _is_news(self, item: Item) -> bool:
        """Whether the item will probably be written, so that what is known already is not embedded
        again."""
        return self._store.reader.version(item.owner, item.id) < item.version

    async def _write_items(self, items: Sequence[Item], needed: Sequence[bool]) -> list[Upserted]:
        wanted = [item for item, is_needed in zip(items, needed, strict=True) if is_needed]
        prepared = await self._in(
            self._bulk, lambda: within(self._limit, map(self._preparation.item, wanted))
        )
        encoded = iter(await self._readers.read(prepared))
        changes: list[Change] = [
            Upsert(item, next(encoded) if is_needed else None)
            for item, is_needed in zip(items, needed, strict=True)
        ]
        return [one for one in await self._write(changes) if isinstance(one, Upserted)]

    async def _write(self, changes: list[Change]) -> list[Outcome]:
        # Shielded: a caller that goes away does not undo what is queued.
        return await asyncio.shield(asyncio.wrap_future(self._writer.submit(changes)))

    def _commit(self, groups: Sequence[Sequence[Change]]) -> list[list[Outcome]]:
        """On the writer's thread: one transaction, then the indexes."""
        outcomes = self._store.apply(groups)
        applied: list[Removal | Addition] = []
        for changes, results in zip(groups, outcomes, strict=True):
            for change, outcome in zip(changes, results, strict=True):
                if outcome.row is None:
                    continue
                if isinstance(change, Upsert) and change.encoded is not None:
                    place = Placement.of(change.item, outcome.row, self._store.generation)
                    applied.append(Addition(place, change.encoded, outcome.before))
                elif isinstance(change, Delete) and outcome.before is not None:
                    applied.append(Removal(change.owner, outcome.row, outcome.before))
        try:
            self._index.apply(applied, self._store.generation)
        except Exception:  # noqa: BLE001 - logged with its traceback
            # The store is the truth: whatever went wrong, an index made from it is right.
            structlog.get_logger("raggen_embed.index").exception("index rebuilt")
            self._index = self._rebuild()
        return outcomes

    def _rebuild(self) -> Index:
        return rebuild(self._store, self._preparation, self._models, self._readers)

    # The read path

    async def search(self, request: SearchRequest) -> SearchResponse:
        """Prepare and embed the question, ask the index, rank, read the texts, point at
        sentences."""
        return await self._searching.search(request, self._index, self.model)

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    # What operators ask

    def health(self) -> str | None:
        """What has stopped working and needs a restart; None when nothing has."""
        if not self._writer.is_alive:
            return "The thread that writes has ended: restart raggen-embed; its log has the reason."
        return None

    def state(self) -> State:
        """What is counted when somebody asks."""
        caches = {str(role): cache.counts for role, cache in self._models.caches.items()}
        return State(len(self._index), self._index.generation, self.listing.bytes(), caches=caches)
