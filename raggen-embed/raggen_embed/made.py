"""What is made of items, as SQL: vectors, tokens and terms, written and removed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from raggen_embed.changes import Reading, Terms
from raggen_embed.loading import TERMS, terms_of, window_keys
from raggen_embed.wire import Window


def write_readings(
    writer: sqlite3.Connection, row: int, windows: Sequence[Window], readings: Sequence[Reading]
) -> None:
    """Replace the vectors and tokens that these models made of an item."""
    for reading in readings:
        first, last = window_keys(reading.model, row)
        writer.execute("DELETE FROM vectors WHERE key >= ? AND key < ?", (first, last))
        writer.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    first + number,
                    window.start,
                    window.end,
                    one.vector.astype("<f4").tobytes(),
                    one.ids.astype("<i4").tobytes(),
                    one.bits.tobytes(),
                )
                for number, (window, one) in enumerate(zip(windows, reading.windows, strict=True))
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


def remove_item(writer: sqlite3.Connection, models: Iterable[int], row: int) -> Terms:
    """Remove an item and all that was made of it; returns its terms."""
    for model in models:
        writer.execute("DELETE FROM vectors WHERE key >= ? AND key < ?", window_keys(model, row))
    before = terms_of(
        writer.execute(f"SELECT {TERMS} FROM terms WHERE row = ?", (row,)).fetchone()  # noqa: S608
    )
    writer.execute("DELETE FROM terms WHERE row = ?", (row,))
    writer.execute("DELETE FROM items WHERE row = ?", (row,))
    return before
