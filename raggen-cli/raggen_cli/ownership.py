"""Who has a data directory, one process at a time, and whose the files in it are."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from raggen_cli import lock
from raggen_cli.errors import CheckError

LOCK = "raggen.lock"


@contextmanager
def data_lock(data_dir: Path) -> Iterator[IO[str]]:
    """Hold the data directory for us alone; made where missing, for its owner's eyes only.

    Yields:
        The lock's file, to write into where we can be found.

    Raises:
        CheckError: another raggen has it, and where that one is; or nothing can be written there.
    """
    with ExitStack() as stack:
        try:
            if not data_dir.exists():
                data_dir.mkdir(parents=True, mode=0o700)
            held = stack.enter_context(lock.held(data_dir / LOCK))
        except lock.LockedError as error:
            key = "already_running" if "url" in error.holder else "already_starting"
            pid, url = error.holder.get("pid"), error.holder.get("url")
            raise CheckError(key, data_dir=data_dir, pid=pid, url=url) from error
        except OSError as error:
            raise CheckError("data_dir_not_writable", path=data_dir, reason=error) from error
        yield held


def hand_over(path: Path) -> None:
    """Give what root has made to whom its folder belongs: the services run as somebody else.

    Raises:
        OSError: it cannot be given.
    """
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)


def make_folder(path: Path) -> None:
    """Make a folder for its owner's eyes, where there is none: the owner of the one above."""
    if not path.exists():
        path.mkdir(parents=True, mode=0o700)
        hand_over(path)
