"""Every benchmark: its name, its function, and the seconds after which it is given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from benchmarks.processes import apart
from benchmarks.rows import Row
from benchmarks.sizes import Sizes


@dataclass(frozen=True)
class Stage:
    """A benchmark. It is the function ``measure`` of the module of its name."""

    name: str
    seconds: float  # installing the peers, where that is needed, included

    def measure(self, sizes: Sizes, folder: Path) -> list[Row]:
        """Measure in a process of its own, so that nothing before it counts.

        Raises:
            OutOfTimeError: it took too long.
            BrokenError: something that it needs did not work.
        """
        return apart(self.seconds, measured, self.name, sizes, folder)


def measured(name: str, sizes: Sizes, folder: Path) -> list[Row]:
    """Measure in this process."""
    measure: Callable[[Sizes, Path], Any] = import_module(f"benchmarks.{name}").measure
    rows: list[Row] = measure(sizes, folder)
    return rows


# In the order of the table that the targets come from.
STAGES: Final = (
    Stage("encoding", 900),
    Stage("serving", 900),
    Stage("footprint", 900),
    Stage("searching", 600),
    Stage("crowd", 600),
    Stage("scan", 600),
    Stage("index", 900),
    Stage("memory", 1500),
    Stage("writing", 300),
    Stage("starting", 600),
    Stage("web", 1500),
)
