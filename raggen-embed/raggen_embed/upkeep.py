"""What follows the models and the analysis: which models answer, what they have read, and what is
made anew. All of it is called by the thread that owns the writing connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

from raggen_embed.changes import Encoded, Terms
from raggen_embed.loading import TERMS, terms_of
from raggen_embed.made import TABLES, forget_readings, write_readings, write_terms
from raggen_embed.window_keys import MODEL_SHIFT, WINDOW_BITS, window_keys

Role = Literal["main", "multilingual"]
# Vectors forgotten in one transaction, so that writes wait for little of it.
PIECE = 2000
_SNAPSHOT = "snapshot "


@dataclass(frozen=True)
class StoredModel:
    """A model that has read items: its number, what it is for, what the settings called it
    (``place``: a name or a directory), and whether searches ask it."""

    number: int
    role: Role
    name: str
    place: str
    fingerprint: str
    active: bool


@dataclass(frozen=True, eq=False)
class StoredWindow:
    """A window of an item as a model has read it, in bytes as they are stored."""

    number: int
    start: int
    stop: int
    vector: bytes
    ids: bytes
    bits: bytes


class Upkeep:
    """Writes what is made of texts, without changing texts."""

    def __init__(
        self,
        writer: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        models: set[int],
    ) -> None:
        """``models``: the numbers of all models, kept up to date here."""
        self._writer = writer
        self._transaction = transaction
        self._models = models
        models |= {one.number for one in self.models()}

    def models(self) -> list[StoredModel]:
        """All models, in the order of their numbers."""
        found = self._writer.execute(
            "SELECT model, role, name, place, fingerprint, active FROM models ORDER BY model"
        )
        return [
            StoredModel(number, role, name, place, fingerprint, bool(active))
            for number, role, name, place, fingerprint, active in found
        ]

    def model_key(self, role: Role, name: str, place: str, fingerprint: str) -> int:
        """The number that stands for a model in the keys of vectors."""
        with self._transaction():
            self._writer.execute(
                "INSERT OR IGNORE INTO models (role, name, place, fingerprint) VALUES (?, ?, ?, ?)",
                (role, name, place, fingerprint),
            )
            [model] = self._writer.execute(
                "SELECT model FROM models WHERE fingerprint = ?", (fingerprint,)
            ).fetchone()
        self._models.add(int(model))
        return int(model)

    def activate(self, models: Iterable[int]) -> None:
        """Let searches ask these models and no others."""
        wanted = {*models}
        if {one.number for one in self.models() if one.active} == wanted:
            return  # a full disk is no reason not to start
        with self._transaction():
            self._writer.execute("UPDATE models SET active = 0")
            self._writer.executemany(
                "UPDATE models SET active = 1 WHERE model = ?", [(model,) for model in wanted]
            )

    # What is known of snapshots

    def seals(self) -> dict[str, int]:
        """The seals of the snapshots that were made of this store, by name."""
        found = self._writer.execute(
            "SELECT key, value FROM meta WHERE key GLOB ?", (f"{_SNAPSHOT}*",)
        )
        return {key.removeprefix(_SNAPSHOT): seal for key, seal in found}

    def keep_seal(self, name: str, seal: int) -> None:
        """Know a snapshot, in the place of the one before."""
        with self._transaction():
            self._writer.execute(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"{_SNAPSHOT}{name}", seal)
            )

    def forget_seals(self, names: Iterable[str]) -> None:
        """Know these snapshots no more."""
        gone = [(f"{_SNAPSHOT}{name}",) for name in names]
        if gone:
            with self._transaction():
                self._writer.executemany("DELETE FROM meta WHERE key = ?", gone)

    # What is made anew

    def forget_analysis(self) -> None:
        """Forget the terms of all items: they are made anew."""
        self.expect_analysis(-1)

    def forget_readings(self, model: int) -> None:
        """Forget all that a model has read, and not the model."""
        while self._forget_piece(model):
            pass

    def forget_made_of(self, rows: Sequence[int]) -> None:
        """Forget what the models have read of these items: it is made anew."""
        with self._transaction():
            for row in rows:
                forget_readings(self._writer, self._models, row)

    def forget_strays(self) -> dict[str, int]:
        """Remove what belongs to no item or no model; how many of each table."""
        row = f"((key >> {WINDOW_BITS}) & {(1 << (MODEL_SHIFT - WINDOW_BITS)) - 1})"
        with self._transaction():
            removed = {
                table: self._writer.execute(
                    f"DELETE FROM {table} WHERE {row} NOT IN (SELECT row FROM items)"  # noqa: S608
                    f" OR (key >> {MODEL_SHIFT}) NOT IN (SELECT model FROM models)"
                ).rowcount
                for table in TABLES
            }
            removed["terms"] = self._writer.execute(
                "DELETE FROM terms WHERE row NOT IN (SELECT row FROM items)"
            ).rowcount
        return removed

    def expect_analysis(self, analysis: int) -> None:
        """Forget the terms that another analysis made: what has none is made anew."""
        with self._transaction():
            [stored] = self._writer.execute(
                "SELECT value FROM meta WHERE key = 'analysis'"
            ).fetchone()
            if stored != analysis:
                self._writer.execute("DELETE FROM terms")
                self._writer.execute(
                    "UPDATE meta SET value = ? WHERE key = 'analysis'", (analysis,)
                )

    def write_terms(self, made: Mapping[int, Terms]) -> None:
        """Replace the terms of items, given by row."""
        with self._transaction():
            for row, terms in made.items():
                write_terms(self._writer, row, terms)

    def write_readings(self, encoded: Sequence[tuple[int, int, Encoded]]) -> None:
        """Replace what models made of items, given by row and the generation that wrote them; of
        an item that has changed since, nothing is written."""
        with self._transaction():
            for row, sequence, one in encoded:
                found = self._writer.execute(
                    "SELECT 1 FROM items WHERE row = ? AND sequence = ?", (row, sequence)
                ).fetchone()
                if found is not None:
                    forget_readings(self._writer, [reading.model for reading in one.readings], row)
                    write_readings(self._writer, row, one.windows, one.readings)

    def forget_some(self, model: int) -> bool:
        """Forget a piece of what a model has read, in the end the model; True when it is gone."""
        if self._forget_piece(model):
            return False
        with self._transaction():
            self._writer.execute("DELETE FROM models WHERE model = ?", (model,))
        self._models.discard(model)
        return True

    def _forget_piece(self, model: int) -> bool:
        first, last = window_keys(model, 0)[0], window_keys(model + 1, 0)[0]
        with self._transaction():
            return any(
                self._writer.execute(
                    f"DELETE FROM {table} WHERE key IN"  # noqa: S608 - our own names
                    f" (SELECT key FROM {table} WHERE key >= ? AND key < ? LIMIT {PIECE})",
                    (first, last),
                ).rowcount
                for table in TABLES
            )

    # What is compared

    def terms(self, row: int) -> Terms | None:
        """An item's terms; None where it has none, or none that can be read."""
        found = self._writer.execute(
            f"SELECT {TERMS} FROM terms WHERE row = ?",  # noqa: S608 - our own names
            (row,),
        ).fetchone()
        try:
            return None if found is None else terms_of(found)
        except ValueError:
            return None

    def windows(self, model: int, row: int) -> list[StoredWindow]:
        """What a model has read of an item, and of whatever else has such a key."""
        first, last = window_keys(model, row)
        found = self._writer.execute(
            "SELECT key - ?1, start, stop, vector, coalesce(ids, x''), coalesce(bits, x'')"
            " FROM vectors LEFT JOIN tokens USING (key) WHERE key >= ?1 AND key < ?2"
            " UNION ALL SELECT key - ?1, -1, -1, x'', ids, bits FROM tokens"
            " WHERE key >= ?1 AND key < ?2 AND key NOT IN (SELECT key FROM vectors"
            " WHERE key >= ?1 AND key < ?2) ORDER BY 1",
            (first, last),
        )
        return [StoredWindow(*one) for one in found]
