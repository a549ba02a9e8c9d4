"""Writing in process, batches of 64, beside what SQLite itself commits with synchronous=FULL."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from itertools import count, cycle, islice
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import stores, texts
from benchmarks.rows import Row, at_least
from benchmarks.samples import seconds
from benchmarks.sizes import Sizes
from raggen_embed.changes import Change, Encoded, Upsert
from raggen_embed.collection import Collection
from raggen_embed.progress import Start
from raggen_embed.schemas import Item
from raggen_embed.settings import Settings

TARGET: Final = 5000  # items a second
BATCH: Final = 64
DIFFERENT: Final = 640  # texts that are encoded; they are written again and again as other items
BLOCKS: Final = 10  # pairs: some batches of ours, then as many of SQLite's
WARM: Final = 4  # batches


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row: the writer's thread, the store, its commits and the indexes, without the models."""
    data = folder / "data-writing"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    collection = Collection.open(Settings(data_dir=data), Start())
    try:
        batches = batches_of(collection, min(DIFFERENT, sizes.written))
        bare = _Bare(data / "bare.db", _bytes_of(next(batches)))
        written(collection, [*islice(batches, WARM)])
        bare.commit(WARM)
        block = max(1, sizes.written // BATCH // BLOCKS)
        ours, theirs, worked = [], [], []
        for _ in range(BLOCKS):
            prepared = [*islice(batches, block)]
            before = time.process_time()
            ours.append(seconds(written, collection, prepared))
            worked.append(time.process_time() - before)
            theirs.append(seconds(bare.commit, block))
        bare.close()
    finally:
        collection.close()
        shutil.rmtree(data, ignore_errors=True)
    items = block * BATCH
    return [
        Row(
            "writing, encoding excluded",
            round(median(items / taken for taken in ours)),
            "items/s",
            at_least(TARGET),
            {
                "commits/s": round(median(block / taken for taken in ours), 1),
                "SQLite alone, as many bytes, commits/s": round(
                    median(block / taken for taken in theirs), 1
                ),
                "SQLite alone, as many bytes, items/s": round(
                    median(items / taken for taken in theirs)
                ),
                "slowest block, items/s": round(items / max(ours)),
                "processor ms a batch": round(1000 * median(worked) / block, 2),
            },
            f"{BLOCKS} blocks of {block} batches of {BATCH}, one caller that waits for each batch; "
            "both models' vectors, terms, commit and indexes; SQLite alone: WAL, FULL, one table",
        )
    ]


def batches_of(collection: Collection, different: int) -> Iterator[list[Change]]:
    """Batches without end: items that are new each time, what was encoded comes again."""
    wire = [Item.model_validate(one) for one in texts.items(different, stores.OWNER)]
    serving = collection._serving  # noqa: SLF001 - HTTP and the models would be measured, too
    encoded = serving.readers.read_now([serving.preparation.item(one) for one in wire])
    made: Iterator[tuple[Item, Encoded]] = cycle(zip(wire, encoded, strict=True))
    numbers = count()
    while True:
        yield [
            Upsert(_renamed(item, next(numbers), different), read)
            for item, read in islice(made, BATCH)
        ]


def _renamed(item: Item, number: int, different: int) -> Item:
    """Another item with the same text, at the end of its conversation, as messages come."""
    conversation = f"{item.conversation} {number // different}"
    return item.model_copy(update={"id": f"w{number}", "conversation": conversation})


def written(collection: Collection, batches: Sequence[list[Change]]) -> None:
    """Write batches one after the other, each when the one before is durable."""
    for changes in batches:
        collection._writer.submit(changes).result()  # noqa: SLF001


def _bytes_of(changes: list[Change]) -> int:
    """About how many bytes of a batch reach the database: vectors, tokens, terms and texts."""
    total = 0
    for change in changes:
        if isinstance(change, Upsert) and change.encoded is not None:
            total += len(change.item.text.encode())
            for reading in change.encoded.readings:
                for one in reading.windows:
                    total += one.vector.nbytes + one.ids.nbytes + one.bits.nbytes
            for bag in (change.encoded.terms.words, change.encoded.terms.grams):
                total += bag.keys.nbytes + bag.counts.nbytes
    return total


class _Bare:
    """A table of blobs in a database with the store's settings."""

    def __init__(self, file: Path, size: int) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE rows (row INTEGER PRIMARY KEY, value BLOB)")
        self._rows = [(bytes(size // BATCH),)] * BATCH

    def commit(self, times: int) -> None:
        """Transactions of a batch's bytes each."""
        for _ in range(times):
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO rows (value) VALUES (?)", self._rows)
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the database."""
        self._connection.close()
