"""The machine: Python, memory, space."""

import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from raggen_cli import disk
from raggen_cli.finding import Finding, Text
from raggen_cli.setup import DOWNLOAD_MEGABYTES, RESERVE_MEGABYTES

MEMORY_MEGABYTES = 1_200  # both services, with the local model running


def check(text: Text, root: Path, missing_megabytes: int) -> Iterator[Finding]:
    """Look at the machine.

    Args:
        missing_megabytes: what the set-up still has to write.
    """
    version = f"{platform.python_version()} ({sys.executable})"
    yield Finding("python", "ok", text("check_python"), version)
    yield memory(text)
    needed = missing_megabytes + RESERVE_MEGABYTES
    yield space(text, "disk", root, needed, can_fail=True)
    if missing_megabytes:
        downloads = Path(tempfile.gettempdir())
        yield space(text, "temporary", downloads, DOWNLOAD_MEGABYTES, can_fail=True)


def memory(text: Text) -> Finding:
    """Look at the memory that is free for new programs."""
    seen = psutil.virtual_memory()
    free, total = seen.available // disk.MEGABYTE, seen.total // disk.MEGABYTE
    enough = free >= MEMORY_MEGABYTES
    return Finding(
        "memory",
        "ok" if enough else "warn",
        text("check_memory"),
        text("found_memory", free=free, total=total),
        "" if enough else text("do_memory"),
    )


def space(text: Text, name: str, path: Path, needed: int, *, can_fail: bool) -> Finding:
    """Look at the free space where a path is."""
    free = disk.free_megabytes(path)
    enough = free >= needed
    return Finding(
        name,
        "ok" if enough else "fail" if can_fail else "warn",
        text(f"check_{name}"),
        text("found_free_megabytes", free=free),
        "" if enough else text("do_free_disk", needed=needed),
    )
