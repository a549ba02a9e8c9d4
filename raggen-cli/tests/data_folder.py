"""A data folder as both services leave it: their real schemas, a few rows."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from raggen_cli import layout, settings
from raggen_cli.backup import places
from raggen_cli.backup.places import Places
from raggen_cli.errors import CheckError

ROOT = layout.find().root
MIGRATIONS = ROOT / "raggen-web" / "prisma" / "migrations"
RECORD = """CREATE TABLE "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)"""


def places_of(folder: Path, **environment: str) -> Places:
    return places.find(settings.parse({}, ROOT, data_dir=str(folder)), environment)


def make(folder: Path, messages: int = 3) -> Places:
    """Write a chat with so many messages, all of them remembered."""
    found = places_of(folder)
    assert found.web is not None
    found.embed.mkdir(parents=True)
    with closing(sqlite3.connect(found.web, isolation_level=None)) as web:
        web.execute("PRAGMA journal_mode = WAL")
        web.execute("PRAGMA synchronous = OFF")
        web.execute(RECORD)
        for path in sorted(path for path in MIGRATIONS.iterdir() if path.is_dir()):
            web.executescript((path / "migration.sql").read_text())
            web.execute(
                "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) "
                "VALUES (?, 'x', ?, 1)",
                (path.name, path.name),
            )
        web.execute("INSERT INTO Chat (id, title, createdAt, updatedAt) VALUES ('c', 't', 1, 1)")
        for number in range(messages):
            say(web, number)
    with closing(sqlite3.connect(found.embed_file, isolation_level=None)) as embed:
        embed.execute("PRAGMA journal_mode = WAL")
        embed.execute("PRAGMA synchronous = OFF")
        schema = ROOT / "raggen-embed" / "raggen_embed" / "schema.sql"
        embed.executescript(schema.read_text())
        embed.executemany(
            "INSERT INTO items (owner, id, version, sequence, collection, metadata, text) "
            "VALUES ('', ?, 1, 1, '', '{}', 'text')",
            [(f"m{number}",) for number in range(messages)],
        )
    found.index.mkdir()
    (found.index / "snapshot").write_bytes(b"made from the rows")
    found.secret.write_bytes(b"k" * 32)
    return found


def say(web: sqlite3.Connection, number: int) -> None:
    web.execute(
        "INSERT INTO Message (id, chatId, seq, session, role, text, status, indexable, createdAt, "
        "updatedAt) VALUES (?, 'c', ?, 1, 'user', 'text', 'complete', 1, 1, 1)",
        (f"m{number}", number + 1),
    )


def messages_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as web:
        return [id for (id,) in web.execute("SELECT id FROM Message ORDER BY seq")]  # noqa: A001


def items_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as embed:
        [count] = embed.execute("SELECT count(*) FROM items").fetchone()
        return int(count)


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(CheckError) as caught:
        work()
    return caught.value.key


def in_a_child(work: Callable[[], object]) -> int:
    """Run something in a process of its own and return its exit code; 3: refused with words."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except CheckError as error:
            os._exit(3 if "full" in error.key else 4)
        except BaseException:  # noqa: BLE001
            os._exit(5)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
