"""Backups: made of files in use, checked, refused where they are not ours; SQLite."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import signal
import sqlite3
import stat
import tarfile
import threading
import zlib
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import data_folder
import pytest
from data_folder import in_a_child, refused

from raggen_cli import layout, lock
from raggen_cli.backup import archive, creation, manifest, restoration, verification
from raggen_cli.backup.manifest import Manifest
from raggen_cli.backup.places import Places
from raggen_cli.errors import CheckError

LAYOUT = layout.find()


@pytest.fixture
def data(tmp_path: Path) -> Places:
    return data_folder.make(tmp_path / "data")


def test_a_backup_holds_everything_for_its_owner_alone(data: Places) -> None:
    made = creation.create(data, "v1")
    assert made.path.parent == data.backups
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.manifest.counts == {"chats": 1, "messages": 3, "items": 3}
    assert made.manifest.revision == "v1"
    assert set(made.manifest.migrations) == verification.known_migrations(LAYOUT)
    names = [entry.name for entry in made.manifest.files]
    assert names == [manifest.EMBED, manifest.WEB, manifest.SECRET]
    assert verification.verify(made.path, LAYOUT) == made.manifest
    assert [path.name for path in data.backups.iterdir()] == [made.path.name]


def test_any_tar_can_open_it(data: Places, tmp_path: Path) -> None:
    made = creation.create(data, None)
    with tarfile.open(made.path) as opened:
        assert opened.getnames()[0] == "manifest.json"
        opened.extractall(tmp_path / "out", filter="data")
    assert data_folder.messages_in(tmp_path / "out" / manifest.WEB) == ["m0", "m1", "m2"]


def test_keys_stay_behind_on_request(data: Places) -> None:
    made = creation.create(data, None, with_keys=False)
    assert made.manifest.entry(manifest.SECRET) is None
    verification.verify(made.path, LAYOUT)


def test_what_was_committed_before_is_in_it_while_others_write(data: Places) -> None:
    assert data.web is not None
    web_file = data.web
    stop = threading.Event()
    written = [3]

    def write() -> None:
        with closing(sqlite3.connect(web_file, isolation_level=None, timeout=30)) as web:
            while not stop.is_set():
                data_folder.say(web, written[0])
                written[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while written[0] < 50:
            stop.wait(0.01)
        for number in range(3):
            before = written[0]
            made = creation.create(data, None, to=data.backups / f"{number}.tar.gz")
            assert before <= made.manifest.counts["messages"] <= written[0] + 1
            verification.verify(made.path, LAYOUT)
    finally:
        stop.set()
        writer.join()


def test_a_copy_of_a_damaged_database_is_no_backup(data: Places) -> None:
    assert data.web is not None
    content = bytearray(data.web.read_bytes())
    content[4096 : len(content) // 2] = os.urandom(len(content) // 2 - 4096)
    data.web.write_bytes(content)
    assert refused(lambda: creation.create(data, None)) in {"database_damaged", "backup_not_read"}
    assert list(data.backups.iterdir()) == []


def test_only_our_own_old_backups_are_removed(data: Places) -> None:
    old = [data.backups / f"raggen-2020010{day}T000000Z.tar.gz" for day in (1, 2, 3)]
    for path in old:
        creation.create(data, None, to=path)
    named_alike = data.backups / "raggen-20200109T000000Z.tar.gz"
    named_alike.write_text("somebody's")
    mine = data.backups / "raggen-before-the-move.tar.gz"
    creation.create(data, None, to=mine)
    made = creation.create(data, None, keep=2)
    assert set(made.removed) == set(old[:2])
    assert {*data.backups.iterdir()} == {made.path, old[2], named_alike, mine}


def test_installations_can_share_a_folder(data: Places, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    theirs = [shared / f"raggen-2020010{day}T000000Z.tar.gz" for day in (1, 2)]
    ours = [shared / f"raggen-2020020{day}T000000Z.tar.gz" for day in (1, 2)]
    other = data_folder.make(tmp_path / "other")
    for path in theirs:
        creation.create(other, None, to=path)
    for path in ours:
        creation.create(data, None, to=path)
    made = creation.create(data, None, to=shared, keep=1)
    assert set(made.removed) == set(ours)
    assert {*shared.iterdir()} == {made.path, *theirs}
    # A restore of another's backup does not make this one the other.
    with restoration.at_rest(data):
        restoration.restore(data, LAYOUT, theirs[0])
    made.path.rename(ours[0])
    assert creation.create(data, None, to=shared, keep=1).removed == (ours[0],)


def test_a_backup_of_before_the_mark_is_read_and_stays(
    data: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = data.backups / "raggen-20200101T000000Z.tar.gz"

    def without(made: Manifest) -> str:
        content = asdict(made)
        del content["installation"]
        return json.dumps(content)

    with monkeypatch.context() as patched:
        patched.setattr(Manifest, "as_json", without)
        creation.create(data, None, to=path)
    assert verification.verify(path, LAYOUT).installation is None
    assert creation.create(data, None, keep=1).removed == ()
    assert path.exists()


def test_one_backup_at_a_time_and_nothing_is_overwritten(data: Places, tmp_path: Path) -> None:
    with lock.held(data.data_dir / creation.LOCK):
        assert refused(lambda: creation.create(data, None)) == "backup_running"
    there = tmp_path / "there.tar.gz"
    there.write_text("mine")
    assert refused(lambda: creation.create(data, None, to=there)) == "backup_exists"
    assert there.read_text() == "mine"
    assert refused(lambda: creation.create(data_folder.places_of(tmp_path), None)) == (
        "backup_nothing"
    )


@pytest.mark.parametrize("kilobytes", [1, 40, 80])
def test_a_full_disk_leaves_nothing(data: Places, kilobytes: int) -> None:
    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))
        creation.create(data, None)

    assert in_a_child(limited) == 3
    assert list(data.backups.iterdir()) == []
    assert creation.create(data, None).path.exists()


def test_what_a_kill_leaves_goes_with_the_next(
    data: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", lambda *_: os._exit(9))
        assert in_a_child(lambda: creation.create(data, None)) == 9
    assert [path.name[:8] for path in data.backups.iterdir()] == [".raggen-"]
    made = creation.create(data, None)
    assert list(data.backups.iterdir()) == [made.path]


# What is refused


def says_the_same(packed: bytearray, whole: bytes) -> bool:
    """Whether a flip changed nothing: which of a run's zeros a packed file repeats, or its date."""
    try:
        return gzip.decompress(packed) == gzip.decompress(whole)
    except (OSError, EOFError, zlib.error):
        return False


def test_a_flipped_bit_is_found_wherever_it_is(data: Places, tmp_path: Path) -> None:
    whole = creation.create(data, None).path.read_bytes()
    broken = tmp_path / "broken.tar.gz"
    found = 0
    for place in range(0, len(whole), len(whole) // 40):
        content = bytearray(whole)
        content[place] ^= 4
        broken.write_bytes(content)
        if not says_the_same(content, whole):
            assert refused(lambda: verification.verify(broken, LAYOUT)).startswith("backup_")
            found += 1
    assert found > 20
    for length in (0, 5, 600, len(whole) // 2, len(whole) - 1):
        broken.write_bytes(whole[:length])
        assert refused(lambda: verification.verify(broken, LAYOUT)) == "backup_not_one"
    assert refused(lambda: verification.verify(tmp_path / "none", LAYOUT)) == "backup_missing"


def describe(**words: object) -> Manifest:
    made = Manifest("2026", "0.1.0", None, "sqlite", (), 3, (), {"chats": 0}, ())
    return Manifest(**{**made.__dict__, **words})


def hostile(path: Path, first: bytes, *members: tarfile.TarInfo, content: bytes = b"") -> Path:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as opened:
        head = tarfile.TarInfo("manifest.json")
        head.size = len(first)
        opened.addfile(head, io.BytesIO(first))
        for member in members:
            opened.addfile(member, io.BytesIO(content) if member.isreg() else None)
    path.write_bytes(gzip.compress(packed.getvalue()))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.size, made.linkname = kind, size, "/etc/passwd"
    return made


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE,
                                  tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.XHDTYPE])  # fmt: skip
def test_only_plain_files_are_taken(tmp_path: Path, kind: bytes) -> None:
    files = [{"name": "raggen.db", "size": 0, "sha256": "0" * 64}]
    first = json.dumps(asdict(describe()) | {"files": files}).encode()
    path = hostile(tmp_path / "x.tar.gz", first, member("raggen.db", kind))
    assert refused(lambda: verification.verify(path, LAYOUT)) == "backup_not_one"


@pytest.mark.parametrize("name", ["../raggen.db", "/etc/passwd", "sub/raggen.db", "other.db"])
def test_only_known_names_are_taken(tmp_path: Path, name: str) -> None:
    files = [{"name": name, "size": 0, "sha256": "0" * 64}]
    first = json.dumps(asdict(describe()) | {"files": files}).encode()
    path = hostile(tmp_path / "x.tar.gz", first, member(name))
    assert refused(lambda: verification.verify(path, LAYOUT)) == "backup_not_one"
    listed = [{"name": "raggen.db", "size": 0, "sha256": "0" * 64}]
    first = json.dumps(asdict(describe()) | {"files": listed}).encode()
    path = hostile(tmp_path / "y.tar.gz", first, member(name))
    assert refused(lambda: verification.verify(path, LAYOUT)) == "backup_damaged"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_one_database_is_taken_and_not_two(tmp_path: Path, kind: str) -> None:
    names = (manifest.WEB, manifest.WEB_DUMP)
    files = [{"name": name, "size": 0, "sha256": "0" * 64} for name in names]
    first = json.dumps(asdict(describe(database=kind)) | {"files": files}).encode()
    path = hostile(tmp_path / "x.tar.gz", first, *(member(name) for name in names))
    assert refused(lambda: verification.verify(path, LAYOUT)) == "backup_not_one"
    url = {} if kind == "sqlite" else {"RAGGEN_WEB_DATABASE_URL": "postgresql://x@localhost/x"}
    new = data_folder.places_of(tmp_path / "new", **url)
    assert refused(lambda: restoration.restore(new, LAYOUT, path)) == "backup_not_one"
    assert not new.secret.exists()


def test_more_than_fits_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    files = [{"name": "raggen.db", "size": 1 << 49, "sha256": "0" * 64}]
    first = json.dumps(asdict(describe()) | {"files": files}).encode()
    path = hostile(tmp_path / "x.tar.gz", first)
    assert refused(lambda: verification.verify(path, LAYOUT)) == "temporary_too_small"


@pytest.mark.parametrize(
    "words",
    [{"migrations": ["20990101000000_later"]}, {"embed_schema": 99}, {"format": 2}],
)
def test_what_a_newer_version_made_names_it(tmp_path: Path, words: dict[str, object]) -> None:
    first = json.dumps(asdict(describe(revision="v9")) | words).encode()
    path = hostile(tmp_path / "x.tar.gz", first)
    with pytest.raises(CheckError) as caught:
        verification.verify(path, LAYOUT)
    assert (caught.value.key, caught.value.values["maker"]) == ("backup_newer", "v9")


@pytest.mark.parametrize("first", [b"{}", b"[" * 100_000, b"\xff", b'{"format": 1}', b"1"])
def test_any_other_manifest_is_refused(tmp_path: Path, first: bytes) -> None:
    path = hostile(tmp_path / "x.tar.gz", first)
    assert refused(lambda: verification.verify(path, LAYOUT)) == "backup_not_one"


def test_what_follows_the_end_is_refused(data: Places, tmp_path: Path) -> None:
    whole = gzip.decompress(creation.create(data, None).path.read_bytes())
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(whole + b"\0" * 512))
    with archive.reading(path) as contents, pytest.raises(CheckError):
        contents.unpack(lambda _: None)
