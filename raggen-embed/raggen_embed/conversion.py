"""Weights that were converted once and are kept in a file, to be there faster the next time.

The file is a cache: it begins with the sha256 of the rest and of what that was made from, and one
that is cut off, changed or of something else is made anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import structlog

from raggen_embed.tensors import Tensors, packed

Weights = Mapping[str, npt.NDArray[np.float32]]

DIGEST: Final = 64  # hexadecimal digits
CHUNK: Final = 1 << 20
_LOG: Final = structlog.get_logger("raggen_embed.conversion")


def converted(folder: Path, name: str, source: str, make: Callable[[], Weights]) -> Weights:
    """The weights out of the file, which is written where it is missing or damaged.

    Args:
        folder: where it is kept; made where missing.
        name: whose weights; a file of the same name from another source is removed.
        source: a fingerprint of all that they are made from, the way of making included.
        make: makes them.
    """
    path = folder / f"{name}-{source[:16]}.weights"
    if path.exists():
        kept = _kept(path, source)
        if kept is not None:
            return kept
        _LOG.warning("a cache of weights is damaged and made anew", file=path.name)
    made = make()
    try:
        _write(path, source, made)
    except OSError as error:  # a full disk takes away time and memory, and nothing else
        _LOG.warning("a cache of weights cannot be written", reason=str(error))
        return made
    return _kept(path, source) or made


def _kept(path: Path, source: str) -> Weights | None:
    """What is in a file, or None where it is not what was written."""
    try:
        with path.open("rb") as opened:
            said = opened.read(DIGEST)
            if said != _digest(source, iter(lambda: opened.read(CHUNK), b"")):
                return None
        return Tensors(path, DIGEST)
    except (OSError, ValueError):
        return None


def _write(path: Path, source: str, made: Weights) -> None:
    """Aside, onto the disk, then in place: whoever reads meets all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    try:
        with aside.open("wb") as opened:
            opened.write(_digest(source, packed(made)))
            opened.writelines(packed(made))
            opened.flush()
            os.fsync(opened.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    for other in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.weights"):
        if other != path:
            other.unlink(missing_ok=True)


def _digest(source: str, parts: Iterable[Any]) -> bytes:
    digest = hashlib.sha256(source.encode())
    for part in parts:
        digest.update(part)
    return digest.hexdigest().encode()
