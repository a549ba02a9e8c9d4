"""Which snapshots are believed, and what becomes of the others."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from opened_collection import Loaded, Opened, close_to, hurry, text_of

from raggen_embed.encoder import Encoder
from raggen_embed.errors import DiskFull
from raggen_embed.script import Script
from raggen_embed.shelf import Shelf, Suite
from raggen_embed.snapshots import SnapshotUnusable, write_snapshot
from raggen_embed.store import Store
from raggen_embed.window_keys import Reads

LATIN: list[Script] = ["latin"]
ONE_SCRIPT = Reads(1, 384, LATIN, LATIN)
BOTH_SCRIPTS = Reads(1, 384, [*LATIN, "cyrillic"], LATIN)
ARRAYS: dict[str, npt.NDArray[Any]] = {"catalogue/rows": np.arange(50)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


def suite(store: Store) -> Suite:
    return Suite(store.identity, {"main": 1}, [BOTH_SCRIPTS], ["fingerprint"])


def shelf_of(store: Store, /, **changes: Any) -> Shelf:
    changed = dataclasses.replace(suite(store), **changes)
    return Shelf(store.path.parent, changed, store.upkeep)


def kept(store: Store, owner: str = "ann") -> Shelf:
    shelf = shelf_of(store)
    shelf.write(owner, ARRAYS)
    shelf.accept(owner, os.getpid())
    return shelf


def has(shelf: Shelf, owner: str = "ann") -> bool:
    return shelf.read(owner) is not None


def test_what_was_accepted_is_read(store: Store) -> None:
    assert has(kept(store))
    again = shelf_of(store).read("ann")
    assert again is not None
    assert again["catalogue/rows"].tolist() == [*range(50)]
    assert not has(shelf_of(store), "bob")


def test_the_name_says_nothing(store: Store) -> None:
    path = kept(store).path("ann")
    assert "ann" not in path.name
    assert b"ann" not in path.read_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"store": 1},
        {"roles": {"main": 2}},
        {"fingerprints": ["another"]},
        {"reads": [ONE_SCRIPT]},
    ],
)
def test_of_something_else(store: Store, changes: dict[str, Any]) -> None:
    """Under its own name it is not found, and under the other's it is not believed."""
    own, other = kept(store), shelf_of(store, **changes)
    assert not has(other)
    shutil.copy(own.path("ann"), other.path("ann"))
    with pytest.raises(SnapshotUnusable):
        other.checked("ann")


def test_anothers(store: Store) -> None:
    shelf = kept(store)
    shutil.copy(shelf.path("ann"), shelf.path("bob"))
    assert not has(shelf, "bob")
    assert has(shelf)


def test_what_the_store_does_not_know_is_deleted(store: Store) -> None:
    shelf = shelf_of(store)
    shelf.path("ann").parent.mkdir()
    write_snapshot(shelf.path("ann"), suite(store).described("ann"), ARRAYS)
    assert not has(shelf)
    assert not shelf.path("ann").exists()


def test_the_one_before_is_not_believed_any_more(store: Store) -> None:
    shelf = kept(store)
    before = shelf.path("ann").read_bytes()
    shelf.write("ann", {"catalogue/rows": np.arange(51)})
    shelf.accept("ann", os.getpid())
    shelf.path("ann").write_bytes(before)
    with pytest.raises(SnapshotUnusable, match="does not know it"):
        shelf_of(store).checked("ann")


def test_what_nobody_accepts_is_not_found(store: Store) -> None:
    shelf = shelf_of(store)
    shelf.write("ann", ARRAYS)
    assert not has(shelf)
    shelf.discard("ann", os.getpid())
    assert [*shelf.path("ann").parent.iterdir()] == []
    shelf.accept("ann", os.getpid())
    assert not has(shelf)


def test_a_full_disk_leaves_what_was_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = kept(store)
    shelf.write("ann", {"catalogue/rows": np.arange(51)})

    def fail(*_: object) -> None:
        raise DiskFull("full")

    with monkeypatch.context() as patch:
        patch.setattr(store.upkeep, "keep_seal", fail)
        with pytest.raises(DiskFull):
            shelf.accept("ann", os.getpid())
    held = shelf_of(store).read("ann")
    assert held is not None
    assert len(held["catalogue/rows"]) == 50


def test_sweep(store: Store) -> None:
    shelf = kept(store)
    other = shelf_of(store, roles={"main": 2})
    for one, owner in ((shelf, "bob"), (other, "ann")):
        one.write(owner, ARRAYS)
        one.accept(owner, os.getpid())
    shelf.write("carl", ARRAYS)
    shelf.sweep(["ann", "carl"], half_written=False)
    assert {path.suffix for path in shelf.path("ann").parent.iterdir()} == {
        ".snapshot",
        f".{os.getpid()}",
    }
    shelf.sweep(["ann", "carl"])
    assert [*shelf.path("ann").parent.iterdir()] == [shelf.path("ann")]
    assert store.upkeep.seals().keys() == {shelf.path("ann").name}
    shelf.sweep([])
    assert [*shelf.path("ann").parent.iterdir()] == []
    assert store.upkeep.seals() == {}


def test_a_folder_that_is_none_stops_nobody(store: Store) -> None:
    (store.path.parent / "index").write_text("not a folder")
    shelf = shelf_of(store)
    assert not has(shelf)
    shelf.drop("ann")
    shelf.sweep(["ann"])
    with pytest.raises(OSError, match="exists"):
        shelf.write("ann", ARRAYS)


# A store that is restored from a backup, and then written to again: the same rows, the same
# generations, other items.


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> Path:
    hurry(monkeypatch)
    monkeypatch.setattr(Encoder, "load", Loaded(encoder).load)
    return tmp_path / "data"


def files_of(data: Path) -> list[Path]:
    return [path for path in data.iterdir() if path.name.startswith("raggen-embed.db")]


def restored(data: Path, backup: Path) -> None:
    for path in files_of(data):
        path.unlink()
    for path in backup.iterdir():
        shutil.copy(path, data)


def test_a_restored_store_is_not_shown_what_it_has_lost(opened: Path, tmp_path: Path) -> None:
    first = Opened(opened)
    try:
        first.put(*range(10))
        first.wait_for_base(10)
    finally:
        first.close()
    backup = tmp_path / "backup"
    backup.mkdir()
    for path in files_of(opened):
        shutil.copy(path, backup)

    second = Opened(opened)
    try:
        assert second.memory().base_is_mapped
        second.put(*range(100, 120))  # generation 2, rows 11 to 30
        second.wait_for_base(30)
    finally:
        second.close()
    later = opened / "index"
    later.rename(tmp_path / "later")

    restored(opened, backup)
    third = Opened(opened)
    try:
        third.put(*range(200, 220))  # generation 2, rows 11 to 30 again
        expected = third.search(text_of(107))
    finally:
        third.close()
    if later.exists():
        shutil.rmtree(later)
    (tmp_path / "later").rename(later)
    assert len([*later.iterdir()]) == 1

    fourth = Opened(opened)
    try:
        assert fourth.search(text_of(107)) == close_to(expected)
        assert "107" not in dict(fourth.search(text_of(107)))
    finally:
        fourth.close()
