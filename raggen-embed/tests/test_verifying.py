"""``verify`` finds what is wrong and repairs it; ``rebuild`` makes all of it anew."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from opened_collection import Loaded, Opened, close_to, hurry, settings_of, text_of

from raggen_embed.encoder import Encoder
from raggen_embed.errors import DatabaseUnusable
from raggen_embed.snapshots import read_snapshot, seal_of, write_snapshot
from raggen_embed.verifying import rebuild, verify

MANY = 12


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> Iterator[Path]:
    """A store with a snapshot, closed; none of it has a time or a place."""
    hurry(monkeypatch)
    monkeypatch.setattr(Encoder, "load", Loaded(encoder).load)
    one = Opened(tmp_path / "data")
    try:
        one.put(*range(MANY - 1))
        one.put(MANY, more=" A second window." * 200)
        one.wait_for_base(MANY)
        yield one.data
    finally:
        one.close()


def found(data: Path) -> list[str]:
    findings = verify(settings_of(data), lambda _: None)
    assert all(finding.repaired for finding in findings)
    return [finding.text for finding in findings]


def answers(data: Path) -> object:
    one = Opened(data)
    try:
        return one.search(text_of(3))
    finally:
        one.close()


def spoil(data: Path, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(data / "raggen-embed.db")) as database:
        assert database.execute(sql, values).rowcount
        database.commit()


def change(data: Path, table: str, column: str, how: Callable[[bytes], bytes]) -> None:
    with closing(sqlite3.connect(data / "raggen-embed.db")) as database:
        [key, old] = database.execute(
            f"SELECT rowid, {column} FROM {table} ORDER BY rowid LIMIT 1 OFFSET 4"  # noqa: S608
        ).fetchone()
        assert how(old) != old
        database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (how(old), key))  # noqa: S608
        database.commit()


def turned(old: bytes) -> bytes:
    return bytes(np.roll(np.frombuffer(old, "<f4"), 1).tobytes())


def other_bits(old: bytes) -> bytes:
    return bytes(255 - byte for byte in old)


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "a vector is gone": (
        lambda data: spoil(data, "DELETE FROM vectors WHERE key IN (SELECT max(key) FROM vectors)"),
        "1 items without their vectors",
    ),
    "all vectors are gone": (
        lambda data: spoil(data, "DELETE FROM vectors"),
        f"{MANY} items without their vectors",
    ),
    "tokens are gone": (
        lambda data: spoil(data, "DELETE FROM tokens"),
        f"{MANY} items without their vectors or tokens",
    ),
    "a vector is none": (
        lambda data: change(data, "vectors", "vector", lambda old: b"\xff" * len(old)),
        "1 items without their vectors",
    ),
    "a vector is too short": (
        lambda data: change(data, "vectors", "vector", lambda old: old[:-4]),
        "1 items without their vectors",
    ),
    "a vector is another's": (
        lambda data: change(data, "vectors", "vector", turned),
        "1 items without their vectors",
    ),
    "signs are others'": (
        lambda data: change(data, "tokens", "bits", other_bits),
        "1 items without their vectors",
    ),
    "a window is elsewhere": (
        lambda data: spoil(data, "UPDATE vectors SET stop = stop - 1 WHERE key >> 16 & 255 = 3"),
        "1 items without their vectors",
    ),
    "terms are gone": (
        lambda data: spoil(data, "DELETE FROM terms WHERE row > 3"),
        f"{MANY - 3} items without their terms",
    ),
    "terms are others'": (
        lambda data: change(data, "terms", "words", other_bits),
        "1 items without their terms",
    ),
    "a stray vector": (
        lambda data: spoil(data, "INSERT INTO vectors SELECT key + (900 << 16), 0, 1, vector"
                                 " FROM vectors LIMIT 1"),
        "1 vectors of no item",
    ),
    "stray tokens of no model": (
        lambda data: spoil(data, "INSERT INTO tokens SELECT key + (9 << 56), ids, bits"
                                 " FROM tokens LIMIT 1"),
        "1 tokens of no item",
    ),
    "stray terms": (
        lambda data: spoil(data, "INSERT INTO terms SELECT 900, script, asking, words,"
                                 " word_counts, grams, gram_counts FROM terms LIMIT 1"),
        "1 terms of no item",
    ),
}  # fmt: skip


@pytest.fixture
def whole(data: Path) -> tuple[Path, object]:
    """Closed, with what it answered."""
    copy = data.parent / "copy"
    copy.mkdir()
    # The service still holds the first; a backup by SQLite is whole at any time.
    with (
        closing(sqlite3.connect(data / "raggen-embed.db")) as source,
        closing(sqlite3.connect(copy / "raggen-embed.db")) as target,
    ):
        source.backup(target)
    (copy / "index").mkdir()
    for path in (data / "index").iterdir():
        (copy / "index" / path.name).write_bytes(path.read_bytes())
    return copy, answers(copy)


def test_what_is_whole_stays_as_it_is(whole: tuple[Path, object]) -> None:
    data, expected = whole
    [path] = (data / "index").iterdir()
    before = path.read_bytes()
    assert found(data) == []
    assert path.read_bytes() == before
    assert answers(data) == expected


def test_every_damage_is_found_and_repaired(whole: tuple[Path, object]) -> None:
    data, expected = whole
    for name, (damage, text) in DAMAGE.items():
        damage(data)
        findings = found(data)
        assert len(findings) == 1, (name, findings)
        assert findings[0].startswith(text), name
        assert found(data) == [], name
    one = Opened(data)
    try:
        assert one.search(text_of(3)) == close_to(expected)  # type: ignore[arg-type]
    finally:
        one.close()


def other_content(data: Path, *, is_known: bool) -> None:
    """A snapshot whose hashes are right and whose terms are not."""
    [path] = (data / "index").iterdir()
    header = path.read_bytes()
    length = int.from_bytes(header[24:32], "little")
    identity = json.loads(header[64 : 64 + length])["identity"]
    arrays = dict(read_snapshot(path, identity, seal_of(path)))
    arrays["catalogue/asking"] = arrays["catalogue/asking"] + np.float32(0.5)
    aside = path.with_name("aside")
    write_snapshot(aside, identity, arrays)
    aside.replace(path)
    if is_known:
        sql = "UPDATE meta SET value = ? WHERE key = ?"
        spoil(data, sql, seal_of(path), f"snapshot {path.name}")


def test_snapshots(whole: tuple[Path, object]) -> None:
    data, expected = whole
    other_content(data, is_known=True)
    assert found(data) == ["a snapshot that is not what the store holds"]
    assert found(data) == []
    assert answers(data) == expected
    other_content(data, is_known=False)
    assert found(data) == ["a snapshot: the store does not know it"]
    assert found(data) == []


def test_rebuild_believes_nothing_that_was_made(whole: tuple[Path, object]) -> None:
    data, expected = whole
    other_content(data, is_known=True)
    spoil(data, "UPDATE terms SET words = zeroblob(length(words))")
    spoil(data, "UPDATE vectors SET vector = zeroblob(length(vector))")
    assert rebuild(settings_of(data), lambda _: None) == MANY
    [path] = (data / "index").iterdir()
    assert path.suffix == ".snapshot"
    assert found(data) == []
    assert answers(data) == close_to(expected)  # type: ignore[arg-type]


def test_a_file_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "raggen-embed.db").write_bytes(os.urandom(8192))
    for command in (verify, rebuild):
        with pytest.raises(DatabaseUnusable, match="restore it from a backup"):
            command(settings_of(tmp_path), lambda _: None)


def test_nothing_is_written_to_a_damaged_file(whole: tuple[Path, object]) -> None:
    data, _ = whole
    path = data / "raggen-embed.db"
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as database:
        [page] = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'items_of_owner'"
        ).fetchone()
        [size] = database.execute("PRAGMA page_size").fetchone()
    middle = (page - 1) * size + size // 2
    content[middle : middle + size // 2] = os.urandom(size // 2)
    path.write_bytes(content)
    found_and_left: list[str] = []
    try:
        findings = verify(settings_of(data), lambda _: None)
        found_and_left = [one.text for one in findings if not one.repaired]
        assert len(found_and_left) == len(findings)
    except DatabaseUnusable as error:
        found_and_left = [str(error)]
    assert found_and_left
    assert path.read_bytes() == bytes(content)
