"""Remembering what is done: a stamp is a hash over a step's inputs, kept beside its outputs."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

SKIPPED = {"node_modules", ".next", "__pycache__", "generated"}


def files_under(path: Path) -> Iterator[Path]:
    """Yield a file, or all files of a folder in a stable order; nothing where there is nothing.

    Folders of things that are made, not written, are left out.
    """
    if path.is_file():
        yield path
    elif path.is_dir() and path.name not in SKIPPED:
        for entry in sorted(path.iterdir()):
            yield from files_under(entry)


def fingerprint(inputs: Iterable[Path], root: Path, *extra: str) -> str:
    """Return a sha256 over the names and contents of files, and over extra words.

    Args:
        inputs: files and folders; missing ones count as missing, so that their arrival is noticed.
        root: names are taken relative to it, so that a moved repository keeps its stamps.
        extra: whatever else decides the result, as a version.
    """
    digest = hashlib.sha256()
    for word in extra:
        digest.update(f"word {len(word)} {word}\n".encode())
    for path in inputs:
        digest.update(f"input {path.relative_to(root).as_posix()}\n".encode())
        for file in files_under(path):
            content = file.read_bytes()
            digest.update(f"file {file.relative_to(root).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def is_stamped(stamp: Path, fingerprint: str) -> bool:
    """Tell whether the step was done with exactly these inputs."""
    try:
        return stamp.read_text() == fingerprint
    except OSError:
        return False


def write(stamp: Path, fingerprint: str) -> None:
    """Remember that the step is done; renamed into place, so that half a stamp is never seen."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    aside = stamp.with_name(stamp.name + ".new")
    aside.write_text(fingerprint)
    aside.replace(stamp)
