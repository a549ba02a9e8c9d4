"""Files of arrays that are checked before anything in them is believed."""

from __future__ import annotations

import errno
import gc
import hashlib
import random
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from raggen_embed import snapshots
from raggen_embed.snapshots import SnapshotUnusable, read_snapshot, seal_of, write_snapshot

IDENTITY = {"format": 1, "roles": {"main": 3}, "fingerprints": ["a"]}


def arrays() -> dict[str, npt.NDArray[Any]]:
    rng = np.random.default_rng(7)
    return {
        "rows": np.arange(100),
        "dense/vectors": rng.standard_normal((60, 24)).astype(np.float16),
        "nothing": np.zeros((0, 24), np.float16),
        "times": np.array([np.nan, 1.5]),
        "here": np.array([True, False, True]),
        "turned": np.arange(12, dtype=np.int32).reshape(3, 4).T,
        "codes": rng.integers(0, 255, 700, dtype=np.uint8),
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_snapshot(tmp_path / "a.snapshot", IDENTITY, arrays())
    return tmp_path / "a.snapshot"


def read(path: Path) -> dict[str, npt.NDArray[Any]]:
    return read_snapshot(path, IDENTITY, seal_of(path))


def test_what_was_written_is_read(path: Path) -> None:
    found = read(path)
    assert found.keys() == arrays().keys()
    for name, array in arrays().items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        np.testing.assert_array_equal(found[name], array)
        assert not found[name].flags.writeable


def test_the_same_content_is_the_same_file(path: Path, tmp_path: Path) -> None:
    write_snapshot(tmp_path / "b", IDENTITY, arrays())
    assert (tmp_path / "b").read_bytes() == path.read_bytes()


def test_pieces_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for piece in (1, 64, 100, 4096):
        monkeypatch.setattr(snapshots, "PIECE", piece)
        write_snapshot(tmp_path / "a", IDENTITY, arrays())
        assert read(tmp_path / "a")["rows"].tolist() == [*range(100)]


def test_every_bit_counts(path: Path) -> None:
    """Every byte of the beginning, and so many of the rest, one bit of each."""
    whole, seal = path.read_bytes(), seal_of(path)
    rng = random.Random(3)
    places = [*range(160), *(rng.randrange(len(whole)) for _ in range(600)), len(whole) - 1]
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << rng.randrange(8)
        path.write_bytes(broken)
        with pytest.raises(SnapshotUnusable):
            read_snapshot(path, IDENTITY, seal)
    path.write_bytes(whole)
    read_snapshot(path, IDENTITY, seal)


def test_every_length_counts(path: Path) -> None:
    whole, seal = path.read_bytes(), seal_of(path)
    rng = random.Random(4)
    for size in [0, 1, 63, len(whole) - 1, *(rng.randrange(len(whole)) for _ in range(200))]:
        path.write_bytes(whole[:size])
        with pytest.raises(SnapshotUnusable):
            read_snapshot(path, IDENTITY, seal)
    for more in (b"\0", b"\0" * 64):
        path.write_bytes(whole + more)
        with pytest.raises(SnapshotUnusable):
            read_snapshot(path, IDENTITY, seal)


def test_another_identity_or_seal(path: Path) -> None:
    with pytest.raises(SnapshotUnusable, match="something else"):
        read_snapshot(path, {**IDENTITY, "format": 2}, seal_of(path))
    for seal in (None, 0, seal_of(path) + 1):
        with pytest.raises(SnapshotUnusable, match="does not know it"):
            read_snapshot(path, IDENTITY, seal)


def test_the_seal_is_the_contents(path: Path, tmp_path: Path) -> None:
    """A change anywhere is another one, and SQLite can store it."""
    other = arrays()
    other["codes"][-1] ^= 1
    write_snapshot(tmp_path / "b", IDENTITY, other)
    assert seal_of(tmp_path / "b") != seal_of(path)
    assert 0 <= seal_of(path) < 2**63


def test_a_forged_header_is_noticed_by_its_seal(path: Path) -> None:
    """All hashes are right, and yet the store has never seen it."""
    whole, seal = bytearray(path.read_bytes()), seal_of(path)
    length = int.from_bytes(whole[24:32], "little")
    header = bytes(whole[64 : 64 + length]).replace(b'"rows", "<i8"', b'"rows", "<u8"')
    assert len(header) == length
    whole[64 : 64 + length] = header
    whole[32:64] = hashlib.sha256(header).digest()
    path.write_bytes(whole)
    assert read(path)["rows"].dtype == np.uint64
    with pytest.raises(SnapshotUnusable, match="does not know it"):
        read_snapshot(path, IDENTITY, seal)


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_snapshot(tmp_path / "none", IDENTITY, 1)
    with pytest.raises(FileNotFoundError):
        seal_of(tmp_path / "none")


def test_nothing_is_left_of_what_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "bad disk")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="bad disk"):
        write_snapshot(tmp_path / "a", IDENTITY, arrays())
    assert [*tmp_path.iterdir()] == []


def test_the_last_of_the_disk_is_left_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(array.nbytes for array in arrays().values())
    usage = type("Usage", (), {"free": 2 * size - 1})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(OSError, match="No space left"):
        write_snapshot(tmp_path / "a", IDENTITY, arrays())
    assert [*tmp_path.iterdir()] == []


def is_mapped(path: Path) -> bool:
    return str(path) in Path("/proc/self/maps").read_text("utf-8")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux says what is mapped")
def test_it_stays_mapped_as_long_as_it_is_used(path: Path) -> None:
    found = read(path)
    rows = found["rows"]
    del found
    gc.collect()
    path.unlink()
    assert is_mapped(path)
    assert rows.sum() == 4950
    del rows
    gc.collect()
    assert not is_mapped(path)
