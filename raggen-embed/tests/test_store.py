"""What is left in the file of what was deleted or replaced: nothing."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from embed_service import Start, item

from raggen_embed.analysis import key_of, stem_of

Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(data: Path) -> Rows:
    """Everything that is in the file, by table."""
    with contextlib.closing(sqlite3.connect(data / "raggen-embed.db")) as database:
        tables = [name for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        )]  # fmt: skip
        return {
            table: database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608
            for table in tables
        }


def test_nothing_is_left_of_a_deleted_item(start: Start) -> None:
    service = start().ready()
    service.put(
        item("a", "The ferry to Naxos leaves at seven."),
        item("b", "Паром на Наксос отходит в семь."),
    )
    service.stop()
    before = rows_of(service.data)
    service = start(service.data).ready()
    long = "The quetzalcoatl sleeps behind the chapel. Кетцалькоатль спит за часовней. " * 60
    service.put(
        item("secret", long, metadata={"place": "quetzalcoatl"}, speaker="Zephyrine"),
        item("changed", "A plumbago grows here."),
    )
    assert service.get("secret").json()["windows"] > 1
    service.put(item("changed", "Nothing grows here.", 2))
    service.delete("secret", 1)
    service.delete("changed", 2)
    assert service.ids("quetzalcoatl plumbago", min_relevance=0, k=100) in (["a", "b"], ["b", "a"])
    service.stop()
    after = rows_of(service.data)
    assert after.pop("tombstones") == [("local", "changed", 2), ("local", "secret", 1)]
    assert before.pop("tombstones") == []
    assert dict(after.pop("meta")).keys() == dict(before.pop("meta")).keys()
    assert after == before
    # Neither its words nor the keys of its terms are left in what the pages held.
    stems = [key_of(stem_of("quetzalcoatl")), key_of(stem_of("plumbago")), key_of("quet")]
    files = [path for path in service.data.iterdir() if path.name.startswith("raggen-embed.db")]
    for path in files:
        content = path.read_bytes()
        for word in ("quetzalcoatl", "Кетцалькоатль", "plumbago", "Zephyrine"):
            assert word.encode() not in content, (word, path.name)
        for stem in stems:
            assert stem.to_bytes(8, "little") not in content, path.name


def test_what_a_changed_item_was_made_of_is_replaced(start: Start) -> None:
    """As if it had never said anything else."""
    changed, plain = start().ready(), start().ready()
    text = "The harbour is frozen since Tuesday, and the boats stay in the shed."
    changed.put(item("a", "Плумбаго цветёт у реки. " * 200))
    changed.put(item("a", text, 2))
    plain.put(item("a", text, 2))
    for service in (changed, plain):
        service.stop()
    one, other = rows_of(changed.data), rows_of(plain.data)
    for table in ("vectors", "terms"):
        assert one[table] == other[table]
        assert one[table]
    assert [row[2:4] for row in one["items"]] == [row[2:4] for row in other["items"]]
