"""Which code was measured."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.machine import git


def of(root: Path, apart: Iterable[Path]) -> str:
    """The commit, `+` behind it where files were changed; empty where there is no repository.

    Args:
        root: of the repository.
        apart: files that the measuring itself changes; they do not count.
    """
    commit = git(root, "rev-parse", "--short", "HEAD")
    changed = git(root, "status", "--porcelain", "--", ".", *(f":!{one}" for one in apart))
    return commit + ("+" if commit and changed else "")
