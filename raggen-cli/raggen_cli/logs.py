"""Log files of the processes that raggen starts."""

from collections import deque
from pathlib import Path

ROTATE_AT = 5 * 1024 * 1024
KEPT = 3


def numbered(log: Path, number: int) -> Path:
    """Return the name of an older log: embed.log.1 is the one before embed.log."""
    return log.with_name(f"{log.name}.{number}")


def rotate(log: Path, limit: int = ROTATE_AT) -> None:
    """Put a log that has grown over `limit` bytes aside, and keep the newest few of those."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if not log.exists() or log.stat().st_size <= limit:
        return
    for number in range(KEPT - 1, 0, -1):
        if numbered(log, number).exists():
            numbered(log, number).replace(numbered(log, number + 1))
    log.replace(numbered(log, 1))


def tail(log: Path, lines: int = 15, since: int = 0) -> list[str]:
    """Return the last lines of a log, none where there is no log.

    Args:
        lines: at most so many.
        since: a position in bytes; what was written before it is another run's.
    """
    try:
        with log.open("rb") as file:
            file.seek(since)
            last = deque(file, maxlen=lines)
    except OSError:
        return []
    return [line.decode(errors="replace").rstrip() for line in last]


def size(log: Path) -> int:
    """Return a log's size in bytes, 0 where there is none."""
    return log.stat().st_size if log.exists() else 0
