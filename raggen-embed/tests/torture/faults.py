"""Writes and syncs that fail as libfiu lets them (https://blitiri.com.ar/p/libfiu/), in services
forked from here.

libfiu stands between the process and the C library; its points ``posix/io/rw/pwrite`` and
``posix/io/sync/fdatasync`` are what SQLite writes and syncs with. A page of shared memory says how
often they fail and with which error, and counts: so a test can switch failures on and off in a
service that runs, and knows how many there were.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import random
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from embed_service import Zygote

POINTS: Final = ("posix/io/rw/pwrite", "posix/io/sync/fdatasync")
PLACES: Final = ("/usr/lib/fiu", "/usr/lib/*/fiu", "/usr/local/lib/fiu")
HOOKS: Final = "fiu_posix_preload.so"
PAGE: Final = "RAGGEN_TORTURE_FAULTS"
# Each point's probability; the errno; then for each point: calls, failures.
LAYOUT: Final = struct.Struct("<ddqqqqq")
_COUNTS_AT: Final = 24


class Faults:
    """The page: what fails from now on, and what has failed."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(LAYOUT.size))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), LAYOUT.size)

    def set(self, pwrite: float, fdatasync: float, error: int = 0) -> None:
        """Let calls fail with these probabilities and this errno; the counts go on."""
        struct.pack_into("<ddq", self._page, 0, pwrite, fdatasync, error)

    def stop(self) -> None:
        """Nothing fails any more."""
        self.set(0, 0)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Calls and failures of each point."""
        _, _, _, *numbers = LAYOUT.unpack_from(self._page)
        return dict(zip(POINTS, zip(numbers[::2], numbers[1::2], strict=True), strict=True))

    def failures(self) -> int:
        """How many there were, of all points."""
        return sum(failed for _, failed in self.counts().values())

    def strikes(self, point: int) -> int:
        """Count a call; its errno if it fails, 0 if not."""
        pwrite, fdatasync, error, *numbers = LAYOUT.unpack_from(self._page)
        fails = random.random() < (pwrite, fdatasync)[point]
        numbers[2 * point] += 1
        numbers[2 * point + 1] += fails
        struct.pack_into("<qqqq", self._page, _COUNTS_AT, *numbers)
        return int(error) if fails else 0


def hooks() -> Path:
    """libfiu's library of hooks.

    Raises:
        AssertionError: it is not installed; says how.
    """
    found: Iterable[Path] = (
        file for place in PLACES for file in Path("/").glob(f"{place[1:]}/{HOOKS}")
    )
    first = next(iter(found), None)
    assert first is not None, "libfiu is missing: apt-get install -y fiu-utils (Debian, Ubuntu)."
    return first


def failing_zygote(path: Path) -> Zygote:
    """A process whose services fail as the page at ``path`` says."""
    return Zygote(Path(__file__), {"LD_PRELOAD": str(hooks()), PAGE: str(path)})


def arm(faults: Faults) -> list[Any]:
    """Have libfiu ask ``faults`` at every call; what is returned must live as long as that."""
    library = ctypes.CDLL("libfiu.so.0")
    kind = ctypes.CFUNCTYPE(
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.POINTER(ctypes.c_int),
        ctypes.POINTER(ctypes.c_void_p),
        ctypes.POINTER(ctypes.c_uint),
    )
    library.fiu_enable_external.argtypes = [
        *(ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, kind)
    ]
    assert library.fiu_init(0) == 0
    callbacks = []
    for number, point in enumerate(POINTS):

        def strike(_name: Any, _number: Any, info: Any, _flags: Any, at: int = number) -> int:
            error = faults.strikes(at)
            # libfiu hands it to the caller as errno.
            info[0] = error or None
            return int(error != 0)

        callback = kind(strike)
        assert library.fiu_enable_external(point.encode(), 1, None, 0, callback) == 0
        callbacks.append(callback)
    return callbacks


if __name__ == "__main__":
    import zygote

    kept = arm(Faults(Path(os.environ[PAGE])))
    zygote.main()
