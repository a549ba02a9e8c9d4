import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from raggen_cli import lock
from raggen_cli.ownership import data_lock


def test_a_second_holder_hears_who_the_first_is(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock.held(path) as file:
        lock.write(file, {"pid": 1, "url": "http://127.0.0.1:1"})
        with pytest.raises(lock.LockedError) as caught, lock.held(path):
            pass
        assert caught.value.holder == {"pid": 1, "url": "http://127.0.0.1:1"}
        assert lock.is_held(path)
    assert not lock.is_held(path)
    assert lock.read(path) == {}


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = (
        "import sys, time; from pathlib import Path; from raggen_cli import lock\n"
        "with lock.held(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert lock.is_held(path)
        assert json.loads(path.read_text()) == {"pid": process.pid}
        process.kill()
        process.wait()
    with lock.held(path):
        pass


def test_no_lock_is_held_where_there_is_none(tmp_path: Path) -> None:
    assert not lock.is_held(tmp_path / "none")


def test_what_root_locks_stays_open_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "old").touch()  # as a root of before has left it
    if os.geteuid() == 0:
        os.chown(folder, 12345, 54321)
    owner = (folder.stat().st_uid, folder.stat().st_gid)
    with lock.held(folder / "new"), lock.held(folder / "old"), data_lock(folder / "inner"):
        pass
    for name in ("new", "old", "inner", "inner/raggen.lock"):
        found = (folder / name).stat()
        assert (found.st_uid, found.st_gid) == owner, name


def test_a_link_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "precious")
    (tmp_path / "precious").write_text("as it was")
    with pytest.raises(OSError, match="link"), lock.held(tmp_path / "link"):
        pass
    assert (tmp_path / "precious").read_text() == "as it was"
