"""Backups of raggen-web's PostgreSQL database, on a server of Debian's."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import data_folder
import pytest
from data_folder import refused

from raggen_cli import layout
from raggen_cli.backup import creation, manifest, postgresql, restoration, swap, verification
from raggen_cli.backup.places import Places
from raggen_cli.errors import CheckError
from raggen_cli.upgrade import downs

LAYOUT = layout.find()
MIGRATIONS = LAYOUT.web / "prisma" / "postgresql" / "migrations"
RECORD = """CREATE TABLE "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ, "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ, "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0)"""
APPLIED = """INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
  VALUES ('{0}', 'x', '{1}', now())"""
SAY = """INSERT INTO "Message" ("id", "chatId", "seq", "session", "role", "text", "status",
  "indexable", "createdAt", "updatedAt")
  VALUES ('{0}', 'c', {1}, 1, 'user', E'two\nlines\t\\\\.', 'complete', true, now(), now())"""


def as_server(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as the user that its package has made."""
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return [*user, *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="raggen-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    words = ["-U", "raggen", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    initdb = [postgresql.program("initdb"), "-D", f"{folder}/data", *words]
    subprocess.run(as_server(initdb), check=True, stdout=subprocess.DEVNULL, cwd=folder)
    options = ["-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    with subprocess.Popen(
        as_server([postgresql.program("postgres"), "-D", f"{folder}/data", *options]),
        stderr=subprocess.DEVNULL, cwd=folder,
    ) as running:  # fmt: skip
        ready = [postgresql.program("pg_isready"), "-q", "-h", str(folder)]
        try:
            deadline = time.monotonic() + 60
            while subprocess.run(ready, check=False).returncode:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            yield f"postgresql://raggen:secret@{quote(str(folder), safe='')}"
        finally:
            running.terminate()
    shutil.rmtree(folder, ignore_errors=True)


def run(url: str, *statements: str) -> None:
    postgresql.execute(url, statements)


@pytest.fixture
def data(server: str, tmp_path: Path) -> Places:
    name = tmp_path.name.replace("-", "_").lower()
    postgresql.query(f"{server}/postgres", f'CREATE DATABASE "{name}"')
    url = f"{server}/{name}"
    data_folder.make(tmp_path / "data")
    found = data_folder.places_of(tmp_path / "data", RAGGEN_WEB_DATABASE_URL=url)
    (found.data_dir / "raggen.db").unlink()
    run(url, RECORD)
    for path in sorted(path for path in MIGRATIONS.iterdir() if path.is_dir()):
        run(
            url,
            (path / "migration.sql").read_text(),
            APPLIED.format(path.name[:36], path.name),
        )
    run(
        url,
        """INSERT INTO "Chat" ("id", "title", "createdAt", "updatedAt")
        VALUES ('c', 't', now(), now())""",
        SAY.format("m0", 1),
        SAY.format("m1", 2),
    )
    return found


def messages(data: Places) -> list[str]:
    assert data.web_url is not None
    return postgresql.query(data.web_url, 'SELECT "id" FROM "Message" ORDER BY "seq"')


def restore(data: Places, path: Path) -> restoration.Restored:
    with restoration.at_rest(data):
        return restoration.restore(data, LAYOUT, path)


def test_there_and_back(data: Places) -> None:
    assert data.web_url is not None
    made = creation.create(data, None)
    assert made.manifest.database == "postgresql"
    assert made.manifest.counts == {"chats": 1, "messages": 2, "items": 3}
    assert set(made.manifest.migrations) == verification.known_migrations(LAYOUT)
    assert verification.verify(made.path, LAYOUT) == made.manifest
    # What a newer version may have made meanwhile must not be in its way when it comes again.
    run(data.web_url, SAY.format("m2", 3), 'CREATE TABLE "Later" ("id" TEXT)')
    done = restore(data, made.path)
    assert messages(data) == ["m0", "m1"]
    later = "SELECT to_regclass('\"Later\"') IS NULL"
    assert postgresql.query(data.web_url, later) == ["t"]
    assert done.before is not None
    former = postgresql.look_at(done.before / manifest.WEB_DUMP)
    assert former.messages == 3


def test_nothing_is_restored_below_a_running_raggen_web(data: Places) -> None:
    made = creation.create(data, None)
    assert data.web_url is not None
    address, environment = postgresql.connection(data.web_url)
    with subprocess.Popen(
        [postgresql.program("psql"), "-XqAtd", address], env=environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(f"SELECT pg_try_advisory_lock({postgresql.LOCK});\n")
        holder.stdin.flush()
        assert holder.stdout.readline() == "t\n"
        assert refused(lambda: restore(data, made.path)) == "service_running"
        holder.stdin.close()
    assert messages(data) == ["m0", "m1"]
    assert not swap.is_unfinished(data)


def test_a_restore_that_was_cut_off_is_finished(
    data: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data.web_url is not None
    made = creation.create(data, None)
    run(data.web_url, SAY.format("m2", 3))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(postgresql, "restore", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(data, made.path)
    assert swap.is_unfinished(data)
    swap.finish(data)
    assert messages(data) == ["m0", "m1"]


@pytest.mark.parametrize("at", ['COPY public."Message"', "ALTER TABLE"])
def test_a_dump_that_ends_too_early_changes_nothing(
    data: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at: str
) -> None:
    """Whatever psql has taken by then: pg_restore's exit code says that it was not all."""
    assert data.web_url is not None
    dump = tmp_path / "dump"
    postgresql.dump(data.web_url, dump)
    run(data.web_url, SAY.format("m2", 3))
    real = postgresql.program("pg_restore")
    cut = tmp_path / "bin" / "pg_restore"
    cut.parent.mkdir()
    # Up to the second line after that one: within a table's rows, or between two statements.
    cut.write_text(f"#!/bin/sh\n{real} \"$@\" | sed '/^{at}/{{n;q}}'\nexit 1\n")
    cut.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("PATH", f"{cut.parent}:{os.environ['PATH']}")
        url = data.web_url
        assert refused(lambda: postgresql.restore(url, dump)) == "backup_damaged"
    assert messages(data) == ["m0", "m1", "m2"]
    postgresql.restore(data.web_url, dump)
    assert messages(data) == ["m0", "m1"]


def test_a_restore_that_postgresql_refuses_says_why(data: Places, tmp_path: Path) -> None:
    assert data.web_url is not None
    run(data.web_url, """UPDATE "Message" SET "text" = repeat('more than a pipe holds', 99999)""")
    dump = tmp_path / "dump"
    postgresql.dump(data.web_url, dump)
    with pytest.raises(CheckError) as caught:
        postgresql.restore(f"{data.web_url}?options=-cdefault_transaction_read_only%3Don", dump)
    assert caught.value.key == "postgresql_failed"
    assert "read-only" in " ".join(caught.value.tail)
    assert messages(data) == ["m0", "m1"]


@pytest.mark.parametrize("url", ["postgresql://u:se%2Fcret@h/x?sslmode=disable",
                                 "postgresql://u@h/x?sslmode=disable&password=se%2Fcret",
                                 "postgresql://u:old@h/x?pass%77ord=se/cret&sslmode=disable"],
)  # fmt: skip
def test_the_password_is_in_no_command(url: str) -> None:
    address, environment = postgresql.connection(url)
    assert address == "postgresql://u@h/x?sslmode=disable"
    assert environment["PGPASSWORD"] == "se/cret"


def test_migrations_are_taken_back_all_or_none(data: Places) -> None:
    assert data.web_url is not None
    folders = sorted((path for path in MIGRATIONS.iterdir() if path.is_dir()), reverse=True)
    found = [(path.name, (path / "down.sql").read_text()) for path in folders[:-1]]
    with pytest.raises(CheckError):
        downs.apply(data, [*found, ("broken", "DROP TABLE nothing")])
    assert len(downs.applied(data)) == len(folders)
    downs.apply(data, found)
    assert downs.applied(data) == (folders[-1].name,)
    assert messages(data) == ["m0", "m1"]
