from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from handbook import database
from handbook.data_model import Table, read
from handbook.setting import UndocumentedError
from handbook.sources import WEB
from handbook.translation import Translations

SQL_TYPES = {
    "String": "TEXT",
    "Int": "INTEGER",
    "Float": "REAL",
    "Boolean": "BOOLEAN",
    "DateTime": "DATETIME",
    "Json": "JSONB",
}


@pytest.fixture(scope="module")
def real() -> Iterator[sqlite3.Connection]:
    """A database as the server makes it: all migrations, one after another."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for file in sorted((WEB / "prisma" / "migrations").glob("*/migration.sql")):
            connection.executescript(file.read_text())
        yield connection


TABLES = read(database.SCHEMA)


def test_the_tables_are_those_of_a_real_database(real: sqlite3.Connection) -> None:
    names = real.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    made = {name for (name,) in names if not name.startswith("sqlite_")}
    assert {table.name for table in TABLES} == made


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_those_of_a_real_database(real: sqlite3.Connection, table: Table) -> None:
    rows = real.execute(f'PRAGMA table_info("{table.name}")').fetchall()
    made = {name: (kind, not needed and not key) for _, name, kind, needed, _, key in rows}
    read_here = {column.name: (SQL_TYPES[column.type], column.optional) for column in table.columns}
    assert read_here == made
    keys = [name for _, name, _, _, _, key in sorted(rows, key=lambda row: row[5]) if key]
    assert list(table.key) == keys
    foreign = real.execute(f'PRAGMA foreign_key_list("{table.name}")').fetchall()
    refers = {column.name: column.refers_to for column in table.columns if column.refers_to}
    assert refers == {row[3]: (row[2], row[4]) for row in foreign}


def test_every_table_is_in_the_picture_with_its_arrows() -> None:
    dot = database.dot(TABLES)
    for table in TABLES:
        assert re.search(rf"^{table.name} \[label", dot, re.MULTILINE)
    arrows = [column for table in TABLES for column in table.columns if column.refers_to]
    assert dot.count(" -> ") == len(arrows) >= 5


def test_a_comment_without_a_translation_is_noticed() -> None:
    translations = Translations("database")
    translations.of("Something new.", "ru")
    with pytest.raises(UndocumentedError, match=r"Something new\."):
        translations.finish()


def test_a_translation_of_nothing_is_noticed() -> None:
    with pytest.raises(UndocumentedError, match="what no code says"):
        Translations("database").finish()
