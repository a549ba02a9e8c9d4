"""Snapshots of indexes: arrays in a file that is checked and then mapped into memory.

A snapshot only saves time and memory. It can be deleted at any moment, and it is never trusted: its
header, its length and a sha256 of every piece must be right, and what it was made of must be what
the store holds. That is what the *seal* is for, a part of the header's sha256, which the store
keeps: restored from a backup and written to again, it may hold other items in the same rows and
generations, but it does not know the seal of a snapshot made of what it has lost.

Layout: MAGIC, the header's length (8 bytes, little endian) and sha256, the header (JSON: identity,
arrays, hashes of pieces), zeros up to a multiple of ALIGNMENT, the arrays, each aligned.
"""

from __future__ import annotations

import errno
import hashlib
import json
import mmap
import os
import shutil
import struct
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Arrays = Mapping[str, npt.NDArray[Any]]

SUFFIX: Final = ".snapshot"
MAGIC: Final = b"raggen index snapshot 1\n"
ALIGNMENT: Final = 64
# Hashed by several threads at once.
PIECE: Final = 16 * 1024 * 1024
THREADS: Final = 4
_MAX_HEADER: Final = 64 * 1024 * 1024
_START: Final = struct.Struct(f"<{len(MAGIC)}sQ32s")


class SnapshotUnusable(Exception):  # noqa: N818 - named after the state, as the message reads
    """A snapshot is damaged, or of something else; the text says which."""


def write_snapshot(path: Path, identity: Mapping[str, Any], arrays: Arrays) -> None:
    """Write a snapshot durably, where nobody looks for it yet: ``path`` is to be renamed.

    Raises:
        OSError: the disk takes no more, or would be left with less than this has taken.
    """
    size = sum(array.nbytes for array in arrays.values())
    # To fill the disk would cost others their writes, and a snapshot is worth nobody's write.
    if shutil.disk_usage(path.parent).free < 2 * size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    try:
        with path.open("wb") as file:
            _write(file.fileno(), identity, arrays)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def seal_of(path: Path) -> int:
    """A number of 63 bits that no other content has; what ``path`` holds is not checked.

    Raises:
        FileNotFoundError: there is nothing.
        SnapshotUnusable: it is too short.
    """
    with path.open("rb") as file:
        start = file.read(_START.size)
    if len(start) < _START.size:
        raise SnapshotUnusable("it is too short")
    return _seal(_START.unpack(start)[2])


def read_snapshot(
    path: Path, identity: Mapping[str, Any], seal: int | None
) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a snapshot, read-only and mapped from the file.

    Args:
        path: where it is.
        identity: what it must have been made of.
        seal: what the store knows of it; None for nothing.

    Raises:
        FileNotFoundError: there is none.
        SnapshotUnusable: it is damaged, or its identity or its seal is another.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < _START.size:
            raise SnapshotUnusable("it is too short")
        mapped = memoryview(mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ))
    magic, length, digest = _START.unpack(mapped[: _START.size])
    if magic != MAGIC or length > min(size, _MAX_HEADER):
        raise SnapshotUnusable("it is no snapshot of this version")
    raw = mapped[_START.size : _START.size + length]
    if hashlib.sha256(raw).digest() != digest:
        raise SnapshotUnusable("its header is damaged")
    if _seal(digest) != seal:
        raise SnapshotUnusable("the store does not know it")
    header = json.loads(bytes(raw))
    if header["identity"] != json.loads(json.dumps(identity)):
        raise SnapshotUnusable("it belongs to something else")
    data = _aligned(_START.size + length)
    if size != data + header["size"] or any(mapped[_START.size + length : data]):
        raise SnapshotUnusable("it has another length than it says")
    body = mapped[data:]
    with ThreadPoolExecutor(THREADS) as pool:
        found = [*pool.map(lambda piece: hashlib.sha256(piece).hexdigest(), _pieces(body))]
    if found != header["pieces"]:
        raise SnapshotUnusable("its content is damaged")
    return {
        name: np.frombuffer(body[at : at + nbytes], dtype).reshape(shape)
        for name, dtype, shape, at, nbytes in header["arrays"]
    }


def _write(file: int, identity: Mapping[str, Any], arrays: Arrays) -> None:
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    described, at = [], 0
    for name, array in plain.items():
        described.append([name, array.dtype.str, array.shape, at, array.nbytes])
        at = _aligned(at + array.nbytes)
    hashes: list[str] = []
    left = bytearray()
    # Hashes first, because the header stands before what they are of; arrays are read twice.
    for part in _parts(plain):
        left += part
        while len(left) >= PIECE:
            hashes.append(hashlib.sha256(left[:PIECE]).hexdigest())
            del left[:PIECE]
    if left:
        hashes.append(hashlib.sha256(left).hexdigest())
    header = json.dumps(
        {"identity": identity, "size": at, "arrays": described, "pieces": hashes}
    ).encode()
    start = _START.pack(MAGIC, len(header), hashlib.sha256(header).digest())
    padding = bytes(_aligned(len(start) + len(header)) - len(start) - len(header))
    for part in (start, header, padding, *_parts(plain)):
        view = memoryview(part)
        while view:
            view = view[os.write(file, view[:PIECE]) :]
    os.fsync(file)


def _parts(arrays: Arrays) -> Iterator[bytes | memoryview]:
    """The arrays' bytes and the zeros between them, no part longer than a piece."""
    for array in arrays.values():
        flat = array.reshape(-1).view(np.uint8).data
        for at in range(0, len(flat), PIECE):
            yield flat[at : at + PIECE]
        yield bytes(_aligned(array.nbytes) - array.nbytes)


def _pieces(body: memoryview) -> Iterator[memoryview]:
    for at in range(0, len(body), PIECE):
        yield body[at : at + PIECE]


def _seal(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "little") >> 1  # SQLite's integers have a sign


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def sync_directory(path: Path) -> None:
    """Make durable what was renamed in a directory."""
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
