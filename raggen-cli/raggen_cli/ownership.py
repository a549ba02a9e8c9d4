"""Who has a data directory, one process at a time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from raggen_cli import lock
from raggen_cli.belonging import make_folder
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
            make_folder(data_dir)
            held = stack.enter_context(lock.held(data_dir / LOCK))
        except lock.LockedError as error:
            key = "already_running" if "url" in error.holder else "already_starting"
            pid, url = error.holder.get("pid"), error.holder.get("url")
            raise CheckError(key, data_dir=data_dir, pid=pid, url=url) from error
        except OSError as error:
            raise CheckError("data_dir_not_writable", path=data_dir, reason=error) from error
        yield held
