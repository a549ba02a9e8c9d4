"""``raggen-embed verify`` and ``raggen-embed rebuild``: compares the store with itself and with its
indexes, and makes anew what is wrong with the latter. The service must be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from raggen_embed.loading import Reads
from raggen_embed.models import Models
from raggen_embed.opening import fill, take_over
from raggen_embed.renewal import renew_terms
from raggen_embed.serving import Serving
from raggen_embed.settings import Settings
from raggen_embed.sources import Sources
from raggen_embed.store import Store

Tell = Callable[[str], None]
# A stored vector and one made now differ by the processor's rounding, bf16 at most.
LEAST_COSINE: Final = 0.995
SAMPLE: Final = 200


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be; ``repaired``: it is now."""

    text: str
    repaired: bool


def verify(settings: Settings, tell: Tell) -> list[Finding]:
    """Check the store and its indexes; repair what can be made anew from texts.

    1. SQLite's own check of the file. 2. Each item has terms, and a vector of each model that reads
    it; nothing is left of items that are gone. 3. Vectors are finite, of length 1, and for a sample
    of items what the model makes of the text now. 4. Snapshots hold what an index made from the
    store holds.

    Raises:
        StartError: the store or a model cannot be used at all.
    """
    store = Store(settings.data_dir)
    findings: list[Finding] = []
    with ThreadPoolExecutor(1) as pool:
        serving = Serving.of(settings, store, Models.load(settings), (pool, pool))
        try:
            for step in (_file, _missing, _strays, _vectors, _snapshots):
                tell(f"{(step.__doc__ or '').rstrip('.')} …")
                for finding in step(store, serving):
                    findings.append(finding)
                    tell(f"  {'repaired' if finding.repaired else 'NOT REPAIRED'}: {finding.text}")
        finally:
            serving.models.close()
            store.close()
    return findings


def rebuild(settings: Settings, tell: Tell) -> int:
    """Make everything that is made of texts anew: terms, vectors, snapshots; how many items.

    Raises:
        StartError: the store or a model cannot be used.
    """
    store = Store(settings.data_dir)
    with ThreadPoolExecutor(1) as pool:
        serving = Serving.of(settings, store, Models.load(settings), (pool, pool))
        try:
            store.upkeep.forget_analysis()
            for number in serving.readers.numbers.values():
                store.upkeep.forget_readings(number)
            tell("Reading every text again …")
            fill(store, serving)
            take_over(store, serving)
            for owner, memory in serving.index.memories().items():
                serving.shelf.keep(owner, memory.arrays(), len(memory))
            return len(serving.index)
        finally:
            serving.models.close()
            store.close()


def _file(store: Store, _: Serving) -> Iterator[Finding]:
    """SQLite's check of the file."""
    for problem in store.problems():
        yield Finding(f"the database: {problem}", repaired=False)


def _missing(store: Store, serving: Serving) -> Iterator[Finding]:
    """Terms and vectors of every item."""
    sources = Sources(store.reader)
    if count := len(sources.without_terms(1 << 30, after=0)):
        renew_terms(sources, store.upkeep, serving.preparation)
        yield Finding(f"{count} items without terms", repaired=True)
    if count := sources.unread_count(serving.readers.reads):
        fill(store, serving)
        yield Finding(f"{count} items that a model had not read", repaired=True)


def _strays(store: Store, _: Serving) -> Iterator[Finding]:
    """What is left of items that are gone."""
    for table, count in store.upkeep.forget_strays().items():
        if count:
            yield Finding(f"{count} {table} of no item", repaired=True)


def _vectors(store: Store, serving: Serving) -> Iterator[Finding]:
    """Vectors: finite, of length 1, and those of their texts."""
    sources = Sources(store.reader)
    bad: set[int] = set()
    for owner in sources.owners():
        rows, _ = sources.versions(owner)
        for at in range(0, len(rows), 4096):
            bad |= _unfit(sources, rows[at : at + 4096].tolist(), serving.readers.reads)
        step = max(1, len(rows) // SAMPLE)
        bad |= _different(store, serving, rows[::step].tolist())
    if bad:
        store.upkeep.forget_made_of(sorted(bad))
        for owner in sources.owners():
            serving.shelf.drop(owner)
        fill(store, serving)
        yield Finding(f"{len(bad)} items with wrong vectors", repaired=True)


def _unfit(sources: Sources, rows: list[int], reads: list[Reads]) -> set[int]:
    stock = sources.stock(rows, reads)
    found: set[int] = set()
    for read in stock.vectors.values():
        lengths = np.linalg.norm(read.vectors.astype(np.float32), axis=1)
        wrong = ~(np.abs(lengths - 1) < 0.01)
        found |= {*stock.columns.rows[read.items[wrong]].tolist()}
    return found


def _different(store: Store, serving: Serving, rows: list[int]) -> set[int]:
    stored = [*store.reader.rows(rows).values()] if rows else []
    encoded = serving.readers.read_now([serving.preparation.item(one.item) for one in stored])
    stock = Sources(store.reader).stock(rows, serving.readers.reads)
    places = {row: place for place, row in enumerate(stock.columns.rows.tolist())}
    found = set()
    for one, made in zip(stored, encoded, strict=True):
        for reading in made.readings:
            own = stock.vectors[reading.model]
            vectors = own.vectors[own.items == places[one.row]].astype(np.float32)
            fresh = reading.vectors
            if len(vectors) != len(fresh) or (vectors * fresh).sum(axis=1).min() < LEAST_COSINE:
                found.add(one.row)
    return found


def _snapshots(store: Store, serving: Serving) -> Iterator[Finding]:
    """Snapshots: whole, and what the store holds."""
    serving.index.fill(store.generation)
    for owner, memory in serving.index.memories().items():
        held = serving.shelf.read(owner)
        if held is None:
            continue
        fresh = serving.index.built(owner)
        wanted = fresh.arrays()
        if memory.delta or memory.dead:
            continue  # older than the store; it is brought up to it at start
        if held.keys() != wanted.keys() or any(
            not np.array_equal(held[name], wanted[name]) for name in wanted
        ):
            serving.shelf.drop(owner)
            serving.shelf.keep(owner, wanted, len(fresh))
            yield Finding("a snapshot that is not what the store holds", repaired=True)
