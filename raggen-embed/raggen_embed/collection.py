"""The write path and the read path, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import structlog

from raggen_embed.batching import Batcher
from raggen_embed.changes import (
    Change,
    Delete,
    Deleted,
    Encoded,
    Outcome,
    Upsert,
    Upserted,
)
from raggen_embed.encoder import Encoder, Vectors, mean_vector
from raggen_embed.errors import NotFound
from raggen_embed.index import Index
from raggen_embed.preparation import Preparation, Prepared
from raggen_embed.ranking import load_calibration
from raggen_embed.reader import Placement
from raggen_embed.rebuild import rebuild
from raggen_embed.schemas import (
    DeleteResponse,
    DeleteResult,
    DeleteTarget,
    Item,
    ItemResponse,
    ReadyResponse,
    SearchRequest,
    SearchResponse,
    UpsertResponse,
    UpsertResult,
    Window,
)
from raggen_embed.searching import Searching
from raggen_embed.settings import Settings
from raggen_embed.store import Store
from raggen_embed.writer import Writer

THREADS = 4
# Windows, no more than the smallest queue holds.
PIECE = 64
T = TypeVar("T")


@dataclass(frozen=True)
class Embedded:
    """A text's unit vector and its windows."""

    vector: list[float]
    windows: list[Window]


class Collection:
    """The open memory: store, indexes and model, and the threads that belong to them."""

    def __init__(self, settings: Settings, encoder: Encoder, store: Store) -> None:
        """Put the parts together and rebuild the index; ``open`` makes the parts."""
        self.model = encoder.identity.name
        self.dimensions = encoder.identity.dimensions
        self._store = store
        self._model_key = store.model_key(encoder.identity.name, encoder.identity.fingerprint)
        self._batcher = Batcher(encoder, self.dimensions, settings.queue_windows)
        self._preparation = Preparation(encoder.windower)
        self._index = self._rebuild()
        # Two pools: long texts of bulk work must not stand in a search's way.
        self._bulk = ThreadPoolExecutor(THREADS, "bulk")
        self._quick = ThreadPoolExecutor(THREADS, "quick")
        self._writer = Writer(self._commit, store.scrub)
        calibration = load_calibration()
        if settings.min_relevance is not None:
            own = dict.fromkeys(calibration.min_relevance, settings.min_relevance)
            calibration = calibration.model_copy(update={"min_relevance": own})
        self._searching = Searching(
            store.reader, self._preparation, calibration, self._quick, self._encode
        )

    @classmethod
    def open(cls, settings: Settings) -> Collection:
        """Open the store, load the model, rebuild the index. Takes seconds.

        Raises:
            StartError: the database or the model cannot be used.
        """
        store = Store(settings.data_dir)
        encoder = Encoder.load(settings.model, settings.threads)
        return cls(settings, encoder, store)

    def close(self) -> None:
        """Finish the writes that wait, refuse the rest, close the store."""
        self._batcher.close()
        self._writer.close()
        self._bulk.shutdown()
        self._quick.shutdown()
        self._store.close()

    def readiness(self) -> ReadyResponse:
        """What is loaded."""
        return ReadyResponse(
            model=self.model, items=len(self._index), generation=self._index.generation
        )

    async def embed(self, texts: Sequence[str]) -> list[Embedded]:
        """Texts → unit vectors, the normalised mean of its windows for each."""
        prepared = await self._in(
            self._bulk, lambda: [self._preparation.text(text) for text in texts]
        )
        vectors = await self._encode(prepared, urgent=len(texts) == 1)
        return [
            Embedded(mean_vector(rows).tolist(), one.windows)
            for one, rows in zip(prepared, vectors, strict=True)
        ]

    async def get(self, owner: str, identifier: str) -> ItemResponse:
        """An item as it is stored.

        Raises:
            NotFound: this owner has no such item.
        """
        found = await self._in(self._quick, lambda: self._store.reader.item(owner, identifier))
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
            self._bulk, lambda: [self._preparation.item(one) for one in wanted]
        )
        vectors = await self._encode(prepared, urgent=False)
        encoded = (
            Encoded(one.windows, rows, one.keys, one.counts)
            for one, rows in zip(prepared, vectors, strict=True)
        )
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
        outcomes = self._store.apply(groups, self._model_key)
        applied: list[int | tuple[Placement, Encoded]] = []
        for changes, results in zip(groups, outcomes, strict=True):
            for change, outcome in zip(changes, results, strict=True):
                if outcome.row is None:
                    continue
                if isinstance(change, Upsert) and change.encoded is not None:
                    place = self._placement(change.item, outcome.row)
                    applied.append((place, change.encoded))
                else:
                    applied.append(outcome.row)
        try:
            self._index.apply(applied, self._store.generation)
        except Exception:  # noqa: BLE001 - logged with its traceback
            # The store is the truth: whatever went wrong, an index made from it is right.
            structlog.get_logger("raggen_embed.index").exception("index rebuilt")
            self._index = self._rebuild()
        return outcomes

    def _rebuild(self) -> Index:
        return rebuild(
            self._store, self._model_key, self.dimensions, self._preparation, self._encode_now
        )

    def _placement(self, item: Item, row: int) -> Placement:
        return Placement(
            row=row,
            sequence=self._store.generation,
            owner=item.owner,
            id=item.id,
            collection=item.collection,
            conversation=item.conversation,
            timestamp=None if item.timestamp is None else item.timestamp.isoformat(),
        )

    # The read path

    async def search(self, request: SearchRequest) -> SearchResponse:
        """Prepare and embed the question, ask the index, rank, read the texts, point at
        sentences."""
        return await self._searching.search(request, self._index, self.model)

    # The model

    async def _encode(self, prepared: Sequence[Prepared], *, urgent: bool) -> list[Vectors]:
        """The vectors of each, float32[windows, d]."""
        vectors = await asyncio.wrap_future(self._submit(prepared, urgent=urgent))
        return _split(prepared, vectors)

    def _encode_now(self, prepared: Sequence[Prepared]) -> list[Vectors]:
        """The same for a thread that may wait; in pieces, which fit into the queue."""
        inputs = [text for one in prepared for text in one.inputs]
        tokens = [count for one in prepared for count in one.tokens]
        vectors = [
            self._batcher.submit(
                inputs[at : at + PIECE], tokens[at : at + PIECE], urgent=False
            ).result()
            for at in range(0, len(inputs), PIECE)
        ]
        return _split(prepared, np.concatenate(vectors)) if vectors else []

    def _submit(self, prepared: Sequence[Prepared], *, urgent: bool) -> Future[Vectors]:
        inputs = [text for one in prepared for text in one.inputs]
        tokens = [count for one in prepared for count in one.tokens]
        return self._batcher.submit(inputs, tokens, urgent=urgent)

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, work)


def _split(prepared: Sequence[Prepared], vectors: Vectors) -> list[Vectors]:
    ends = np.cumsum([len(one.inputs) for one in prepared])
    return np.split(vectors, ends[:-1]) if len(prepared) else []
