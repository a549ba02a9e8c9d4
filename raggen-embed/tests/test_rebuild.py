"""What a start makes anew: an older file, another model, one that was switched off for a while."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from embed_service import Json, Service, Start, environment, item

SCHEMA_1 = Path(__file__).with_name("schema_1.sql")
TO_2 = Path(__file__).with_name("to_2.sql")
MODEL_SHIFT, WINDOW_BITS = 56, 16
TEXTS = {
    "ferry": "The ferry to Naxos leaves at seven in the morning.",
    "dog": "My dog is called Archie, he is afraid of thunder.",
    "собака": "Мою собаку зовут Арчи, он боится грозы.",
    "ремонт": "Ремонт кухни обошёлся дороже, чем мы думали.",
    "emoji": "😀",
}
ASKED = {"When does the ferry to Naxos leave?": "ferry", "Сколько стоил ремонт кухни?": "ремонт"}
ACROSS = {"Когда отходит паром на Наксос?": "ferry", "How much was the new kitchen?": "ремонт"}


def database(data: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(data / "raggen-embed.db", timeout=10))


def renewed(service: Service) -> list[int]:
    return [line["items"] for line in service.lines() if line["event"] == "renewed"]


def read_by(data: Path) -> dict[str, Counter[str]]:
    """How many windows of each item there are, by the role of the model that read them."""
    with database(data) as connection:
        names = dict(connection.execute("SELECT row, id FROM items"))
        roles = dict(connection.execute("SELECT model, role FROM models"))
        found: dict[str, Counter[str]] = {role: Counter() for role in roles.values()}
        assert len(found) == len(roles)
        for (key,) in connection.execute("SELECT key FROM vectors"):
            row = (key & ((1 << MODEL_SHIFT) - 1)) >> WINDOW_BITS
            found[roles[key >> MODEL_SHIFT]][names[row]] += 1
    return found


def check(service: Service, asked: dict[str, str]) -> None:
    for question, wanted in asked.items():
        assert service.ids(question)[0] == wanted, question


def version_1(data: Path, texts: dict[str, str]) -> None:
    """A file as raggen-embed wrote it before it had two models."""
    data.mkdir()
    with database(data) as connection:
        connection.executescript(SCHEMA_1.read_text("utf-8"))
        connection.execute("UPDATE meta SET value = 7 WHERE key = 'generation'")
        connection.execute("UPDATE meta SET value = 2 WHERE key = 'analysis'")
        connection.execute("INSERT INTO models VALUES (1, 'all-MiniLM-L6-v2', 'old')")
        for row, (name, text) in enumerate(texts.items(), 1):
            connection.execute(
                "INSERT INTO items (row, owner, id, version, sequence, collection, metadata, text)"
                " VALUES (?, 'local', ?, 3, 5, 'messages', '{\"a\": 1}', ?)",
                (row, name, text),
            )
            blob = b"\0" * 4
            key = row * 65536
            connection.execute("INSERT INTO vectors VALUES (?, 0, 1, 1, ?)", (key, blob * 384))
            connection.execute("INSERT INTO terms VALUES (?, ?, ?)", (row, blob * 2, blob))
        connection.execute("INSERT INTO tombstones VALUES ('local', 'gone', 4)")
        connection.commit()


def test_a_file_of_version_1(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "old"
    version_1(data, TEXTS)
    service = start(data).ready()
    assert service.http.get("/readyz").json()["items"] == len(TEXTS)
    assert service.http.get("/readyz").json()["generation"] == 7
    assert renewed(service) == [len(TEXTS)]
    check(service, ASKED | ACROSS)
    found = service.get("dog").json()
    assert (found["item"]["text"], found["item"]["version"]) == (TEXTS["dog"], 3)
    assert found["item"]["metadata"] == {"a": 1}
    assert service.put(item("gone", "Back again", 4))[0]["status"] == "deleted"
    assert service.put(item("dog", "The dog moved away.", 3))[0]["status"] == "stale"
    assert service.put(item("dog", "The dog moved away.", 4))[0]["status"] == "updated"
    service.stop()
    read = read_by(data)
    assert set(read["multilingual"]) == set(TEXTS)
    assert set(read["main"]) == {name for name in TEXTS if name.isascii()}
    with database(data) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
        assert connection.execute("SELECT count(*) FROM models").fetchone() == (2,)
    again = start(data).ready()
    assert renewed(again) == []
    check(again, ASKED | ACROSS)


def tables(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the models have read, and which they are."""
    with database(data) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608
            for name in ("vectors", "tokens", "models", "terms")
        }


def test_a_file_of_version_2_needs_nothing_read_again(start: Start) -> None:
    service = start().ready()
    put(service, TEXTS)
    service.stop()
    before = tables(service.data)
    assert all(before.values())
    with database(service.data) as connection:
        connection.executescript(TO_2.read_text("utf-8"))
    again = start(service.data).ready()
    assert renewed(again) == []
    check(again, ASKED | ACROSS)
    again.stop()
    assert tables(service.data) == before


def test_an_older_file_is_copied_before_it_is_changed(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "old"
    version_1(data, TEXTS)
    blocked = data / "backups"
    blocked.write_text("no folder can be made here")
    refused = subprocess.run(
        [sys.executable, "-m", "raggen_embed"],
        env={**os.environ, **environment(data)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert refused.returncode == 1
    assert "Nothing was changed" in refused.stderr.splitlines()[-1]
    with database(data) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    blocked.unlink()
    start(data).ready().stop()
    [copied] = blocked.iterdir()
    assert (copied.name, copied.stat().st_mode & 0o777) == ("before-version-3.db", 0o600)
    with contextlib.closing(sqlite3.connect(copied)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (len(TEXTS),)
    old = time.time() - 31 * 24 * 60 * 60
    os.utime(copied, (old, old))
    start(data).ready().stop()
    assert list(blocked.iterdir()) == []


def count_read(data: Path) -> int:
    """How many windows the main model has read since the file was made a new one."""
    with database(data) as connection:
        if connection.execute("PRAGMA user_version").fetchone() != (3,):
            return 0
        return int(
            connection.execute(
                "SELECT count(*) FROM vectors WHERE key >> ? ="
                " (SELECT model FROM models WHERE role = 'main')",
                (MODEL_SHIFT,),
            ).fetchone()[0]
        )


def test_killed_while_it_makes_everything_anew_it_goes_on(start: Start, tmp_path: Path) -> None:
    data = tmp_path / "old"
    texts = {f"t{n}": f"Lamp {n} in corridor {n % 7} flickers. " * 4 for n in range(400)}
    version_1(data, texts)
    left = len(texts)
    for _ in range(2):
        service = start(data)
        before, end = len(texts) - left, time.monotonic() + 60
        while not before < count_read(data) < len(texts):
            assert time.monotonic() < end
            time.sleep(0.002)
        service.kill()
        assert renewed(service) == []
        left = len(texts) - count_read(data)
        assert 0 < left < len(texts) - before
    service = start(data).ready()
    assert renewed(service) == [left]
    assert service.ids("Does lamp 77 flicker?")[0] == "t77"
    assert service.search_whole("lamp", k=1)["total_items"] == len(texts)


def put(service: Service, texts: dict[str, str], version: int = 1) -> list[Json]:
    return service.put(*[item(name, text, version) for name, text in texts.items()])


def test_two_models_side_by_side(start: Start) -> None:
    """On, off, on: each time only the vectors that are missing are made, and search works."""
    on = start().ready()
    data = on.data
    put(on, TEXTS)
    check(on, ASKED | ACROSS)
    on.stop()
    first = read_by(data)
    russian = {name for name in TEXTS if not name.isascii()}
    assert set(first["multilingual"]) == set(TEXTS)
    assert set(first["main"]) == set(TEXTS) - russian

    off = start(data, multilingual="off").ready()
    assert off.http.get("/readyz").json()["multilingual_model"] is None
    # MiniLM alone has to look at Russian, too.
    assert renewed(off) == [len(russian)]
    check(off, ASKED)
    new = {"bridge": "The bridge over the Drina is closed.", "мост": "Мост через Дрину закрыт."}
    put(off, new)
    put(off, {"ferry": "The ferry to Naxos leaves at eight now."}, 2)
    off.delete("emoji", 1)
    check(off, ASKED | {"Is the bridge closed?": "bridge", "Какой мост закрыт?": "мост"})
    off.stop()
    second = read_by(data)
    assert set(second["main"]) == (set(TEXTS) | set(new)) - {"emoji"}
    assert set(second["multilingual"]) == set(TEXTS) - {"ferry", "emoji"}

    again = start(data).ready()
    assert renewed(again) == [len(new) + 1]
    check(again, ASKED | ACROSS)
    for question in ("Закрыт ли мост через Дрину?", "Which bridge over the Drina is closed?"):
        assert set(again.ids(question)[:2]) == set(new)
    assert "eight" in again.search("When does the ferry to Naxos leave?")[0]["text"]
    again.stop()
    assert set(read_by(data)["multilingual"]) == (set(TEXTS) | set(new)) - {"emoji"}
    with database(data) as connection:
        models = connection.execute("SELECT role, name FROM models ORDER BY model").fetchall()
    assert models == [("main", "all-MiniLM-L6-v2"), ("multilingual", "multilingual-e5-small")]

    last = start(data, multilingual="off").ready()
    assert renewed(last) == []
    check(last, ASKED)


def test_terms_of_another_analysis_are_made_anew(start: Start) -> None:
    service = start().ready()
    put(service, TEXTS)
    service.stop()
    with database(service.data) as connection:
        before = connection.execute("SELECT * FROM terms ORDER BY row").fetchall()
        [now] = connection.execute("SELECT value FROM meta WHERE key = 'analysis'").fetchone()
        connection.execute("UPDATE meta SET value = 1 WHERE key = 'analysis'")
        connection.execute("UPDATE terms SET words = zeroblob(length(words))")
        connection.commit()
    again = start(service.data).ready()
    assert [one["items"] for one in again.lines() if one["event"] == "analysed"] == [len(TEXTS)]
    assert renewed(again) == []
    check(again, ASKED)
    again.stop()
    with database(service.data) as connection:
        assert connection.execute("SELECT * FROM terms ORDER BY row").fetchall() == before
        assert connection.execute("SELECT value FROM meta WHERE key = 'analysis'").fetchone() == (
            now,
        )


@pytest.mark.parametrize("role", ["main", "multilingual"])
def test_a_model_that_was_replaced_leaves_nothing(start: Start, role: str) -> None:
    """What another model of the same role made is gone, and the other role's stays."""
    service = start().ready()
    put(service, TEXTS)
    service.stop()
    before = read_by(service.data)
    with database(service.data) as connection:
        connection.execute("UPDATE models SET fingerprint = 'another' WHERE role = ?", (role,))
        [old] = connection.execute("SELECT model FROM models WHERE role = ?", (role,)).fetchone()
        [other] = connection.execute("SELECT model FROM models WHERE role <> ?", (role,)).fetchone()
        connection.commit()
    again = start(service.data).ready()
    assert renewed(again) == [len(before[role])]
    check(again, ASKED | ACROSS)
    again.stop()
    assert read_by(service.data) == before
    with database(service.data) as connection:
        numbers = {model for (model,) in connection.execute("SELECT model FROM models")}
        left = {key >> MODEL_SHIFT for (key,) in connection.execute("SELECT key FROM vectors")}
    assert old not in numbers
    assert other in numbers
    assert left == numbers
