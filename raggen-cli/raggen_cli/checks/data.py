"""The data directory: whether it can be written, what it is on, who has it."""

import os
from collections.abc import Iterator

from raggen_cli import disk, lock
from raggen_cli.finding import Finding, Text
from raggen_cli.ownership import LOCK
from raggen_cli.settings import Settings


def check(text: Text, settings: Settings) -> Iterator[Finding]:
    """Look at the data directory, or at where it would be made."""
    path = settings.data_dir
    # os.access, not a trial file: looking must not leave anything behind.
    place = disk.existing(path)
    writable = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    yield Finding(
        "data",
        "ok" if writable else "fail",
        text("check_data"),
        text("found_writable" if writable else "found_not_writable", path=path),
        "" if writable else text("do_writable"),
    )
    system = disk.file_system(path)
    yield Finding(
        "file_system",
        "fail" if system.is_shared else "ok",
        text("check_file_system"),
        text("found_file_system", kind=system.kind, place=system.mounted_at),
        text("do_file_system") if system.is_shared else "",
    )
    held = lock.is_held(path / LOCK)
    holder = lock.read(path / LOCK)
    found = (
        text("found_locked", pid=holder.get("pid", "?"), url=holder.get("url", "…"))
        if held
        else text("found_unlocked")
    )
    yield Finding("locks", "ok", text("check_locks"), found)
