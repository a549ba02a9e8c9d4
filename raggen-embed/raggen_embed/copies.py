"""Copies of the database that are made before a new version changes it."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

COPIES = "backups"
# They hold what has been deleted since: they shall not do so for ever.
KEPT_SECONDS = 30 * 24 * 60 * 60


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Write one state of the database to ``path``, for its owner alone, and see it on the disk.

    Raises:
        OSError, sqlite3.Error: it could not be written.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    # Made by us, and empty: nobody else reads what SQLite then writes into it.
    os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection.execute("VACUUM INTO ?", (str(aside),))
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(path)


def prune(folder: Path) -> None:
    """Remove copies that have grown old."""
    for path in folder.glob("before-version-*.db"):
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)
