"""Memory that was freed and that the C library keeps for later."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Return it to the system, where the C library is glibc: some 30 MB after models were loaded,
    hundreds after a large index has been replaced."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
