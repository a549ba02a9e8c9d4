"""One process owns a data directory."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from raggen_embed.errors import DataDirectoryInUse, SettingsError


class DirectoryLock:
    """An flock on a file in the directory: the kernel releases it when its holder dies, however it
    dies.

    May be entered several times by the process that holds it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pid_file = directory / "raggen-embed.pid"
        # Entered by __main__ and again by the lifespan, which may be another thread's in a test.
        self._lock = FileLock(
            directory / "raggen-embed.lock", timeout=0, thread_local=False, fallback_to_soft=False
        )

    def __enter__(self) -> DirectoryLock:
        """Take the lock.

        Raises:
            DataDirectoryInUse: another process has it; says which.
            SettingsError: the directory cannot be written to.
        """
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            # Apart from the lock file, which a second process truncates when it tries.
            self._pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
        except Timeout as error:
            raise DataDirectoryInUse(self._in_use()) from error
        except OSError as error:
            sentence = (
                f"RAGGEN_EMBED_DATA_DIR: {self._directory} cannot be written to ({error.strerror})."
            )
            raise SettingsError(sentence) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release it, unless it is held once more."""
        self._lock.release()

    def _in_use(self) -> str:
        try:
            pid = self._pid_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            pid = "unknown"
        return (
            f"The data directory {self._directory} belongs to another raggen-embed "
            f"(process {pid}): "
            "stop it, or set RAGGEN_EMBED_DATA_DIR to another directory."
        )
