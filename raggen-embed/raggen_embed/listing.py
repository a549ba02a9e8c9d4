"""What is stored, counted and listed: the SQL of what no search asks.

It has connections and threads of its own: a list over a million items takes a second or two, and
no search or write waits for that.
"""

from __future__ import annotations

import asyncio
import hashlib
import queue
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from raggen_embed.reader import connect
from raggen_embed.window_keys import window_keys

CONNECTIONS = 2
LISTED = "id, version, collection, conversation, session, seq, speaker, timestamp, language, parent"
# The last field of a listed item: with it, whoever has the text knows whether it is the same.
DIGEST = "text_sha256"
# A moment's date is written a day earlier or later in other zones: dates that are further away are
# told apart as text, for which SQLite does not have to ask Python.
_SLACK = timedelta(days=2)
T = TypeVar("T")


@dataclass(frozen=True)
class Chosen:
    """Items of an owner by what they are; None asks nothing. Times are compared as a search does:
    an item without one is neither before nor after any."""

    owner: str
    collections: Sequence[str] | None = None
    conversations: Sequence[str] | None = None
    before: datetime | None = None
    after: datetime | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """The same in SQL, with its values."""
        parts, values = ["owner = ?"], list[Any]([self.owner])
        for column, names in (
            ("collection", self.collections),
            ("conversation", self.conversations),
        ):
            if names is not None:
                parts.append(f"{column} IN ({', '.join('?' * len(names))})")
                values += names
        for sign, time, slack in (("<", self.before, _SLACK), (">", self.after, -_SLACK)):
            if time is not None:
                parts.append(f"timestamp {sign} ? AND moment(timestamp) {sign} ?")
                values += [_day(time, slack), time.timestamp()]
        return " AND ".join(parts), values


@dataclass(frozen=True)
class Page:
    """Items as dictionaries of LISTED and DIGEST, by id, and whether there are more."""

    items: list[dict[str, Any]]
    more: bool


@dataclass(frozen=True)
class Count:
    """A collection of an owner."""

    name: str
    items: int
    conversations: int


@dataclass(frozen=True)
class Kept:
    """A model whose vectors are stored; ``number`` is the store's."""

    number: int
    role: Literal["main", "multilingual"]
    name: str
    windows: int


@dataclass(frozen=True)
class Totals:
    """What the database holds, of all owners."""

    items: int
    owners: int
    deleted: int
    models: list[Kept]
    bytes: int


class Listing:
    """Read-only connections for lists and counts. Close it before the store, whose last connection
    has to be the writer's."""

    def __init__(self, path: Path) -> None:
        """Open the database, which exists."""
        self._path = path
        self._connections: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for _ in range(CONNECTIONS):
            connection = connect(path, "ro")
            connection.create_function("moment", 1, _moment, deterministic=True)
            connection.create_function("sha256", 1, _sha256, deterministic=True)
            self._connections.put(connection)
        self._pool = ThreadPoolExecutor(CONNECTIONS, "listing")

    def close(self) -> None:
        """Finish what is being read."""
        self._pool.shutdown()
        for _ in range(CONNECTIONS):
            self._connections.get().close()

    async def page(self, chosen: Chosen, after: str, limit: int) -> Page:
        """Up to ``limit`` items in the order of their ids, from the first one behind ``after``.

        An item that is there all the while is in exactly one of the pages, whatever is written in
        between.
        """
        return await self._in_thread(lambda: self._page(chosen, after, limit))

    async def collections(self, owner: str) -> list[Count]:
        """An owner's collections by name."""
        return await self._in_thread(lambda: self._collections(owner))

    async def totals(self) -> Totals:
        """Count everything, in one state of the database. Looks at every window."""
        return await self._in_thread(self._totals)

    def bytes(self) -> int:
        """Size of the database's files."""
        parts = (self._path, self._path.with_name(f"{self._path.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def _page(self, chosen: Chosen, after: str, limit: int) -> Page:
        condition, values = chosen.condition()
        columns = f"{LISTED}, sha256(text)"
        sql = f"SELECT {columns} FROM items WHERE {condition} AND id > ? ORDER BY id LIMIT ?"  # noqa: S608 - our own names
        with self._snapshot() as connection:
            found = connection.execute(sql, (*values, after, limit + 1)).fetchall()
        names = [*LISTED.split(", "), DIGEST]
        items = [dict(zip(names, row, strict=True)) for row in found[:limit]]
        return Page(items, len(found) > limit)

    def _collections(self, owner: str) -> list[Count]:
        with self._snapshot() as connection:
            found = connection.execute(
                "SELECT collection, count(*), count(DISTINCT conversation) FROM items"
                " WHERE owner = ? GROUP BY collection ORDER BY collection",
                (owner,),
            ).fetchall()
        return [Count(*row) for row in found]

    def _totals(self) -> Totals:
        with self._snapshot() as connection:
            [[items, owners]] = connection.execute(
                "SELECT count(*), count(DISTINCT owner) FROM items"
            )
            [[deleted]] = connection.execute("SELECT count(*) FROM tombstones")
            kept = connection.execute("SELECT model, role, name FROM models ORDER BY model")
            models = [
                Kept(number, role, name, _windows(connection, number))
                for number, role, name in kept.fetchall()
            ]
        return Totals(items, owners, deleted, models, self.bytes())

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        connection = self._connections.get()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.execute("ROLLBACK")
            self._connections.put(connection)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def _windows(connection: sqlite3.Connection, model: int) -> int:
    first, last = window_keys(model, 0)[0], window_keys(model + 1, 0)[0]
    [[count]] = connection.execute(
        "SELECT count(*) FROM vectors WHERE key >= ? AND key < ?", (first, last)
    )
    return int(count)


def _day(time: datetime, slack: timedelta) -> str:
    """A date as text, before or behind all that a moment's could be; the first or the last where
    the calendar ends."""
    try:
        return (time.astimezone(UTC) + slack).date().isoformat()
    except OverflowError:
        return "9999-99" if slack > timedelta() else "0000"


def _moment(timestamp: str | None) -> float | None:
    """Seconds since 1970: as text, times with different offsets cannot be compared."""
    return None if timestamp is None else datetime.fromisoformat(timestamp).timestamp()


def _sha256(text: str) -> str:
    """Of its UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
