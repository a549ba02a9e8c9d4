"""``raggen-embed verify`` and ``raggen-embed rebuild``: compares the store with itself and with its
indexes, and makes anew what is wrong with the latter. The service must be stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.changes import Encoded, Terms
from raggen_embed.errors import DatabaseUnusable, DiskFull
from raggen_embed.models import Models
from raggen_embed.opening import fill, take_over
from raggen_embed.preparation import PreparedItem
from raggen_embed.reader import Stored
from raggen_embed.renewal import renew_readings, renew_terms
from raggen_embed.serving import Serving
from raggen_embed.settings import Settings
from raggen_embed.snapshots import SnapshotUnusable
from raggen_embed.sources import Sources
from raggen_embed.store import Store
from raggen_embed.upkeep import StoredWindow
from raggen_embed.window_keys import Reads

Tell = Callable[[str], None]
# A stored vector and one made now differ by the processor's rounding, bf16 at most.
LEAST_COSINE: Final = 0.995
# … and so do the signs of tokens' vectors, near zero.
MOST_SIGNS: Final = 0.1
# Items that the models read again to compare; what is wrong in itself is found in all.
SAMPLE: Final = 200
BATCH: Final = 256
# Of a snapshot's arrays, those that say of which versions of items it was made.
_VERSIONS: Final = ("catalogue/rows", "catalogue/sequences")


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be; ``repaired``: it is now."""

    text: str
    repaired: bool


def verify(settings: Settings, tell: Tell) -> list[Finding]:
    """Check the store and its indexes; repair what can be made anew from texts.

    1. SQLite's own check of the file; where that finds anything, nothing else is done. 2. Nothing
    is left of items that are gone. 3. Each item has the terms of its text, and of each model that
    reads it the windows that the text is cut into now, their vectors finite and of length 1; of a
    sample, those that the model makes now. 4. Snapshots hold what an index made from the store
    holds.

    Raises:
        StartError: the store or a model cannot be used at all.
    """
    findings: list[Finding] = []
    with _opened(settings) as (store, serving):
        for step in (_file, _strays, _texts, _snapshots):
            tell(f"{(step.__doc__ or '').rstrip('.')} …")
            for finding in step(store, serving):
                findings.append(finding)
                tell(f"  {'repaired' if finding.repaired else 'NOT REPAIRED'}: {finding.text}")
            if not all(finding.repaired for finding in findings):
                break  # to write to a damaged file damages more
    return findings


def rebuild(settings: Settings, tell: Tell) -> int:
    """Make everything that is made of texts anew: terms, vectors, snapshots; how many items.

    Raises:
        StartError: the store or a model cannot be used.
    """
    with _opened(settings) as (store, serving):
        # First: they hold what is made anew, and the items are the same.
        serving.shelf.sweep([])
        store.upkeep.forget_analysis()
        for number in serving.readers.numbers.values():
            store.upkeep.forget_readings(number)
        tell("Reading every text again …")
        renew_terms(Sources(store.reader), store.upkeep, serving.preparation)
        fill(store, serving)
        take_over(store, serving)
        return len(serving.index)


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Store, Serving]]:
    store = Store(settings.data_dir)
    try:
        with ThreadPoolExecutor(1) as pool:
            serving = Serving.of(settings, store, Models.load(settings), (pool, pool))
            try:
                yield store, serving
            finally:
                serving.models.close()
    except sqlite3.DatabaseError as error:
        raise DatabaseUnusable.damaged(store.path, error) from error
    except DiskFull as error:
        raise DatabaseUnusable(error.message) from error
    finally:
        store.close()


def _keep(serving: Serving, owner: str, arrays: dict[str, npt.NDArray[Any]], items: int) -> None:
    with suppress(OSError, DiskFull):  # the service makes it when there is room
        serving.shelf.keep(owner, arrays, items)


def _file(store: Store, _: Serving) -> Iterator[Finding]:
    """SQLite's check of the file."""
    for problem in store.problems():
        yield Finding(f"the database: {problem}", repaired=False)


def _strays(store: Store, _: Serving) -> Iterator[Finding]:
    """What is left of items that are gone."""
    for table, count in store.upkeep.forget_strays().items():
        if count:
            yield Finding(f"{count} {table} of no item", repaired=True)


def _texts(store: Store, serving: Serving) -> Iterator[Finding]:
    """Terms and vectors of every item."""
    sources = Sources(store.reader)
    owners = sources.owners()
    step = max(1, sum(owners.values()) // SAMPLE)
    terms: dict[int, Terms] = {}
    vectors: list[int] = []
    seen = 0
    for owner in owners:
        rows, _ = sources.versions(owner)
        for at in range(0, len(rows), BATCH):
            items = [*store.reader.rows(rows[at : at + BATCH].tolist()).values()]
            prepared = [serving.preparation.item(one.item) for one in items]
            for number, (one, own) in enumerate(zip(items, prepared, strict=True), seen + at):
                if not _same_terms(store.upkeep.terms(one.row), own.terms):
                    terms[one.row] = own.terms
                if not _is_whole(store, serving, one, own, is_sample=number % step == 0):
                    vectors.append(one.row)
        seen += len(rows)
    if terms or vectors:
        serving.shelf.sweep([])
        store.upkeep.write_terms(terms)
        store.upkeep.forget_made_of(vectors)
        renew_readings(sources, store.upkeep, serving.preparation, serving.readers)
    if terms:
        yield Finding(f"{len(terms)} items without their terms", repaired=True)
    if vectors:
        yield Finding(f"{len(vectors)} items without their vectors or tokens", repaired=True)


def _same_terms(stored: Terms | None, made: Terms) -> bool:
    return (
        stored is not None
        and stored.script == made.script
        and abs(stored.asking - made.asking) < 1e-6
        and all(
            np.array_equal(one.keys, other.keys) and np.array_equal(one.counts, other.counts)
            for one, other in ((stored.words, made.words), (stored.grams, made.grams))
        )
    )


def _is_whole(
    store: Store, serving: Serving, one: Stored, made: PreparedItem, *, is_sample: bool
) -> bool:
    """Whether all models that read an item have read it, and all of it."""
    fresh: Encoded | None = None
    for reads in serving.readers.reads:
        if made.terms.script not in reads.scripts:
            continue
        stored = store.upkeep.windows(reads.model, one.row)
        spans = [(window.start, window.end) for window in made.windows]
        if [(own.start, own.stop) for own in stored] != spans:
            return False
        if not all(_is_fit(own, reads) for own in stored):
            return False
        # A window without a word has no tokens, which only the model can say.
        if is_sample or (made.terms.script in reads.late and any(not own.ids for own in stored)):
            fresh = fresh or serving.readers.read_now([made])[0]
            if not _agree(stored, fresh, reads):
                return False
    return True


def _is_fit(own: StoredWindow, reads: Reads) -> bool:
    if len(own.vector) != 4 * reads.dimensions:
        return False
    vector = np.frombuffer(own.vector, "<f4").astype(np.float64)
    width = -(-reads.dimensions // 8)
    # No number is near 1 that is none.
    return abs(float(vector @ vector) - 1) < 0.01 and len(own.bits) == len(own.ids) // 4 * width


def _agree(stored: list[StoredWindow], fresh: Encoded, reads: Reads) -> bool:
    [reading] = [one for one in fresh.readings if one.model == reads.model]
    for own, made in zip(stored, reading.windows, strict=True):
        if np.frombuffer(own.vector, "<f4") @ made.vector < LEAST_COSINE:
            return False
        if fresh.terms.script not in reads.late:
            continue  # there may be some, which nobody asks for
        bits = np.frombuffer(own.bits, np.uint8)
        if own.ids != made.ids.astype("<i4").tobytes() or bits.size != made.bits.size:
            return False
        other = np.unpackbits(bits ^ made.bits.reshape(-1))
        if other.size and other.mean() > MOST_SIGNS:
            return False
    return True


def _snapshots(store: Store, serving: Serving) -> Iterator[Finding]:
    """Snapshots: whole, and what the store holds."""
    shelf = serving.shelf
    owners = Sources(store.reader).owners()
    shelf.sweep(owners)
    for owner in owners:
        try:
            held = shelf.checked(owner)
        except SnapshotUnusable as error:
            shelf.drop(owner)
            yield Finding(f"a snapshot: {error}", repaired=True)
            continue
        if held is None:
            continue
        fresh = serving.index.built(owner)
        wanted = fresh.arrays()
        if held.keys() == wanted.keys() and all(_same(held[one], wanted[one]) for one in wanted):
            continue
        is_older = not all(_same(held.get(one), wanted[one]) for one in _VERSIONS)
        # One that is older than the store is brought up to it at start, so nothing is wrong.
        shelf.drop(owner)
        _keep(serving, owner, wanted, len(fresh))
        if not is_older:
            yield Finding("a snapshot that is not what the store holds", repaired=True)


def _same(one: npt.NDArray[Any] | None, other: npt.NDArray[Any]) -> bool:
    """To the last bit: the time of an item without one is NaN, which equals nothing."""
    if one is None or one.dtype != other.dtype or one.shape != other.shape:
        return False
    left, right = (np.ascontiguousarray(each).reshape(-1).view(np.uint8) for each in (one, other))
    return bool(np.array_equal(left, right))
