"""Which code was measured."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path


def of(root: Path, apart: Iterable[Path]) -> str:
    """The commit, `+` behind it where files were changed; empty where there is no repository.

    Args:
        root: of the repository.
        apart: files that the measuring itself changes; they do not count.
    """
    commit = _git(root, "rev-parse", "--short", "HEAD")
    changed = _git(root, "status", "--porcelain", "--", ".", *(f":!{one}" for one in apart))
    return commit + ("+" if commit and changed else "")


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
