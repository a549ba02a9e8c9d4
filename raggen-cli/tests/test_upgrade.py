"""Upgrade and rollback on a tiny repository with real git and real data, killed at every step."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import data_folder
import pytest
from data_folder import ROOT, in_a_child, refused
from rich.console import Console

from raggen_cli.backup import creation, places, restoration, swap
from raggen_cli.backup.places import Places
from raggen_cli.errors import CheckError
from raggen_cli.layout import Layout
from raggen_cli.messages import Messages
from raggen_cli.ownership import data_lock
from raggen_cli.screen import Screen
from raggen_cli.upgrade import journal, journey
from raggen_cli.upgrade.journey import Journey

LATER = "20990101000000_note"
SCHEMA = "raggen-embed/raggen_embed/schema.sql"


@dataclass
class World:
    """A clone with data: v1 as it is now, v2 with a migration, v3 that does not start."""

    root: Path
    data: Places
    output: StringIO

    def git(self, *words: str) -> str:
        who = [
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@x",
            "-c",
            "commit.gpgsign=false",
            "-c",
            "core.fsync=none",
        ]
        done = subprocess.run(
            ["git", "-C", str(self.root), *who, *words], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def release(self, tag: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", tag)
        self.git("tag", tag)

    def go(self, way: Callable[[Journey], None]) -> None:
        screen = Screen(Messages("en"), Console(file=self.output, width=100))
        with journey.alone(self.data):
            way(Journey(Layout(self.root, self.root), self.data, screen))

    def upgrade(self, tag: str | None = None) -> None:
        self.go(lambda one: one.upgrade(tag))

    def rollback(self) -> None:
        self.go(lambda one: one.rollback())

    @property
    def is_marked(self) -> bool:
        """Whether systemd is told to start nothing."""
        return (self.data.data_dir / journal.UNFINISHED).exists()

    @property
    def here(self) -> str:
        return self.git("describe", "--tags")

    def say(self, number: int) -> None:
        assert self.data.web is not None
        with closing(sqlite3.connect(self.data.web, isolation_level=None)) as web:
            data_folder.say(web, number)

    def columns(self) -> set[str]:
        assert self.data.web is not None
        with closing(sqlite3.connect(self.data.web)) as web:
            return {row[1] for row in web.execute("PRAGMA table_info('Chat')")}

    def messages(self) -> list[str]:
        assert self.data.web is not None
        return data_folder.messages_in(self.data.web)

    def embed_version(self) -> int:
        with closing(sqlite3.connect(self.data.embed_file)) as embed:
            return int(embed.execute("PRAGMA user_version").fetchone()[0])


def add_migration(root: Path, name: str, up: str, down: str | None) -> None:
    for folder in ("migrations", "postgresql/migrations"):
        place = root / "raggen-web/prisma" / folder / name
        place.mkdir()
        (place / "migration.sql").write_text(up)
        if down is not None:
            (place / "down.sql").write_text(down)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    root = tmp_path / "clone"
    shutil.copytree(ROOT / "raggen-web/prisma/migrations", root / "raggen-web/prisma/migrations")
    shutil.copytree(ROOT / "raggen-web/prisma/postgresql", root / "raggen-web/prisma/postgresql")
    (root / SCHEMA).parent.mkdir(parents=True)
    shutil.copy(ROOT / SCHEMA, root / SCHEMA)
    shutil.copy(Path(__file__).with_name("tiny_bootstrap.py"), root / "bootstrap.py")
    (root / "temper").write_text("")
    made = World(root, data_folder.make(tmp_path / "data"), StringIO())
    made.git("init", "-q", "-b", "main")
    made.release("v1.0.0")
    add_migration(
        root,
        LATER,
        'ALTER TABLE "Chat" ADD COLUMN "note" TEXT;\n',
        'ALTER TABLE "Chat" DROP COLUMN "note";\n',
    )
    made.release("v2.0.0")
    made.git("checkout", "-q", "v1.0.0")
    yield made
    print(made.output.getvalue())  # noqa: T201 - shown where a test fails


def test_there_and_back_with_what_was_said_between(world: World) -> None:
    world.upgrade()
    assert (world.here, "note" in world.columns()) == ("v2.0.0", True)
    world.say(3)
    world.rollback()
    assert (world.here, "note" in world.columns()) == ("v1.0.0", False)
    assert world.messages() == ["m0", "m1", "m2", "m3"]
    assert (world.data.data_dir / swap.RECONCILE).exists()
    assert len(list(world.data.backups.glob("before-*.tar.gz"))) == 2
    assert refused(world.rollback) == "rollback_nothing"
    world.upgrade("v2.0.0")
    assert world.messages() == ["m0", "m1", "m2", "m3"]


def test_from_a_branch_and_back_to_it(world: World) -> None:
    world.git("checkout", "-q", "-b", "mine", "v1.0.0")
    world.git("tag", "-d", "v1.0.0")
    world.upgrade()
    world.rollback()
    assert world.git("symbolic-ref", "--short", "HEAD") == "mine"


@pytest.mark.parametrize("failing", ["fails-setup", "fails-start"])
def test_a_version_that_does_not_work_is_undone_by_itself(world: World, failing: str) -> None:
    world.git("checkout", "-q", "v2.0.0")
    (world.root / "temper").write_text(failing)
    world.release("v3.0.0")
    world.git("checkout", "-q", "v1.0.0")
    assert refused(world.upgrade) == "upgrade_undone"
    assert (world.here, "note" in world.columns()) == ("v1.0.0", False)
    assert world.messages() == ["m0", "m1", "m2"]
    assert journal.read(world.data.data_dir) is None
    assert not world.is_marked
    before = list(world.data.data_dir.glob(f"{swap.BEFORE}*"))
    assert len(before) == (failing == "fails-start")
    said = world.output.getvalue().replace("\n", "")
    assert all(str(path) in said for path in before)


def test_a_memory_of_a_newer_schema_is_taken_from_the_backup(world: World) -> None:
    world.git("checkout", "-q", "v2.0.0")
    path = world.root / SCHEMA
    text = path.read_text()
    assert "PRAGMA user_version = 3;" in text
    path.write_text(text.replace("PRAGMA user_version = 3;", "PRAGMA user_version = 4;"))
    world.release("v3.0.0")
    world.git("checkout", "-q", "v1.0.0")
    world.upgrade()
    assert world.embed_version() == 4
    world.say(3)
    world.rollback()
    assert world.embed_version() == 3
    assert world.messages() == ["m0", "m1", "m2", "m3"]
    assert (world.data.data_dir / swap.RECONCILE).exists()


@dataclass
class Kill:
    """Ends the process when a step has been written down, before it is taken."""

    what: str
    step: str

    def __call__(self, folder: Path, found: journal.Journal) -> None:
        WRITE(folder, found)
        if (found.what, found.step) == (self.what, self.step):
            os._exit(9)


WRITE = journal.write
UPGRADE = [("upgrade", step) for step in journal.STEPS["upgrade"][:-1]]
ROLLBACK = [("rollback", step) for step in journal.STEPS["rollback"]]


def killed(world: World, what: str, step: str, work: Callable[[], None]) -> None:
    def doomed() -> None:
        journal.write = Kill(what, step)  # type: ignore[assignment]
        work()

    assert in_a_child(doomed) == 9
    with pytest.raises(CheckError, match="unfinished"):
        journal.refuse_unfinished(world.data.data_dir)
    assert world.is_marked


@pytest.mark.parametrize(("what", "step"), UPGRADE)
def test_an_upgrade_that_was_killed_goes_on_or_back(world: World, what: str, step: str) -> None:
    killed(world, what, step, world.upgrade)
    world.rollback()
    assert (world.here, "note" in world.columns()) == ("v1.0.0", False)
    killed(world, what, step, world.upgrade)
    world.upgrade()
    assert (world.here, "note" in world.columns()) == ("v2.0.0", True)
    assert world.messages() == ["m0", "m1", "m2"]
    journal.refuse_unfinished(world.data.data_dir)
    assert not world.is_marked


@pytest.mark.parametrize("step", journal.STEPS["undo"])
def test_an_undoing_that_was_killed_goes_on(world: World, step: str) -> None:
    world.git("checkout", "-q", "v2.0.0")
    (world.root / "temper").write_text("fails-start")
    world.release("v3.0.0")
    world.git("checkout", "-q", "v1.0.0")
    killed(world, "undo", step, world.upgrade)
    world.rollback()
    assert (world.here, "note" in world.columns()) == ("v1.0.0", False)
    assert world.messages() == ["m0", "m1", "m2"]


@pytest.mark.parametrize(("what", "step"), ROLLBACK)
def test_a_rollback_that_was_killed_goes_on(world: World, what: str, step: str) -> None:
    world.upgrade()
    world.say(3)
    killed(world, what, step, world.rollback)
    with pytest.raises(CheckError, match="rollback_unfinished"):
        world.upgrade("v9")
    world.rollback()
    assert not world.is_marked
    assert (world.here, "note" in world.columns()) == ("v1.0.0", False)
    assert world.messages() == ["m0", "m1", "m2", "m3"]


# What is refused


@pytest.mark.parametrize("name", ["mine", "folder/mine", "folder", "link", "ignored"])
def test_a_file_of_somebodys_is_not_written_over(world: World, name: str) -> None:
    world.git("checkout", "-q", "v2.0.0")
    (world.root / ".gitignore").write_text("ignored\n")
    for one in ("mine", "folder/mine", "link", "ignored"):
        (world.root / one).parent.mkdir(exist_ok=True)
        (world.root / one).write_text("theirs")
    world.git("add", "--force", ".")
    world.release("v3.0.0")
    world.git("checkout", "-q", "v1.0.0")
    path = world.root / name
    path.parent.mkdir(exist_ok=True)
    if name == "link":
        path.symlink_to("nowhere")
    else:
        path.write_text("my own")
    with pytest.raises(CheckError) as caught:
        world.upgrade()
    assert (caught.value.key, caught.value.tail) == ("upgrade_in_the_way", (name,))
    assert (world.here, path.is_symlink() or path.read_text()) == (
        "v1.0.0",
        name == "link" or "my own",
    )
    path.unlink()
    world.upgrade()
    assert world.here == "v3.0.0"


def test_a_folder_of_somebodys_is_not_taken_away(world: World) -> None:
    world.git("checkout", "-q", "v2.0.0")
    (world.root / "mine").write_text("theirs")
    world.release("v3.0.0")
    world.git("checkout", "-q", "v1.0.0")
    (world.root / "mine").mkdir()
    (world.root / "mine" / "own").write_text("my own")
    assert refused(world.upgrade) == "upgrade_in_the_way"
    assert (world.root / "mine" / "own").read_text() == "my own"


def test_it_refuses_with_words_and_touches_nothing(world: World, tmp_path: Path) -> None:
    assert refused(lambda: world.upgrade("v9")) == "upgrade_unknown_tag"
    with data_lock(world.data.data_dir):
        assert refused(world.upgrade) == "already_starting"
    (world.root / "temper").write_text("mine")
    assert refused(world.upgrade) == "upgrade_dirty"
    world.git("checkout", "-q", "temper")
    world.git("checkout", "-q", "v2.0.0")
    assert refused(lambda: world.upgrade("v1.0.0")) == "upgrade_not_newer"
    assert refused(world.rollback) == "rollback_nothing"
    with journey.alone(world.data):
        assert refused(world.upgrade) == "upgrade_running"
    elsewhere = Journey(Layout(tmp_path, tmp_path), world.data, Screen(Messages("en"), Console()))
    assert refused(lambda: elsewhere.upgrade(None)) == "upgrade_no_clone"
    assert journal.read(world.data.data_dir) is None
    assert not world.data.backups.exists()


def test_no_way_back_is_said_before_anything_is_done(world: World) -> None:
    world.git("checkout", "-q", "v2.0.0")
    add_migration(world.root, "20990202000000_more", "CREATE TABLE x (y);", None)
    world.release("v3.0.0")
    world.git("checkout", "-q", "v1.0.0")
    world.upgrade()
    with pytest.raises(CheckError) as caught:
        world.rollback()
    assert caught.value.key == "rollback_no_way"
    backup = caught.value.values["backup"]
    assert str(backup) in Messages("ru").text(caught.value.key, **caught.value.values)
    assert world.here == "v3.0.0"
    # What the words advise works.
    world.git("checkout", "-q", "v1.0.0")
    with restoration.at_rest(world.data):
        assert isinstance(backup, Path)
        restoration.restore(world.data, Layout(world.root, world.root), backup)
    assert world.messages() == ["m0", "m1", "m2"]


def test_a_migration_that_cannot_be_taken_back_changes_nothing(world: World) -> None:
    world.git("checkout", "-q", "v2.0.0")
    add_migration(world.root, "20990202000000_more", "CREATE TABLE x (y);", "DROP TABLE nothing;")
    world.release("v3.0.0")
    world.git("checkout", "-q", "v1.0.0")
    world.upgrade()
    for _ in range(2):
        assert refused(world.rollback) == "rollback_data_failed"
        assert (world.here, "note" in world.columns()) == ("v3.0.0", True)
        journal.refuse_unfinished(world.data.data_dir)  # it starts as if nothing had been tried
    (world.root / "temper").write_text("x")
    world.release("v4.0.0")
    world.git("checkout", "-q", "v3.0.0")
    world.upgrade()
    assert world.here == "v4.0.0"


def test_a_rollback_without_its_backup_has_not_begun(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.upgrade()
    with monkeypatch.context() as patched:
        patched.setattr(creation, "RESERVE", 1 << 60)
        assert refused(world.rollback) == "backup_no_space"
    journal.refuse_unfinished(world.data.data_dir)
    assert (world.here, "note" in world.columns()) == ("v2.0.0", True)
    world.rollback()
    assert (world.here, "note" in world.columns()) == ("v1.0.0", False)


def test_versions_come_from_the_remote(world: World, tmp_path: Path) -> None:
    far = tmp_path / "far"
    subprocess.run(["git", "clone", "-q", world.root, far], check=True)
    world.git("tag", "-d", "v2.0.0")
    world.git("remote", "add", "origin", str(far))
    world.upgrade()
    assert world.here == "v2.0.0"
    world.git("remote", "set-url", "origin", str(tmp_path / "gone"))
    world.upgrade()
    assert "does not answer" in world.output.getvalue()


def test_the_first_data_may_come_later(world: World, tmp_path: Path) -> None:
    assert isinstance(world.data, places.Places)
    world.data = data_folder.places_of(tmp_path / "fresh")
    world.data.embed.mkdir(parents=True)
    (world.root / "bootstrap.py").write_text("import sys; sys.exit(0)")
    world.git("commit", "-qam", "quiet")
    world.git("tag", "v0.9")
    (world.root / "temper").write_text("x")
    world.release("v4.0.0")
    world.git("checkout", "-q", "v0.9")
    world.git("tag", "-d", "v2.0.0")
    world.upgrade()
    assert world.here == "v4.0.0"
