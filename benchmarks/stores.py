"""Large memories: some thousand messages stored through the API, the rest copies of them."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from evaluation.copies import copied

import raggen_embed
from benchmarks import texts
from benchmarks.processes import OutOfTimeError
from benchmarks.services import Service, service
from raggen_embed.shelf import SMALLEST

OWNER: Final = "bench"
BASE_SECONDS: Final = 600
KEPT: Final = {"base kept", "base renewed"}  # what the service logs
PREFIX: Final = "store-"
# Of a change that these do not show, the service takes note by itself, and reads its items anew.
DECIDING: Final = (
    "schema.sql",
    "made.py",
    "analysis.py",
    "words.json",
    "header.py",
    "windows.py",
    "encoder.py",
    "multilingual.py",
    "strengths.py",
)


def base(folder: Path, kept: int) -> Path:
    """A data directory with ``kept`` items, stored through the API; made again when the code that
    decides what is stored has changed."""
    data = folder / f"{PREFIX}{code()}-{kept}"
    if not data.exists():
        for old in folder.glob(f"{PREFIX}*"):
            shutil.rmtree(old)
        unfinished = folder / "unfinished-store"
        with service(unfinished, empty=True) as started:
            started.upsert(texts.items(kept, OWNER))
        unfinished.rename(data)
    return data


@contextmanager
def large(folder: Path, name: str, items: int, kept: int) -> Iterator[Path]:
    """A data directory with about ``items`` items and no index, removed on leaving."""
    data = folder / f"large-{name}"
    shutil.rmtree(data, ignore_errors=True)
    try:
        shutil.copytree(base(folder, min(kept, items)), data)
        copied(data, items)
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def large_and_indexed(folder: Path, name: str, items: int, kept: int) -> Iterator[Path]:
    """The same after a first start, which has made the index and kept it."""
    with large(folder, name, items, kept) as data:
        with service(data) as started:
            wait_for_base(started)
        yield data


def wait_for_base(started: Service) -> None:
    """Wait until the index that was made of a memory is kept in a file: by the start itself, or
    where that could not, in the background. Small memories need none.

    Raises:
        OutOfTimeError: it was not.
    """
    ready = time.monotonic()
    if started.http.get("/readyz").json()["items"] < SMALLEST:
        return
    while not any(line.get("event") in KEPT for line in started.lines()):
        if time.monotonic() > ready + BASE_SECONDS:
            raise OutOfTimeError(f"no index was kept in {BASE_SECONDS:.0f} s")
        time.sleep(0.5)


def code() -> str:
    """What the files are that decide what is stored, in twelve digits."""
    folder = Path(raggen_embed.__file__).parent
    digest = hashlib.sha256()
    for name in DECIDING:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]
