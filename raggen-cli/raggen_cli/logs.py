"""Log files of the processes that raggen starts."""

import asyncio
import contextlib
import os
import shutil
from collections import deque
from pathlib import Path

ROTATE_AT = 5 * 1024 * 1024
KEPT = 3
CHECK_SECONDS = 5.0


def numbered(log: Path, number: int) -> Path:
    """Return the name of an older log: embed.log.1 is the one before embed.log."""
    return log.with_name(f"{log.name}.{number}")


def rotate(log: Path, limit: int = ROTATE_AT) -> None:
    """Put a log that has grown over `limit` bytes aside, and keep the newest few of those."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if not log.exists() or log.stat().st_size <= limit:
        return
    _make_room(log)
    log.replace(numbered(log, 1))


def _make_room(log: Path) -> None:
    """Give each older log the next number; the oldest one goes."""
    for number in range(KEPT - 1, 0, -1):
        if numbered(log, number).exists():
            numbered(log, number).replace(numbered(log, number + 1))


def rotate_in_use(log: Path, limit: int = ROTATE_AT) -> bool:
    """Put aside what a log holds that a process has open, and empty it.

    The process goes on writing into the same file: it was opened for appending, so it writes at the
    end, wherever that is. A line that is written between copying and emptying, microseconds, is
    lost (logrotate(8) says the same of its copytruncate).

    Returns:
        Whether it was more than `limit` bytes.

    Raises:
        OSError: it could not be copied, as on a full disk; then the log stays as it is.
    """
    if size(log) <= limit:
        return False
    aside = log.with_name(f"{log.name}.new")
    try:
        with log.open("r+b") as source, aside.open("wb") as target:
            os.fchmod(target.fileno(), os.fstat(source.fileno()).st_mode & 0o777)
            shutil.copyfileobj(source, target, 1024 * 1024)
            target.flush()
            # What came in meanwhile is little, and copied at once.
            shutil.copyfileobj(source, target)
            source.truncate(0)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _make_room(log)
    aside.replace(numbered(log, 1))
    return True


def _rotate_all(folder: Path, limit: int) -> None:
    for log in folder.glob("*.log"):
        # On a full disk the log cannot grow either: the next round tries again.
        with contextlib.suppress(OSError):
            rotate_in_use(log, limit)


async def keep_small(
    folder: Path, limit: int = ROTATE_AT, every_seconds: float = CHECK_SECONDS
) -> None:
    """Rotate every log of a folder whenever it has grown too large, until cancelled.

    With `KEPT` older ones beside each, they take little room however long raggen runs.
    """
    while True:
        await asyncio.sleep(every_seconds)
        await asyncio.to_thread(_rotate_all, folder, limit)


def tail(log: Path, lines: int = 15, since: int = 0) -> list[str]:
    """Return the last lines of a log, none where there is no log.

    Args:
        lines: at most so many.
        since: a position in bytes; what was written before it is another run's. In a log that is
            shorter, and so was rotated since, all is this run's.
    """
    try:
        with log.open("rb") as file:
            file.seek(since if since <= os.fstat(file.fileno()).st_size else 0)
            last = deque(file, maxlen=lines)
    except OSError:
        return []
    return [line.decode(errors="replace").rstrip() for line in last]


def size(log: Path) -> int:
    """Return a log's size in bytes, 0 where there is none."""
    return log.stat().st_size if log.exists() else 0
