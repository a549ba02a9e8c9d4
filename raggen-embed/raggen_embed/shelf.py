"""The folder of snapshots: which file is whose, and what it must have been made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy.typing as npt
import structlog

from raggen_embed.analysis import ANALYSIS_VERSION
from raggen_embed.fusion import Dense
from raggen_embed.loading import Reads
from raggen_embed.snapshots import SUFFIX, SnapshotUnusable, read_snapshot, write_snapshot

FOLDER: Final = "index"
# Grows whenever the arrays of any part change their meaning.
FORMAT: Final = 1
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
            "faiss": version("faiss-cpu"),
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

    def __init__(self, data: Path, suite: Suite) -> None:
        """``data`` is the service's directory."""
        self._folder = data / FOLDER
        self._suite = suite

    def path(self, owner: str) -> Path:
        """Where an owner's snapshot is. The name tells nobody whose it is."""
        told = json.dumps(self._suite.described(owner), sort_keys=True)
        return self._folder / f"{hashlib.sha256(told.encode()).hexdigest()[:32]}{SUFFIX}"

    def read(self, owner: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays of an owner's snapshot, or None; a damaged one is deleted."""
        path = self.path(owner)
        try:
            return read_snapshot(path, self._suite.described(owner))
        except FileNotFoundError:
            return None
        except (SnapshotUnusable, OSError, ValueError) as error:
            log = structlog.get_logger("raggen_embed.index")
            log.warning("snapshot unusable: it is made again", reason=str(error))
            path.unlink(missing_ok=True)
            return None

    def write(self, owner: str, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Keep a snapshot in the place of the one before.

        Raises:
            OSError: the disk takes no more.
        """
        self._folder.mkdir(exist_ok=True)
        write_snapshot(self.path(owner), self._suite.described(owner), arrays)

    def keep(self, owner: str, arrays: Mapping[str, npt.NDArray[Any]], items: int) -> None:
        """The same where it is worth its while, for so many items."""
        if items >= SMALLEST:
            self.write(owner, arrays)

    def drop(self, owner: str) -> None:
        """Forget an owner's snapshot."""
        self.path(owner).unlink(missing_ok=True)

    def sweep(self, owners: Iterable[str]) -> None:
        """Delete what belongs to no owner: of other models, or left behind half-written."""
        kept = {self.path(owner).name for owner in owners}
        for path in self._folder.glob(f"*{SUFFIX}*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)
