"""Files as a bad disk returns them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# Where most of what a reader decides by is.
HEAD = 4096
# What can be made again is all but these: the store itself, its locks, what SQLite keeps beside it.
KEPT = ("raggen-embed.db", "raggen-embed.db-wal", "raggen-embed.db-shm")
LOCKS = ("raggen-embed.lock", "raggen-embed.pid")


@dataclass(frozen=True)
class Damage:
    """Where a file is cut off (in bytes), or which of its bits is turned over."""

    path: Path
    kind: Literal["cut", "bit"]
    at: int

    def done_to(self, whole: bytes) -> bytes:
        """The file with it."""
        if self.kind == "cut":
            return whole[: self.at]
        broken = bytearray(whole)
        broken[self.at // 8] ^= 1 << self.at % 8
        return bytes(broken)


def makeable(data: Path) -> dict[Path, bytes]:
    """Every file of a data directory that can be made again, by its place in it."""
    found = (path for path in sorted(data.rglob("*")) if path.is_file())
    return {
        path.relative_to(data): path.read_bytes()
        for path in found
        if path.name not in {*KEPT, *LOCKS}
    }


def some_damage(files: Mapping[Path, bytes], rng: random.Random) -> Damage:
    """A file cut off anywhere, or with a bit turned over, every second time in its beginning."""
    path = rng.choice([*files])
    size = len(files[path])
    if rng.random() < 0.4:
        return Damage(path, "cut", rng.randrange(size))
    within = min(size, HEAD) if rng.random() < 0.5 else size
    return Damage(path, "bit", rng.randrange(8 * within))


def put(data: Path, files: Mapping[Path, bytes]) -> None:
    """Put files into a data directory, as new ones: what is mapped somewhere stays what it is."""
    for path, content in files.items():
        whole = data / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        aside = whole.with_name("aside")
        aside.write_bytes(content)
        aside.replace(whole)
