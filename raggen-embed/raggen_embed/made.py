"""What is made of items, as SQL: vectors, tokens and terms, written and removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from raggen_embed.changes import Reading, Terms
from raggen_embed.loading import TERMS
from raggen_embed.window_keys import window_keys
from raggen_embed.wire import Window

TABLES = ("vectors", "tokens")  # whose keys name a model, a row and a window


def write_readings(
    writer: sqlite3.Connection, row: int, windows: Sequence[Window], readings: Sequence[Reading]
) -> None:
    """Write the vectors and tokens that these models made of an item, of which they have none."""
    for reading in readings:
        first, _ = window_keys(reading.model, row)
        numbered = [*enumerate(zip(windows, reading.windows, strict=True), first)]
        writer.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?, ?)",
            [
                (key, window.start, window.end, one.vector.astype("<f4").tobytes())
                for key, (window, one) in numbered
            ],
        )
        writer.executemany(
            "INSERT INTO tokens VALUES (?, ?, ?)",
            [
                (key, one.ids.astype("<i4").tobytes(), one.bits.tobytes())
                for key, (_, one) in numbered
                if len(one.ids)
            ],
        )


def write_terms(writer: sqlite3.Connection, row: int, terms: Terms) -> None:
    """Replace an item's terms."""
    blobs = [
        array.astype(kind).tobytes()
        for one in (terms.words, terms.grams)
        for array, kind in ((one.keys, "<i8"), (one.counts, "<i4"))
    ]
    writer.execute(
        f"INSERT OR REPLACE INTO terms (row, {TERMS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (row, terms.script, terms.asking, *blobs),
    )


def remove_item(writer: sqlite3.Connection, models: Iterable[int], row: int) -> None:
    """Remove an item and all that was made of it."""
    forget_readings(writer, models, row)
    writer.execute("DELETE FROM terms WHERE row = ?", (row,))
    writer.execute("DELETE FROM items WHERE row = ?", (row,))


def forget_readings(writer: sqlite3.Connection, models: Iterable[int], row: int) -> None:
    """Remove what these models have read of an item."""
    for model in models:
        for table in TABLES:
            writer.execute(
                f"DELETE FROM {table} WHERE key >= ? AND key < ?",  # noqa: S608
                window_keys(model, row),
            )
