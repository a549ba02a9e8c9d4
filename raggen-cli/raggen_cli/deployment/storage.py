"""Where the data is: space, whose it is, and how long the disk takes to keep something."""

import os
import stat
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from raggen_cli import disk
from raggen_cli.backup.places import Places
from raggen_cli.finding import Finding, Status, Text

LEAST_MEGABYTES, GOOD_MEGABYTES = 500, 5_000
# SQLite waits for one such write with each message; 500 ms are the budget of a whole call.
GOOD_MS = 20.0
WRITES = 20


def check(text: Text, places: Places) -> Iterator[Finding]:
    """Look at the disk and at what lies there."""
    home = places.web.parent if places.web else places.data_dir
    yield space(text, home)
    yield from private(text, [home, places.web, places.embed, places.embed_file])
    if disk.existing(home).is_dir() and os.access(disk.existing(home), os.W_OK):
        yield speed(text, disk.existing(home))


def space(text: Text, path: Path) -> Finding:
    """Look at the free space: a full disk loses nothing, and keeps nothing new either."""
    free = disk.free_megabytes(path)
    status: Status = (
        "ok" if free >= GOOD_MEGABYTES else "warn" if free >= LEAST_MEGABYTES else "fail"
    )
    do = "" if status == "ok" else text("do_free_disk", needed=GOOD_MEGABYTES)
    return Finding(
        "space", status, text("check_space"), text("found_free_megabytes", free=free), do
    )


def private(text: Text, paths: list[Path | None]) -> Iterator[Finding]:
    """Look at who else on this machine may read the chats."""
    there = [path for path in paths if path is not None and path.exists()]
    # A closed folder closes what is in it.
    closed = [path for path in there if path.is_dir() and not is_open(path)]
    seen = [
        path for path in there
        if is_open(path) and not any(path.is_relative_to(folder) for folder in closed)
    ]  # fmt: skip
    name = text("check_private")
    if not seen:
        yield Finding("private", "ok", name, text("found_data_private"))
    for path in seen:
        mode = stat.S_IMODE(path.stat().st_mode)
        found = text("found_readable", path=path, mode=f"{mode:04o}")
        # In an open folder raggen's own files are still closed: only their names are seen.
        status: Status = "warn" if path.is_dir() else "fail"
        do = text("do_chmod_folder" if path.is_dir() else "do_chmod", path=path)
        yield Finding(f"private_{path.name}", status, name, found, do)


def is_open(path: Path) -> bool:
    """Tell whether others than the owner may read a file, or enter a folder."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def speed(text: Text, folder: Path) -> Finding:
    """Measure what a small write that has to last takes, with a file that goes again."""
    name = text("check_write")
    times = []
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            for _ in range(WRITES):
                started = time.perf_counter()
                file.write(bytes(4096))
                file.flush()
                os.fsync(file.fileno())
                times.append((time.perf_counter() - started) * 1000)
    except OSError as error:
        said = text("found_write_failed", reason=error.strerror)
        return Finding("write", "fail", name, said, text("do_writable"))
    middle, longest = statistics.median(times), max(times)
    status: Status = "ok" if middle <= GOOD_MS else "warn"
    said = text("found_write", middle=f"{middle:.1f}", longest=f"{longest:.1f}")
    return Finding("write", status, name, said, "" if status == "ok" else text("do_write"))
