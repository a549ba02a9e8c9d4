"""The repository as git sees it: which version this is, and which others there are."""

import subprocess
from pathlib import Path

SECONDS = 120


class GitError(Exception):
    """git refused, or is not there; the text is what it said."""


def git(root: Path, *words: str, seconds: int = SECONDS) -> str:
    """Run git in the repository and return what it prints, without the last line's end.

    Raises:
        GitError: it failed.
    """
    command = ["git", "-C", str(root), *words]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(str(error)) from error
    if done.returncode:
        raise GitError(done.stderr.strip())
    return done.stdout.rstrip("\n")


def is_clone(root: Path) -> bool:
    """Tell whether this folder is the top of a git repository."""
    try:
        return Path(git(root, "rev-parse", "--show-toplevel")).resolve() == root.resolve()
    except GitError:
        return False


def describe(root: Path) -> str | None:
    """Return the tag, or the nearest one and the commit; None outside of a repository."""
    try:
        return git(root, "describe", "--tags", "--always", "--dirty") if is_clone(root) else None
    except GitError:
        return None
