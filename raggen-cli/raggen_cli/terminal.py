"""The terminal, or the file or pipe in its place."""

import contextlib
import sys
from io import TextIOWrapper
from typing import Any

from rich.console import Console


class Terminal(Console):
    """Standard output, that never stops raggen: neither by a letter that it cannot show, nor by a
    reader that went away (`raggen up | head`, a closed window), nor by a full disk
    (`raggen up > log`)."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace", line_buffering=True)
        super().__init__()

    def print(self, *objects: Any, **options: Any) -> None:
        """Write, where it can be written; what raggen keeps running matters more."""
        with contextlib.suppress(OSError):
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        """Fall silent; rich would end the process."""
        self.quiet = True
