"""Locks between processes. The kernel lets go of one when its process ends, however it ends."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from raggen_cli.belonging import hand_over


class LockedError(Exception):
    """Somebody else holds the lock; `holder` is what they wrote into it."""

    def __init__(self, holder: dict[str, object]) -> None:
        super().__init__(holder)
        self.holder = holder


def read(path: Path) -> dict[str, object]:
    """Return what a lock's holder wrote into it; empty where nothing can be read."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(file: IO[str], content: dict[str, object]) -> None:
    """Say who holds the lock, for whoever finds it taken."""
    file.seek(0)
    file.truncate()
    json.dump(content, file)
    file.flush()


@contextmanager
def held(path: Path, *, wait: bool = False) -> Iterator[IO[str]]:
    """Hold a lock file, with our process id written into it; `write` can add to that.

    One that root takes stays open to whom its folder belongs.

    Args:
        wait: until it is free, rather than raise.

    Raises:
        LockedError: somebody holds it and we do not wait.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # No link: what a service's user has put there must not make root write elsewhere.
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o666)
    with os.fdopen(opened, "a+") as file:
        with suppress(PermissionError):  # root of a container, or of another machine's disk
            hand_over(path, opened)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise LockedError(read(path)) from error
        write(file, {"pid": os.getpid()})
        yield file
        file.truncate(0)


def is_held(path: Path) -> bool:
    """Tell whether somebody holds the lock, without keeping it."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
