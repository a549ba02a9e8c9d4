"""The archive's file: a gzipped tar that any system can open, written and read as a stream.

Read by hand rather than by `tarfile`: a backup may come from anywhere, and what is read here is
only what we write: plain files, named and measured by the manifest. Anything else is refused before
a byte of it is taken: links, devices, other folders, extended headers, more than was announced.
"""

import gzip
import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from zlib import error as ZlibError  # noqa: N812 - a class, in spite of its name

from raggen_cli.backup import manifest
from raggen_cli.backup.manifest import Entry, Manifest
from raggen_cli.errors import CheckError

BLOCK = 512
PIECE = 1 << 20
# Vectors hardly shrink; a higher level costs minutes and wins little.
LEVEL = 3


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Writer:
    """Appends files to an archive that `writing` has opened."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add_bytes(self, name: str, content: bytes) -> None:
        """Append a small file."""
        self._head(name, len(content))
        self._file.write(content + bytes(-len(content) % BLOCK))

    def add(self, entry: Entry, path: Path) -> None:
        """Append the file at `path`."""
        self._head(entry.name, entry.size)
        with path.open("rb") as source:
            while piece := source.read(PIECE):
                self._file.write(piece)
        self._file.write(bytes(-entry.size % BLOCK))

    def _head(self, name: str, size: int) -> None:
        head = tarfile.TarInfo(name)
        head.size, head.mode = size, 0o600
        self._file.write(head.tobuf(tarfile.GNU_FORMAT))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Make an archive for its owner's eyes; it is on the disk when this ends without an error.

    Raises:
        FileExistsError: there is something at `path`.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with gzip.GzipFile("", "wb", compresslevel=LEVEL, fileobj=raw, mtime=0) as packed:
            yield Writer(cast("IO[bytes]", packed))
            packed.write(bytes(2 * BLOCK))
        raw.flush()
        os.fsync(raw.fileno())


@dataclass(frozen=True)
class Contents:
    """An archive that is being read: its manifest, and its files, once, in their order."""

    manifest: Manifest
    file: IO[bytes]

    def unpack(self, target: Callable[[Entry], Path | None]) -> None:
        """Read to the end and check every hash.

        Args:
            target: says where a file goes, which must not be there yet; None: it is only checked.

        Raises:
            CheckError: something is not what the manifest says.
            OSError: it cannot be written.
        """
        for entry in self.manifest.files:
            if _head(self.file) != (entry.name, entry.size):
                raise CheckError("backup_damaged", file=entry.name)
            path = target(entry)
            if path is None:
                found = _copy(self.file, None, entry.size)
            else:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "wb") as output:
                    found = _copy(self.file, output, entry.size)
                    output.flush()
                    os.fsync(output.fileno())
            if found != entry.sha256:
                raise CheckError("backup_damaged", file=entry.name)
        # The end of the tar; reading on to the end of the stream checks gzip's own sum.
        if _exactly(self.file, 2 * BLOCK).strip(b"\0") or self.file.read(1):
            raise CheckError("backup_not_one")


@contextmanager
def reading(path: Path) -> Iterator[Contents]:
    """Open an archive and read its manifest.

    Raises:
        CheckError: there is none, or it is not one of ours, or it is damaged.
    """
    try:
        with path.open("rb") as raw, gzip.GzipFile("", "rb", fileobj=raw) as unpacked:
            file = cast("IO[bytes]", unpacked)
            name, size = _head(file)
            if name != manifest.NAME or size > manifest.MOST_BYTES:
                raise CheckError("backup_not_one")
            content = _exactly(file, size)
            _exactly(file, -size % BLOCK)
            yield Contents(manifest.parse(content), file)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise CheckError("backup_missing", path=path) from error
    except (EOFError, gzip.BadGzipFile, ZlibError) as error:
        raise CheckError("backup_not_one") from error


def _exactly(file: IO[bytes], size: int) -> bytes:
    content = file.read(size)
    if len(content) != size:
        raise EOFError
    return content


def _head(file: IO[bytes]) -> tuple[str, int]:
    """Read the header of a plain file.

    Raises:
        CheckError: what comes is not a plain file.
    """
    try:
        head = tarfile.TarInfo.frombuf(_exactly(file, BLOCK), "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError) as error:
        raise CheckError("backup_not_one") from error
    if head.type != tarfile.REGTYPE or head.size < 0:
        raise CheckError("backup_not_one")
    return head.name, head.size


def _copy(file: IO[bytes], output: IO[bytes] | None, size: int) -> str:
    found = hashlib.sha256()
    left = size
    while left:
        piece = _exactly(file, min(left, PIECE))
        found.update(piece)
        if output is not None:
            output.write(piece)
        left -= len(piece)
    _exactly(file, -size % BLOCK)
    return found.hexdigest()
