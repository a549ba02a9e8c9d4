"""Large memories: some thousand messages stored through the API, the rest copies of them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from evaluation.copies import copied

import raggen_embed
from benchmarks import texts
from benchmarks.services import service

OWNER: Final = "bench"
PREFIX: Final = "store-"


def base(folder: Path, kept: int) -> Path:
    """A data directory with ``kept`` items, stored through the API; made once for a state of the
    service's code, because that decides what is stored."""
    data = folder / f"{PREFIX}{_code()}-{kept}"
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
    """A data directory with about ``items`` items, removed on leaving."""
    data = folder / f"large-{name}"
    shutil.rmtree(data, ignore_errors=True)
    try:
        shutil.copytree(base(folder, min(kept, items)), data)
        copied(data, items)
        yield data
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _code() -> str:
    """What the service's own files are, in twelve digits."""
    digest = hashlib.sha256()
    for file in sorted(Path(raggen_embed.__file__).parent.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
