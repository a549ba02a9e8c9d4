"""Bases are made anew behind the searches: nothing is lost by it, and what was deleted goes."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opened_collection import SMALLEST, Loaded, Opened, close_to, hurry, text_of, wait

from raggen_embed import refreshing
from raggen_embed.encoder import Encoder

Open = Callable[[], Opened]
MANY = 20


@pytest.fixture
def open_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> Iterator[Open]:
    """Opens collections on one directory, one after another."""
    hurry(monkeypatch)
    monkeypatch.setattr(Encoder, "load", Loaded(encoder).load)
    opened: list[Opened] = []

    def open_() -> Opened:
        for one in opened:
            one.close()
        opened.append(Opened(tmp_path / "data"))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


def slow(monkeypatch: pytest.MonkeyPatch, gate: Path) -> None:
    """Children make their snapshot at once, and end only when ``gate`` is there."""
    code = (
        "import json, os, sys, threading, time, pathlib\n"
        "from raggen_embed import building\n"
        "told = json.loads(sys.stdin.readline())\n"
        "threading.Thread(target=building._leave_with_parent, daemon=True).start()\n"
        "building.build(told)\n"
        f"gate = pathlib.Path({str(gate)!r})\n"
        "gate.with_suffix('.made').write_text(str(os.getpid()))\n"
        "while not gate.exists(): time.sleep(0.01)\n"
    )
    instead_of_children(monkeypatch, [sys.executable, "-c", code])


def instead_of_children(monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    real = subprocess.Popen
    monkeypatch.setattr("subprocess.Popen", lambda _, **rest: real(command, **rest))


def test_results_are_the_same_before_and_after(open_: Open) -> None:
    one = open_()
    one.put(*range(SMALLEST - 1))
    one.put(100, owner="ann")
    time.sleep(0.2)
    assert one.files() == []
    before = one.search(text_of(3))
    one.put(50)
    with_one_more = one.search(text_of(3))
    assert before != with_one_more
    one.wait_for_base(SMALLEST)
    assert one.search(text_of(3)) == close_to(with_one_more)
    assert [path.suffix for path in one.files()] == [".snapshot"]
    again = open_()
    assert again.memory().base_is_mapped
    assert again.memory().delta == again.memory().dead == 0
    assert again.search(text_of(3)) == close_to(with_one_more)
    assert [name for name, _ in again.search("lamp", "ann")] == ["100"]


def test_what_comes_and_goes_meanwhile_is_not_lost(
    open_: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    slow(monkeypatch, gate)
    one = open_()
    one.put(*range(MANY))
    wait(gate.with_suffix(".made").exists)
    one.put(100, 101)
    one.put(5, version=2, more=" A heron sleeps there.")
    one.delete(6, 100)
    expected = one.search("Where does a heron sleep?")
    assert not one.memory().base_is_mapped
    gate.touch()
    wait(lambda: one.memory().base_is_mapped)
    found = one.search("Where does a heron sleep?")
    assert found == close_to(expected)
    assert found[0][0] == "5"
    assert {name for name, _ in found} == {*map(str, range(MANY)), "101"} - {"6"}
    assert open_().search("Where does a heron sleep?") == close_to(expected)


def test_it_grows_with_what_comes(open_: Open) -> None:
    one = open_()
    one.put(*range(MANY))
    one.wait_for_base(MANY)
    one.put(*range(100, 105))
    time.sleep(0.3)
    assert one.memory().delta == 5
    one.put(*range(105, 115))
    one.wait_for_base(MANY + 15)
    assert one.memory().delta == 0


def test_what_is_deleted_leaves_the_file(open_: Open) -> None:
    one = open_()
    one.put(*range(MANY), more=" quetzalcoatl")
    one.wait_for_base(MANY)
    [path] = one.files()
    before = path.read_bytes()
    vectors = one.memory().dense["main", "latin"]._base
    assert vectors is not None
    secret = vectors.rows.vectors[3].tobytes()
    assert secret in before
    del vectors
    one.delete(3)
    assert one.memory().dead == 1
    one.wait_for_base(MANY - 1)
    assert one.files() == [path]
    assert secret not in path.read_bytes()


def test_deletions_that_do_not_cease(open_: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refreshing, "PURGE_SECONDS", 1e6)
    monkeypatch.setattr(refreshing, "PURGE_AT_LAST_SECONDS", 0.5)
    one = open_()
    one.put(*range(MANY))
    one.wait_for_base(MANY)
    for number in range(3):
        one.delete(number)
        time.sleep(0.1)
    one.wait_for_base(MANY - 3)


def test_an_owner_that_shrinks_or_goes_has_no_file(open_: Open) -> None:
    one = open_()
    for owner in ("ann", "bob"):
        one.put(*range(MANY), owner=owner)
    for owner in ("ann", "bob"):
        one.wait_for_base(MANY, owner)
    assert len(one.files()) == 2
    one.delete(*range(MANY - SMALLEST + 1), owner="ann")
    wait(lambda: not one.memory("ann").base_is_mapped)
    assert len(one.files()) == 1
    assert len(one.search("lamp", "ann")) == SMALLEST - 1
    one.delete(*range(MANY), owner="bob")
    assert one.search("lamp", "bob") == []
    wait(lambda: one.files() == [])


def test_an_owner_that_goes_meanwhile(
    open_: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    slow(monkeypatch, gate)
    one = open_()
    one.put(*range(MANY))
    wait(gate.with_suffix(".made").exists)
    one.delete(*range(MANY))
    gate.touch()
    wait(lambda: one.files() == [])
    assert one.search("lamp") == []
    one.put(200)
    assert [name for name, _ in one.search("lamp")] == ["200"]


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.kill(os.getpid(), 9)",
        "import sys; sys.stdin.readline(); sys.exit('No space left on device')",
        "import sys; sys.stderr.write('x' * 1_000_000); sys.exit(1)",
    ],
)
def test_a_child_that_fails_is_tried_again(
    open_: Open, monkeypatch: pytest.MonkeyPatch, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        instead_of_children(patch, [sys.executable, "-c", code])
        one = open_()
        one.put(*range(MANY))
        said = ""

        def is_said() -> bool:
            nonlocal said
            said += "".join(capfd.readouterr())
            return said.count("snapshot not made") >= 2

        wait(is_said)
        assert len(said) < 5000
        assert one.files() == []
        one.put(100)
        assert one.search(text_of(100))[0][0] == "100"
    one.wait_for_base(MANY + 1)


def test_a_full_disk_is_tried_again(
    open_: Open, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A folder that cannot be made, as one on a disk that takes no more."""
    (tmp_path / "data").mkdir()
    folder = tmp_path / "data" / "index"
    folder.write_text("in the way")
    one = open_()
    one.put(*range(MANY))
    wait(lambda: "snapshot not made" in "".join(capfd.readouterr()))
    assert one.search(text_of(4))[0][0] == "4"
    folder.unlink()
    one.wait_for_base(MANY)


def test_what_a_start_has_to_make_is_kept_at_once(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or whoever is killed again and again before a child is done would make it each time."""
    instead_of_children(monkeypatch, [sys.executable, "-c", "raise SystemExit(1)"])
    one = open_()
    one.put(*range(MANY))
    one.put(*range(SMALLEST - 1), owner="ann")
    before = one.search(text_of(3))
    one.close()
    assert one.files() == []
    again = open_()
    assert again.memory().base_is_mapped
    assert not again.memory("ann").base_is_mapped
    assert [path.suffix for path in again.files()] == [".snapshot"]
    assert again.search(text_of(3)) == close_to(before)
    [kept] = again.files()
    made = kept.stat().st_mtime_ns
    assert open_().memory().base_is_mapped
    assert kept.stat().st_mtime_ns == made


def test_a_start_does_without_room_for_a_snapshot(
    open_: Open, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    one = open_()
    one.put(*range(MANY))
    one.close()
    folder = tmp_path / "data" / "index"
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("in the way")
    again = open_()
    assert "snapshot not written" in "".join(capfd.readouterr())
    assert again.search(text_of(4))[0][0] == "4"
    folder.unlink()
    again.wait_for_base(MANY)


def test_half_of_a_file_is_swept(
    open_: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = tmp_path / "gate"
    slow(monkeypatch, gate)
    one = open_()
    one.put(*range(MANY))
    made = gate.with_suffix(".made")
    wait(lambda: made.exists() and made.read_text())
    [half] = one.files()
    assert half.suffix == f".{made.read_text()}"
    left = half.with_suffix(".99")
    left.write_bytes(half.read_bytes())
    started = time.monotonic()
    one.close()
    assert time.monotonic() - started < 10
    assert one.files() == [left]
    gate.touch()
    again = open_()
    assert left not in again.files()
    again.wait_for_base(MANY)


def test_a_child_goes_with_its_parent() -> None:
    """stdin is closed when the service is killed, whatever the child is doing."""
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            "code = 'import threading, time; from raggen_embed import building;'\n"
            "code += 'threading.Thread(target=building._leave_with_parent).start();'\n"
            "code += 'print(1, flush=True); time.sleep(600)'\n"
            "child = subprocess.Popen([sys.executable, '-c', code], stdin=subprocess.PIPE,"
            " stdout=subprocess.PIPE)\n"
            "child.stdout.readline()\n"
            "print(child.pid, flush=True)\n"
            "time.sleep(600)\n",
        ],
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()

    def has_gone() -> bool:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
        except (FileNotFoundError, ProcessLookupError):
            return True
        return stat.rpartition(")")[2].split()[0] == "Z"

    wait(has_gone)


def test_mappings_and_descriptors_do_not_add_up(open_: Open) -> None:
    one = open_()
    one.put(*range(MANY))
    one.wait_for_base(MANY)
    size = MANY

    def open_files() -> tuple[int, int]:
        gc.collect()
        maps = Path("/proc/self/maps").read_text("utf-8").count(".snapshot")
        return maps, len([*Path("/proc/self/fd").iterdir()])

    before = open_files()
    assert before[0] > 0
    for first in (100, 200):
        one.put(*range(first, first + MANY))
        size += MANY
        one.wait_for_base(size)
    wait(lambda: open_files() <= before)


def test_searches_go_on_while_bases_are_swapped(open_: Open) -> None:
    """Every item that was acknowledged is found by a search that begins afterwards."""
    one = open_()
    one.put(*range(MANY))
    stopped = threading.Event()
    failures: list[str] = []
    acknowledged = MANY

    def search() -> None:
        while not stopped.is_set():
            expected = acknowledged
            found = {name for name, _ in one.search("lamp")}
            missing = {*map(str, range(min(expected, 100)))} - found
            if missing and expected <= 100:
                failures.append(f"{missing} of {expected}")

    thread = threading.Thread(target=search)
    thread.start()
    try:
        while acknowledged < 80:
            one.put(*range(acknowledged, acknowledged + 4))
            acknowledged += 4
            time.sleep(0.05)
        wait(lambda: one.memory().base_is_mapped and one.memory().delta <= 12)
    finally:
        stopped.set()
        thread.join()
    assert failures == []
