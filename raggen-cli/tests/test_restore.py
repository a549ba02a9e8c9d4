"""Restores: all or nothing, the former data kept, a kill at any moment gone on from."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import data_folder
import pytest
from data_folder import in_a_child, refused
from rich.console import Console

from raggen_cli import layout, lock, settings, up
from raggen_cli.backup import creation, restoration, swap
from raggen_cli.backup.places import Places
from raggen_cli.errors import CheckError
from raggen_cli.messages import Messages
from raggen_cli.ownership import data_lock
from raggen_cli.screen import Screen

LAYOUT = layout.find()


@pytest.fixture
def data(tmp_path: Path) -> Places:
    return data_folder.make(tmp_path / "data")


@pytest.fixture
def backup(data: Places) -> Path:
    return creation.create(data, None).path


def restore(data: Places, path: Path) -> restoration.Restored:
    with restoration.at_rest(data):
        return restoration.restore(data, LAYOUT, path)


def grow(data: Places, number: int = 3) -> None:
    """Say something more, and leave it in the log beside the database, as a kill does."""
    assert data.web is not None
    with closing(sqlite3.connect(data.web, isolation_level=None)) as web:
        data_folder.say(web, number)
        log = data.web.with_name("raggen.db-wal").read_bytes()
    data.web.with_name("raggen.db-wal").write_bytes(log)


def state(data: Places) -> tuple[list[str], int, bytes]:
    assert data.web is not None
    return (
        data_folder.messages_in(data.web),
        data_folder.items_in(data.embed_file),
        data.secret.read_bytes(),
    )


def leftovers(data: Places) -> list[Path]:
    found = [*data.data_dir.rglob(f"*{swap.STAGED}"), data.data_dir / swap.JOURNAL]
    return [path for path in found if path.exists()]


def test_the_data_is_what_it_was_and_the_former_is_kept(data: Places, backup: Path) -> None:
    before = state(data)
    grow(data)
    data.secret.write_bytes(b"another")
    done = restore(data, backup)
    assert state(data) == before
    assert done.before is not None
    assert data_folder.messages_in(done.before / "raggen.db")[-1] == "m3"
    assert (done.before / "secret.key").read_bytes() == b"another"
    assert not data.index.exists()  # made from other rows; raggen-embed makes it again
    assert (data.data_dir / swap.RECONCILE).exists()
    assert leftovers(data) == []


def test_it_goes_to_an_empty_place_as_well(backup: Path, data: Places, tmp_path: Path) -> None:
    new = data_folder.places_of(tmp_path / "elsewhere")
    done = restore(new, backup)
    assert done.before is None
    assert state(new) == state(data)


def test_databases_may_be_anywhere(backup: Path, data: Places, tmp_path: Path) -> None:
    far = tmp_path / "far"
    new = data_folder.places_of(
        tmp_path / "new",
        RAGGEN_WEB_DATABASE_URL=f"file:{far}/chats.db",
        RAGGEN_WEB_SECRET_FILE=f"{far}/key",
        RAGGEN_EMBED_DATA_DIR=f"{far}/memory",
    )
    restore(new, backup)
    assert state(new) == state(data)
    assert {path.name for path in far.iterdir()} == {
        "chats.db",
        "chats.db.lock",
        "key",
        "memory",
    }


def test_what_root_restores_belongs_to_whom_the_folder_does(
    backup: Path, data: Places, tmp_path: Path
) -> None:
    new = data_folder.places_of(tmp_path / "new")
    new.data_dir.mkdir()
    if os.geteuid() == 0:
        os.chown(new.data_dir, 12345, 12345)
    owner = new.data_dir.stat().st_uid
    restore(new, backup)
    restore(new, backup)  # and what it puts aside
    again = creation.create(new, None)
    assert new.web is not None
    assert {new.web, new.secret, new.embed_file, again.path} <= {*new.data_dir.rglob("*")}
    for path in new.data_dir.rglob("*"):
        assert path.stat().st_uid == owner, path


@contextmanager
def raggen_up(data: Places) -> Iterator[None]:
    with data_lock(data.data_dir):
        yield


@contextmanager
def raggen_embed(data: Places) -> Iterator[None]:
    with (data.embed / "raggen-embed.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


@contextmanager
def raggen_web(data: Places) -> Iterator[None]:
    assert data.web is not None
    with closing(sqlite3.connect(f"{data.web}.lock", isolation_level=None, timeout=0)) as held:
        held.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize("running", [raggen_up, raggen_embed, raggen_web])
def test_nothing_is_restored_below_a_running_raggen(
    data: Places, backup: Path, running: object
) -> None:
    before = state(data)
    with running(data):  # type: ignore[operator]
        assert refused(lambda: restore(data, backup)) in {"already_starting", "service_running"}
    assert state(data) == before
    assert leftovers(data) == []
    restore(data, backup)


@pytest.mark.parametrize("running", [raggen_up, raggen_embed, raggen_web])
def test_nothing_starts_below_a_restore(data: Places, running: object) -> None:
    """As each of them looks whether it may: it must not, until the restore has ended."""
    for _ in range(2):  # with the lock files missing, and there
        refusals = pytest.raises((CheckError, BlockingIOError, sqlite3.OperationalError))
        with restoration.at_rest(data), refusals, running(data):  # type: ignore[operator]
            pass
        with running(data):  # type: ignore[operator]
            pass
    assert data.web is not None
    assert Path(f"{data.web}.lock").stat().st_mode & 0o077 == 0


def test_a_restore_is_not_finished_below_a_service(data: Places, backup: Path) -> None:
    found = settings.parse({}, data_folder.ROOT, data_dir=str(data.data_dir))
    screen = Screen(Messages("en"), Console())
    moment = 1
    while killed_at(data, backup, moment) and not swap.is_unfinished(data):
        moment += 1
    for running in (raggen_embed, raggen_web):
        with running(data):
            assert refused(lambda: up.finish_restore(found, {}, screen)) == "service_running"
    assert swap.is_unfinished(data)
    up.finish_restore(found, {}, screen)
    assert leftovers(data) == []


def test_a_broken_backup_touches_nothing(data: Places, backup: Path) -> None:
    grow(data)
    before = state(data)
    content = bytearray(backup.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = os.urandom(64)
    backup.write_bytes(content)
    assert refused(lambda: restore(data, backup)).startswith("backup_")
    assert state(data) == before
    assert leftovers(data) == []


@pytest.mark.parametrize("kilobytes", [1, 40, 80])
def test_a_full_disk_touches_nothing(data: Places, backup: Path, kilobytes: int) -> None:
    grow(data)
    before = state(data)

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))
        restore(data, backup)

    assert in_a_child(limited) == 3
    assert state(data) == before
    assert leftovers(data) == []


def killed_at(data: Places, backup: Path, moment: int) -> bool:
    """Restore in a process that dies just before its `moment`-th rename; False: it came through."""
    real = Path.rename
    counted = 0

    def rename(path: Path, target: Path) -> Path:
        nonlocal counted
        counted += 1
        if counted == moment:
            os._exit(9)
        return real(path, target)

    def work() -> None:
        Path.rename = rename  # type: ignore[method-assign, assignment]
        restore(data, backup)

    code = in_a_child(work)
    assert code in {0, 9}
    return code == 9


def test_a_kill_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    moment, finished, undone = 1, 0, 0
    while True:
        data = data_folder.make(tmp_path / str(moment))
        backup = creation.create(data, None).path
        old = state(data)
        grow(data)
        new = ([*old[0], "m3"], *old[1:])
        killed = killed_at(data, backup, moment)
        if killed:
            began = swap.is_unfinished(data)
            if began:
                with pytest.raises(CheckError, match="restore_unfinished"):
                    creation.create(data, None)
                swap.finish(data)
            swap.clear(data)
            assert state(data) == (old if began else new)
            finished, undone = finished + began, undone + (not began)
        if swap.RECONCILE in {path.name for path in data.data_dir.iterdir()}:
            [before] = data.data_dir.glob(f"{swap.BEFORE}*")
            assert data_folder.messages_in(before / "raggen.db") == new[0]
        assert leftovers(data) == []
        if not killed:
            break
        moment += 1
    assert finished >= 5
    assert undone >= 1


@pytest.mark.parametrize("name", ["raggen.db", "embed/index"])
def test_what_was_made_between_two_attempts_takes_nobodys_place(
    data: Places, backup: Path, name: str
) -> None:
    """systemd or a person may start the services on data that a restore was cut off on."""
    old = state(data)
    grow(data)
    path = data.data_dir / name
    moment = 0
    while path.exists():
        moment += 1
        assert killed_at(data, backup, moment)
    if name == "raggen.db":
        path.write_bytes(b"a new one")
    else:
        path.mkdir()
        (path / "snapshot").write_bytes(b"a new one")
    swap.finish(data)
    assert state(data) == old
    [before] = data.data_dir.glob(f"{swap.BEFORE}*")
    assert data_folder.messages_in(before / "raggen.db")[-1] == "m3"
    assert (before / "index" / "snapshot").read_bytes() == b"made from the rows"
    [kept] = before.glob(f"{path.name}.*")
    assert (kept if kept.is_file() else kept / "snapshot").read_bytes() == b"a new one"


def test_the_next_start_finishes_it(data: Places, backup: Path, tmp_path: Path) -> None:
    old = state(data)
    grow(data)
    moment = 1
    while killed_at(data, backup, moment) and not swap.is_unfinished(data):
        moment += 1
    assert swap.is_unfinished(data)
    driver = Path(__file__).with_name("driver.py")
    environment = {
        **os.environ,
        "RAGGEN_LANG": "en",
        "EMBED_WORDS": "fails",
        "WEB_WORDS": "fails",
    }
    done = subprocess.run(
        [sys.executable, driver, "up", f"--data-dir={data.data_dir}", "--port=0", "--embed-port=0",
         "--local-model-port=0"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "it is finished now" in done.stdout + done.stderr
    assert state(data) == old


def run(data: Places, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RAGGEN_LANG": language, "PYTHONPATH": str(ROOT_CLI)}
    return subprocess.run(
        [sys.executable, "-m", "raggen_cli", *words], env=environment, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip


ROOT_CLI = LAYOUT.root / "raggen-cli"


@pytest.mark.parametrize(("language", "words"), [("en", "Whole"), ("ru", "Копия цела")])
def test_the_commands(data: Places, tmp_path: Path, language: str, words: str) -> None:
    where = f"--data-dir={data.data_dir}"
    made = run(data, "backup", where, f"--to={tmp_path}", "--json", "--keep=3")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["manifest"]["counts"]["messages"] == 3
    checked = run(data, "backup", "verify", told["file"], language=language)
    assert (checked.returncode, words in checked.stdout) == (0, True)
    restored = run(data, "restore", told["file"], where, language=language)
    assert restored.returncode == 0, restored.stderr
    assert "before-restore-" in restored.stdout
    assert run(data, "backup", where, "--keep=0").returncode == 2
    assert run(data, "restore", str(tmp_path / "none"), where).returncode == 1


def test_a_lock_that_nobody_holds_is_no_obstacle(data: Places, backup: Path) -> None:
    with raggen_web(data), raggen_embed(data):
        pass
    assert not lock.is_held(data.embed / "raggen-embed.lock")
    restore(data, backup)


def test_another_kind_of_database_is_refused(data: Places, backup: Path) -> None:
    other = data_folder.places_of(
        data.data_dir,
        RAGGEN_WEB_DATABASE_URL="postgresql://x@localhost/x",
    )
    assert refused(lambda: restoration.restore(other, LAYOUT, backup)) == "restore_other_database"
