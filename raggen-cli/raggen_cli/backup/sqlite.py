"""SQLite files: a consistent copy of one in use, and a look into a copy."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from raggen_cli.errors import CheckError

# A writer holds the database for moments; the copy itself waits for nobody.
BUSY_SECONDS = 30.0
# What a full disk looks like through SQLite.
FULL = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_SHMSIZE,
}


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open a file with SQLite's URI mode: ro, rw or rwc. Transactions are the caller's."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)


def size(path: Path) -> int:
    """Return the bytes that a copy takes: what is in the write-ahead log counts, too."""
    with closing(connect(path, "ro")) as source:
        [pages] = source.execute("PRAGMA page_count").fetchone()
        [page] = source.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page)


def copy(path: Path, target: Path) -> None:
    """Copy a database that others may be writing to.

    All pages in one step of SQLite's backup API: it reads one state of the file, and no writer can
    make it start again or is kept waiting (https://sqlite.org/backup.html, WAL mode).

    Raises:
        sqlite3.Error: it cannot be read or written.
    """
    with closing(connect(path, "ro")) as source, closing(connect(target, "rwc")) as copied:
        source.backup(copied, pages=-1)
        # One file: without it, the first look would leave a log beside the copy.
        copied.execute("PRAGMA journal_mode = DELETE")


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Let SQLite look for damage.

    Raises:
        CheckError: it found some.
    """
    # What a stranger's file brings along may not call functions that reach outside of it.
    connection.execute("PRAGMA trusted_schema = OFF")
    try:
        found = [str(line) for (line,) in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise CheckError("database_damaged", tail=found, path=path)


@dataclass(frozen=True)
class Web:
    """What a copy of raggen-web's database holds."""

    migrations: tuple[str, ...]
    chats: int
    messages: int


@dataclass(frozen=True)
class Embed:
    """What a copy of raggen-embed's database holds."""

    schema: int
    models: tuple[str, ...]
    items: int


def _count(connection: sqlite3.Connection, table: str) -> int:
    [count] = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - ours
    return int(count)


@contextmanager
def _checked(path: Path, named: Path) -> Iterator[sqlite3.Connection]:
    """A copy that is found whole; what cannot be read of it is a damage, too."""
    try:
        with closing(connect(path, "ro")) as copied:
            check(copied, named)
            yield copied
    except sqlite3.Error as error:
        raise CheckError("database_damaged", tail=[str(error)], path=named) from error


def look_at_web(path: Path, named: Path) -> Web:
    """Check a copy of raggen-web's database and read what the manifest says of it.

    Args:
        named: the file that an error names: the copy will be gone.

    Raises:
        CheckError: it is damaged, or something else.
    """
    with _checked(path, named) as copied:
        return Web(migrations(copied), _count(copied, "Chat"), _count(copied, "Message"))


def version(path: Path) -> int:
    """Return the number that a file has of its schema."""
    with closing(connect(path, "rw")) as connection:
        [found] = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def migrations(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of the migrations that were applied, in order."""
    found = connection.execute(
        'SELECT "migration_name" FROM "_prisma_migrations" '
        'WHERE "rolled_back_at" IS NULL ORDER BY "migration_name"'
    )
    return tuple(str(name) for (name,) in found)


def look_at_embed(path: Path, named: Path) -> Embed:
    """Check a copy of raggen-embed's database and read what the manifest says of it.

    Args:
        named: the file that an error names: the copy will be gone.

    Raises:
        CheckError: it is damaged, or something else.
    """
    with _checked(path, named) as copied:
        [schema] = copied.execute("PRAGMA user_version").fetchone()
        found = copied.execute("SELECT fingerprint FROM models ORDER BY model")
        models = tuple(str(fingerprint) for (fingerprint,) in found)
        return Embed(int(schema), models, _count(copied, "items"))
