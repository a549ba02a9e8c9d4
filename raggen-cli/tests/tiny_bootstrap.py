"""Stands for a version's bootstrap.py: `setup` does nothing, `start-once` migrates.

WORDS in the tree's file `temper`: `fails-setup`, `fails-start` (after it has migrated).
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent
COMMAND, _, DATA = sys.argv[1:]
TEMPER = (ROOT / "temper").read_text().split()


def migrate() -> None:
    with closing(sqlite3.connect(Path(DATA) / "raggen.db", isolation_level=None)) as web:
        there = {name for (name,) in web.execute("SELECT migration_name FROM _prisma_migrations")}
        for path in sorted((ROOT / "raggen-web/prisma/migrations").glob("2*")):
            if path.name in there:
                continue
            web.executescript("BEGIN;" + (path / "migration.sql").read_text())
            web.execute(
                "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) "
                "VALUES (?, 'x', ?, 1)",
                (path.name, path.name),
            )
            web.execute("COMMIT")
    schema = (ROOT / "raggen-embed/raggen_embed/schema.sql").read_text()
    with closing(sqlite3.connect(Path(DATA) / "embed" / "raggen-embed.db")) as embed:
        embed.executescript(schema)


if COMMAND == "start-once":
    migrate()
sys.exit(3 if f"fails-{COMMAND.partition('-')[0]}" in TEMPER else 0)
