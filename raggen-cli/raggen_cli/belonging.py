"""Whose files and folders are: what root makes goes to whom the folder around it belongs."""

import os
from pathlib import Path


def hand_over(path: Path, opened: int | None = None) -> None:
    """Give what root has made to whom its folder belongs: the services run as somebody else.

    Args:
        opened: its file descriptor, where it is open: who bears the name by now does not matter.

    Raises:
        OSError: it cannot be given.
    """
    if os.geteuid() != 0:
        return
    above = path.parent.stat()
    found = path.stat() if opened is None else os.fstat(opened)
    if (found.st_uid, found.st_gid) != (above.st_uid, above.st_gid):
        os.chown(path if opened is None else opened, above.st_uid, above.st_gid)


def make_folder(path: Path) -> None:
    """Make a folder for its owner's eyes, where there is none: the owner of the one above."""
    if not path.exists():
        path.mkdir(parents=True, mode=0o700)
        hand_over(path)
