"""What raggen keeps on the disk, and how much of it is left."""

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from raggen_cli import disk
from raggen_cli.backup.creation import PREFIX, SUFFIX
from raggen_cli.backup.places import BESIDE, Places


@dataclass(frozen=True)
class Backup:
    """The newest backup in its usual place."""

    path: Path
    size: int
    age_seconds: int
    count: int


@dataclass(frozen=True)
class Storage:
    """Bytes of each part, and what is free where the data is."""

    chats: int
    memory: int
    logs: int
    backups: int
    free: int
    backup: Backup | None


def size_of(paths: Iterable[Path]) -> int:
    """Return how many bytes files and folders take; what went away meanwhile takes none."""
    total = 0
    for path in paths:
        files = path.rglob("*") if path.is_dir() else [path]
        for file in files:
            try:
                if file.is_file() and not file.is_symlink():
                    total += file.stat().st_size
            except OSError:
                continue
    return total


def newest_backup(folder: Path) -> Backup | None:
    """Return the newest backup of a folder."""
    made = []
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        try:
            made.append((path.stat().st_mtime, path.stat().st_size, path))
        except OSError:
            continue
    if not made:
        return None
    at, size, path = max(made)
    return Backup(path, size, max(0, int(time.time() - at)), len(made))


def look(places: Places, logs: Path) -> Storage:
    """Measure everything."""
    web = places.web
    beside = [web.with_name(f"{web.name}{end}") for end in BESIDE] if web else []
    return Storage(
        chats=size_of([web, *beside] if web else []),
        memory=size_of([places.embed]),
        logs=size_of([logs]),
        backups=size_of([places.backups]),
        free=shutil.disk_usage(disk.existing(places.data_dir)).free,
        backup=newest_backup(places.backups),
    )
