"""The database as SQLite shows it to another process, without asking the service."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = "raggen-embed.db"


@dataclass(frozen=True)
class Row:
    """A stored item, the script of its terms, and its vectors by the role of their model,
    float32[windows, d]."""

    id: str
    version: int
    text: str
    script: str | None
    vectors: dict[str, npt.NDArray[np.float32]]


@contextlib.contextmanager
def opened(data: Path, mode: str = "ro") -> Iterator[sqlite3.Connection]:
    """The database of a data directory."""
    uri = f"{(data / FILE).absolute().as_uri()}?mode={mode}"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=30)) as database:
        yield database


def rows(data: Path, owner: str = "local") -> list[Row]:
    """Everything of an owner, as one moment saw it.

    Raises:
        AssertionError: there are terms or vectors of items that there are not.
    """
    with opened(data) as database:
        database.execute("BEGIN")
        items = database.execute(
            "SELECT row, id, version, text FROM items WHERE owner = ?", (owner,)
        ).fetchall()
        known = {row for (row,) in database.execute("SELECT row FROM items")}
        scripts = dict(database.execute("SELECT row, script FROM terms"))
        roles = dict(database.execute("SELECT model, role FROM models"))
        assert scripts.keys() <= known, "terms of nothing"
        keys = [key for (key,) in database.execute("SELECT key FROM vectors")]
        tokens = {key for (key,) in database.execute("SELECT key FROM tokens")}
        assert tokens <= {*keys}, "tokens of nothing"
        assert {(key & ((1 << 56) - 1)) >> 16 for key in keys} <= known, "vectors of nothing"
        return [
            Row(name, version, text, scripts.get(row), _vectors(database, roles, row))
            for row, name, version, text in items
        ]


def _vectors(
    database: sqlite3.Connection, roles: dict[int, str], row: int
) -> dict[str, npt.NDArray[np.float32]]:
    found: dict[str, npt.NDArray[np.float32]] = {}
    for model, role in roles.items():
        first = (model << 56) + (row << 16)
        vectors = [
            np.frombuffer(vector, "<f4")
            for (vector,) in database.execute(
                "SELECT vector FROM vectors WHERE key >= ? AND key < ? ORDER BY key",
                (first, first + (1 << 16)),
            )
        ]
        if vectors:
            found[role] = np.stack(vectors)
    return found
