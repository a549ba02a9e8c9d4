"""The truth: all SQL. SQLite in WAL mode; one connection writes and checkpoints, others only
read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

from raggen_embed.changes import (
    Change,
    Delete,
    Deleted,
    Outcome,
    Upsert,
    Upserted,
)
from raggen_embed.copies import COPIES, copy, prune
from raggen_embed.errors import DatabaseUnusable, DiskFull
from raggen_embed.made import remove_item, write_readings, write_terms
from raggen_embed.reader import BUSY_SECONDS, COLUMNS, FIELDS, Reader, connect, item_values
from raggen_embed.upkeep import Upkeep

FILE_NAME = "raggen-embed.db"
SCHEMA_VERSION = 3
# RLIMIT_FSIZE and quotas show up as failed writes, an overfull disk as SQLITE_FULL.
_FULL = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
}


class Store:
    """The database file. ``apply`` belongs to one thread; reading is for any."""

    def __init__(self, directory: Path) -> None:
        """Open or create the database.

        Raises:
            DatabaseUnusable: the file is damaged or from a newer version.
        """
        self.path = directory / FILE_NAME
        self._unscrubbed = True
        try:
            self._writer = connect(self.path, "rwc")
            self._prepare()
            self.scrub()
            self.reader = Reader(self.path)
            self.generation = self._meta("generation")
            self.identity = self._meta("identity")
            self._models: set[int] = set()
            self.upkeep = Upkeep(self._writer, self._transaction, self._models)
        except sqlite3.Error as error:
            raise DatabaseUnusable.damaged(self.path, error) from error

    def _prepare(self) -> None:
        writer = self._writer
        [version] = writer.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            sentence = f"{self.path} was written by a newer raggen-embed: start that one."
            raise DatabaseUnusable(sentence)
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA synchronous = FULL")
        prune(self.path.parent / COPIES)
        if version < SCHEMA_VERSION:
            if version:
                self._copy(version)
            # In one transaction: a crash in between leaves what was there, and this happens again.
            steps = [f"from_{number}.sql" for number in range(max(version, 1), SCHEMA_VERSION)]
            scripts = [*(steps if version else ()), "schema.sql"]
            sql = "\n".join((files("raggen_embed") / one).read_text("utf-8") for one in scripts)
            writer.executescript(f"BEGIN IMMEDIATE;\n{sql}\nCOMMIT;")

    def _copy(self, version: int) -> None:
        """Copy what is about to be changed, where there is anything."""
        if self._writer.execute("SELECT 1 FROM items LIMIT 1").fetchone() is None:
            return
        path = self.path.parent / COPIES / f"before-version-{SCHEMA_VERSION}.db"
        try:
            copy(self._writer, path)
        except (OSError, sqlite3.Error) as error:
            with suppress(OSError):
                path.with_name(f"{path.name}.new").unlink()
            raise DatabaseUnusable(
                f"{self.path} is of version {version} and has to be changed, and the copy that is "
                f"made before could not be written to {path} ({error}). Nothing was changed: free "
                "some disk space and start again."
            ) from error

    def close(self) -> None:
        """Close all connections; the writer's last, because the last one checkpoints."""
        self.reader.close()
        self._writer.close()

    def _meta(self, key: str) -> int:
        [value] = self._writer.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return int(value)

    def problems(self) -> list[str]:
        """What SQLite itself finds wrong with the file. Reads all of it."""
        try:
            found = [line for (line,) in self._writer.execute("PRAGMA integrity_check")]
        except sqlite3.Error as error:
            found = [str(error)]
        return [] if found == ["ok"] else found

    # Writing

    def apply(self, groups: Sequence[Sequence[Change]]) -> list[list[Outcome]]:
        """Apply the changes of several callers in one transaction, in order.

        When it returns, they are on the disk. ``self.generation`` has grown if anything changed.

        Raises:
            DiskFull: nothing of it was stored.
        """
        with self._transaction():
            generation = self.generation + 1
            outcomes = [[self._change(change, generation) for change in group] for group in groups]
            flat = [outcome for group in outcomes for outcome in group]
            changed = any(outcome.row is not None for outcome in flat)
            if changed:
                self._writer.execute(
                    "UPDATE meta SET value = ? WHERE key = 'generation'", (generation,)
                )
        if changed:
            self.generation = generation
        self._unscrubbed |= any(
            outcome.row is not None and outcome.status in {"updated", "deleted"} for outcome in flat
        )
        self.scrub()
        return outcomes

    def scrub(self) -> bool:
        """Remove deleted texts from the write-ahead log too; False where a reader is in the way:
        try again."""
        if self._unscrubbed:
            try:
                # Whoever reads is not waited for: others want to write.
                self._writer.execute("PRAGMA busy_timeout = 0")
                [busy, *_] = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:
                # What was committed is committed; a full disk only puts the cleaning off.
                return False
            finally:
                self._writer.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")
            self._unscrubbed = bool(busy)
        return not self._unscrubbed

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            yield
            self._writer.execute("COMMIT")
        except BaseException as error:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode in _FULL:
                raise DiskFull(_refusal(error.sqlite_errorcode)) from error
            raise

    def _change(self, change: Change, generation: int) -> Outcome:
        if isinstance(change, Delete):
            return self._delete(change)
        return self._upsert(change, generation)

    def _upsert(self, change: Upsert, generation: int) -> Outcome:
        item = change.item
        values = item_values(item)
        found = self._writer.execute(
            f"SELECT row, {COLUMNS} FROM items WHERE owner = ? AND id = ?",  # noqa: S608 - our own names
            (item.owner, item.id),
        ).fetchone()
        if found is not None:
            row, *stored = found
            version = stored[FIELDS.index("version")]
            if version == item.version and tuple(stored) == values:
                return Upserted("unchanged", version)
            if version >= item.version:
                return Upserted("stale", version)
        else:
            row = None
            buried = self._tombstone(item.owner, item.id)
            if buried >= item.version:
                return Upserted("deleted", buried)
        if change.encoded is None:
            return Upserted(None, item.version)
        if row is not None:
            remove_item(self._writer, self._models, row)
        names = f"row, sequence, {COLUMNS}"
        marks = ", ".join("?" * (len(FIELDS) + 2))
        written = self._writer.execute(
            f"INSERT INTO items ({names}) VALUES ({marks})",  # noqa: S608
            (row, generation, *values),
        ).lastrowid
        if written is None:  # pragma: no cover - an INSERT has a row
            raise AssertionError("no row")
        write_readings(self._writer, written, change.encoded.windows, change.encoded.readings)
        write_terms(self._writer, written, change.encoded.terms)
        return Upserted("created" if row is None else "updated", item.version, written)

    def _delete(self, change: Delete) -> Outcome:
        found = self._writer.execute(
            "SELECT row, version FROM items WHERE owner = ? AND id = ?", (change.owner, change.id)
        ).fetchone()
        if found is not None and found[1] > change.version:
            return Deleted("stale")
        if self._tombstone(change.owner, change.id) < change.version:
            self._writer.execute(
                "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?)",
                (change.owner, change.id, change.version),
            )
        if found is None:
            return Deleted("absent")
        remove_item(self._writer, self._models, found[0])
        return Deleted("deleted", found[0])

    def _tombstone(self, owner: str, identifier: str) -> int:
        found = self._writer.execute(
            "SELECT version FROM tombstones WHERE owner = ? AND id = ?", (owner, identifier)
        ).fetchone()
        return 0 if found is None else int(found[0])


def _refusal(code: int) -> str:
    if code == sqlite3.SQLITE_IOERR_FSYNC:
        # All of the commit may be in the write-ahead log already, where a crash would find it.
        return (
            "The disk of the data directory fails: this is not stored, though a crash now could "
            "bring it back. See to the disk and send this again, which is harmless."
        )
    return (
        "The disk of the data directory takes no more data: nothing was stored. "
        "Free some space and send this again."
    )
