"""Free space, and what kind of file system it is on."""

import errno
import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil

MEGABYTE = 1_000_000
# A full disk, a used up quota, and the limit that a shell's ulimit -f sets.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# SQLite's locks and write-ahead log need a file system of this machine (https://sqlite.org/wal.html).
SHARED = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "vboxsf", "drvfs"}


def existing(path: Path) -> Path:
    """Return the path, or its nearest parent that exists."""
    return next((place for place in (path, *path.parents) if place.exists()), Path("/"))


def free_megabytes(path: Path) -> int:
    """Return the free space, in millions of bytes, where a path is or would be."""
    return shutil.disk_usage(existing(path)).free // MEGABYTE


def same_disk(one: Path, other: Path) -> bool:
    """Tell whether two paths take their space from the same file system."""
    return existing(one).stat().st_dev == existing(other).stat().st_dev


@dataclass(frozen=True)
class FileSystem:
    """What a path is on."""

    kind: str
    mounted_at: str

    @property
    def is_shared(self) -> bool:
        """Whether other machines may write there, so that locks cannot be trusted."""
        return self.kind in SHARED


def file_system(path: Path) -> FileSystem:
    """Return the file system that a path is or would be on."""
    real = existing(path).resolve()
    mounts = [
        partition
        for partition in psutil.disk_partitions(all=True)
        if real.is_relative_to(partition.mountpoint)
    ]
    best = max(mounts, key=lambda partition: len(partition.mountpoint), default=None)
    return FileSystem(best.fstype, best.mountpoint) if best else FileSystem("?", "/")
