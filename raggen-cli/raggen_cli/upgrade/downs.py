"""The way back for the data: each newer migration's down.sql, newest first, in one transaction.

All of them or none: whatever kills it, the database has the one schema or the other, and trying
again does what is left to do.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from raggen_cli import tree
from raggen_cli.backup import postgresql, sqlite
from raggen_cli.backup.places import Places
from raggen_cli.errors import CheckError
from raggen_cli.tree import GitError
from raggen_cli.upgrade.journal import Journal
from raggen_cli.upgrade.versions import MIGRATIONS, POSTGRESQL_MIGRATIONS, migrations

FORGET = 'DELETE FROM "_prisma_migrations" WHERE "migration_name" = '
ASK = 'SELECT "migration_name" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL ORDER BY 1'


def applied(places: Places) -> tuple[str, ...]:
    """Return the migrations that raggen-web's database has been through; none where it is not."""
    if places.web_url is not None:
        return tuple(postgresql.query(places.web_url, ASK))
    if places.web is None or not places.web.exists():
        return ()
    with closing(sqlite.connect(places.web, "rw")) as connection:
        return sqlite.migrations(connection)


def scripts(root: Path, places: Places, journal: Journal) -> list[tuple[str, str]]:
    """Return names and scripts of the migrations to take back, newest first.

    They are read out of the newer version's commit: the tree may be the older one's already.

    Raises:
        CheckError: there is no way back for one of them.
    """
    newer = set(applied(places)) - migrations(root, journal.former.commit)
    folder = MIGRATIONS if places.web_url is None else POSTGRESQL_MIGRATIONS
    found = []
    for name in sorted(newer, reverse=True):
        try:
            script = tree.git(root, "show", f"{journal.target.commit}:{folder}/{name}/down.sql")
        except GitError as error:
            raise CheckError(
                "rollback_no_way", name=name, former=journal.former.name, backup=journal.backup
            ) from error
        found.append((name, script))
    return found


def apply(places: Places, found: Sequence[tuple[str, str]]) -> None:
    """Take migrations back. Call it `at_rest`.

    Raises:
        CheckError: a script failed; the database is as it was.
    """
    if not found:
        return
    if places.web_url is not None:
        forget = [f"{FORGET}'{name}'" for name, _ in found]
        postgresql.execute(places.web_url, [*(script for _, script in found), *forget])
    elif places.web is not None:
        _apply_to_sqlite(places.web, found)


def _apply_to_sqlite(path: Path, found: Sequence[tuple[str, str]]) -> None:
    with closing(sqlite.connect(path, "rw")) as connection:
        # Off before a transaction begins, as raggen-web does it when it migrates.
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = FULL")
        try:
            # executescript would end a transaction that is open: it has to begin inside.
            script = ";\n".join(script for _, script in found)
            connection.executescript(f"BEGIN IMMEDIATE;\n{script}")
            connection.executemany(f"{FORGET}?", [(name,) for name, _ in found])
            [broken] = connection.execute(
                "SELECT count(*) FROM pragma_foreign_key_check"
            ).fetchone()
            if broken:
                raise sqlite3.IntegrityError(f"{broken} rows would lose what they refer to")
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise CheckError("rollback_data_failed", tail=[str(error)]) from error
