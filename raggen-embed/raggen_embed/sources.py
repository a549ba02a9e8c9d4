"""The reading half of the store for indexes: what they are made of, and what is to be made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from raggen_embed.errors import DatabaseUnusable
from raggen_embed.loading import Stock, stock_of
from raggen_embed.reader import COLUMNS, MAX_MARKS, Reader, Stored, item_of
from raggen_embed.window_keys import MODEL_SHIFT, WINDOW_BITS, Reads, not_read

Numbers = npt.NDArray[np.int64]
# A statement has a multiple of so many parameters.
_MARKS = 64


class Sources:
    """Reads for any thread, on the reader's connections."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def owners(self) -> dict[str, int]:
        """How many items each owner has."""
        with self._reader.connection() as connection:
            return dict(connection.execute("SELECT owner, count(*) FROM items GROUP BY owner"))

    def versions(self, owner: str) -> tuple[Numbers, Numbers]:
        """int64[n] each: the rows of an owner's items, rising, and the generations that wrote
        them."""
        with self._reader.connection() as connection:
            found = connection.execute(
                "SELECT row, sequence FROM items WHERE owner = ?", (owner,)
            ).fetchall()
        both = np.array(found, np.int64).reshape(-1, 2)
        both = both[np.argsort(both[:, 0])]
        return both[:, 0].copy(), both[:, 1].copy()

    def stock(self, rows: Sequence[int], models: Sequence[Reads]) -> Stock:
        """The items of these rows, which rise, as an index wants them. 100,000 take some seconds.

        Raises:
            DatabaseUnusable: the file is damaged, or its tables do not belong together.
        """
        try:
            with self._reader.connection() as connection:
                return stock_of(connection, rows, models)
        except (sqlite3.Error, ValueError) as error:
            raise DatabaseUnusable.damaged(self._reader.path, error) from error

    def signs(self, model: int, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """The signs of windows' tokens as a model read them, by row and number; those there are."""
        first = model << MODEL_SHIFT
        keys = {first + (row << WINDOW_BITS) + number: (row, number) for row, number in places}
        asked = [*keys]
        # Filled up, so that there are few statements, which are parsed once each.
        asked += asked[-1:] * (-len(asked) % _MARKS)
        found: dict[tuple[int, int], bytes] = {}
        with self._reader.connection() as connection:
            for at in range(0, len(asked), MAX_MARKS):
                piece = asked[at : at + MAX_MARKS]
                marks = ", ".join("?" * len(piece))
                rows = connection.execute(
                    f"SELECT key, bits FROM tokens WHERE key IN ({marks})",  # noqa: S608
                    piece,
                )
                found |= {keys[key]: bits for key, bits in rows.fetchall()}
        return found

    # What has to be made anew

    def without_terms(self, count: int, *, after: int) -> list[Stored]:
        """Up to ``count`` items, by row after ``after``, that have no terms."""
        sql = (
            f"SELECT items.row, sequence, {COLUMNS} FROM items"  # noqa: S608 - our own names
            " LEFT JOIN terms ON terms.row = items.row"
            " WHERE items.row > ? AND terms.row IS NULL ORDER BY items.row LIMIT ?"
        )
        return self._stored(sql, (after, count))

    def unread(self, models: Sequence[Reads], count: int, *, after: int) -> list[Stored]:
        """Up to ``count`` items, by row after ``after``, that one of the models should have read
        and has not. Items without terms are passed over."""
        sql = (
            f"SELECT items.row, sequence, {COLUMNS} FROM items"  # noqa: S608 - our own names
            " JOIN terms ON terms.row = items.row"
            f" WHERE items.row > ? AND ({not_read(models)}) ORDER BY items.row LIMIT ?"
        )
        return self._stored(sql, (after, count))

    def unread_count(self, models: Sequence[Reads]) -> int:
        """How many items ``unread`` would find. Reads the keys of all of them."""
        sql = (
            "SELECT count(*) FROM items JOIN terms ON terms.row = items.row"  # noqa: S608
            f" WHERE {not_read(models)}"
        )
        with self._reader.connection() as connection:
            return int(connection.execute(sql).fetchone()[0])

    def _stored(self, sql: str, values: tuple[int, ...]) -> list[Stored]:
        with self._reader.connection() as connection:
            found = connection.execute(sql, values).fetchall()
        return [Stored(row, sequence, item_of(values)) for row, sequence, *values in found]
