"""The folder of snapshots: which file is whose, and what it must have been made of."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy.typing as npt
import structlog

from raggen_embed.analysis import ANALYSIS_VERSION
from raggen_embed.errors import DiskFull
from raggen_embed.fusion import Dense
from raggen_embed.snapshots import (
    SUFFIX,
    SnapshotUnusable,
    read_snapshot,
    seal_of,
    sync_directory,
    write_snapshot,
)
from raggen_embed.upkeep import Upkeep
from raggen_embed.window_keys import Reads

FOLDER: Final = "index"
# Grows whenever the arrays of any part change their meaning.
FORMAT: Final = 1
# Looked up once: that reads a file.
FAISS: Final = version("faiss-cpu")
# A memory with fewer items needs no snapshot: it is read in no time.
SMALLEST: Final = 2000


@dataclass(frozen=True)
class Suite:
    """The models that read for an index: their numbers in the store, and what they read."""

    store: int  # the identity of the database
    roles: Mapping[Dense, int]
    reads: Sequence[Reads]
    fingerprints: Sequence[str]

    def described(self, owner: str) -> dict[str, Any]:
        """What a snapshot of an owner's memory must have been made of, ready for JSON."""
        return {
            "format": FORMAT,
            "faiss": FAISS,
            "analysis": ANALYSIS_VERSION,
            "owner": hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest(),
            "store": self.store,
            "roles": dict(self.roles),
            "reads": [
                asdict(one) | {"scripts": [*one.scripts], "late": [*one.late]} for one in self.reads
            ],
            "fingerprints": [*self.fingerprints],
        }


class Shelf:
    """The snapshots of one suite of models."""

    def __init__(self, data: Path, suite: Suite, upkeep: Upkeep | None = None) -> None:
        """``data`` is the service's directory; ``upkeep`` knows which snapshots were made of this
        store. Without it they can be written and not read."""
        self.data = data
        self._folder = data / FOLDER
        self._suite = suite
        self._upkeep = upkeep
        self._seals = {} if upkeep is None else upkeep.seals()
        self._log = structlog.get_logger("raggen_embed.index")

    def path(self, owner: str) -> Path:
        """Where an owner's snapshot is. The name tells nobody whose it is."""
        told = json.dumps(self._suite.described(owner), sort_keys=True)
        return self._folder / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}{SUFFIX}"

    # For any thread

    def read(self, owner: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays of an owner's snapshot, or None; one that is of no use is deleted."""
        try:
            return self.checked(owner)
        except SnapshotUnusable as error:
            self._log.warning("snapshot unusable: it is made again", reason=str(error))
            self.drop(owner)
            return None

    def checked(self, owner: str) -> dict[str, npt.NDArray[Any]] | None:
        """The same; one that is of no use stays where it is.

        Raises:
            SnapshotUnusable: says why.
        """
        path = self.path(owner)
        try:
            return read_snapshot(path, self._suite.described(owner), self._seals.get(path.name))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, LookupError) as error:
            raise SnapshotUnusable(str(error)) from error

    def write(self, owner: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Write a snapshot beside its place, where ``accept`` finds it.

        Raises:
            OSError: the disk takes no more.
        """
        self._folder.mkdir(exist_ok=True)
        write_snapshot(self._aside(owner, os.getpid()), self._suite.described(owner), arrays)

    def discard(self, owner: str, process: int) -> None:
        """Delete what a process has written of a snapshot and nobody has accepted."""
        self._delete(self._aside(owner, process))

    def drop(self, owner: str) -> None:
        """Forget an owner's snapshot."""
        self._delete(self.path(owner))

    # For the thread that owns the writing connection

    def accept(self, owner: str, process: int) -> None:
        """Put what a process has written, if anything, in the place of the snapshot before. The
        store knows it first: all that it was made of is in the store by then.

        Raises:
            OSError: the disk takes no more.
            DiskFull: the same, of the database's disk.
        """
        path, aside = self.path(owner), self._aside(owner, process)
        if self._upkeep is None or not aside.exists():
            return
        seal = seal_of(aside)
        self._upkeep.keep_seal(path.name, seal)
        self._seals[path.name] = seal
        aside.replace(path)
        sync_directory(path.parent)

    def keep(self, owner: str, arrays: Mapping[str, npt.NDArray[Any]], items: int) -> bool:
        """Write and accept, where it is worth its while for so many items; whether it is.

        Raises:
            OSError: the disk takes no more.
        """
        if items < SMALLEST:
            return False
        self.write(owner, arrays)
        self.accept(owner, os.getpid())
        return True

    def sweep(self, owners: Iterable[str], *, half_written: bool = True) -> None:
        """Delete what belongs to no owner, or to other models; ``half_written``: and what was left
        behind half-written, while nothing is being made."""
        kept = {self.path(owner).name for owner in owners}
        for path in self._folder.glob(f"*{SUFFIX}*" if half_written else f"*{SUFFIX}"):
            if path.name not in kept:
                self._delete(path)
        if self._upkeep is None:
            return
        gone = self._upkeep.seals().keys() - kept
        with suppress(DiskFull):  # a seal without a snapshot harms nobody
            self._upkeep.forget_seals(gone)

    def _aside(self, owner: str, process: int) -> Path:
        path = self.path(owner)
        return path.with_name(f"{path.name}.{process}")

    def _delete(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except NotADirectoryError:
            pass
        except OSError as error:
            self._log.warning("snapshot not deleted", reason=str(error))
