"""One set of models and all that answers with it: what they have read, the index of that, and the
read path."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from raggen_embed.embedding import Embedding
from raggen_embed.index import Index
from raggen_embed.models import Models
from raggen_embed.preparation import Preparation
from raggen_embed.readers import Readers
from raggen_embed.searching import Searching
from raggen_embed.settings import Settings
from raggen_embed.shelf import Shelf, Suite
from raggen_embed.sources import Sources
from raggen_embed.store import Store

Pools = tuple[ThreadPoolExecutor, ThreadPoolExecutor]


@dataclass(frozen=True, eq=False)
class Serving:
    """What answers. The index is empty until it is filled."""

    models: Models
    preparation: Preparation
    readers: Readers
    index: Index
    shelf: Shelf
    searching: Searching
    embedding: Embedding

    @classmethod
    def of(cls, settings: Settings, store: Store, models: Models, pools: Pools) -> Serving:
        """Put the parts together; each model gets its number in the store.

        Args:
            settings: the data directory and the least relevance.
            store: open; called by the thread that writes to it.
            models: loaded.
            pools: where searches work, and where long texts are cut.
        """
        quick, bulk = pools
        readers = Readers(models, store.upkeep, settings.model)
        preparation = Preparation(models.encoder.windower)
        fingerprints = [one.fingerprint for one in models.identities.values()]
        suite = Suite(store.identity, readers.numbers, readers.reads, fingerprints)
        shelf = Shelf(settings.data_dir, suite, store.upkeep)
        numbers = [*readers.numbers.values()]
        searching = Searching(
            store.reader, preparation, models, quick, numbers, settings.min_relevance
        )
        index = Index(Sources(store.reader), shelf, suite)
        embedding = Embedding(preparation, models, settings.queue_windows, bulk)
        return cls(models, preparation, readers, index, shelf, searching, embedding)
