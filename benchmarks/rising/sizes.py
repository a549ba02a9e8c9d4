"""How high the load rises, and for how long: all of it, or just enough to see that it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Counts, and seconds."""

    clients: Mapping[str, tuple[int, ...]]  # of each scenario's steps
    seconds: float  # of a step that count
    warm: float  # before them
    remembered: int  # messages in raggen-web's memory
    items: tuple[int, ...]  # of the memories whose size is measured
    kept: int  # of them stored through the API; the rest are copies
    limit: float  # of it all; what is not begun by then is left out


FULL = Sizes(
    clients={
        "vectorise": (1, 4, 16, 64, 128),
        "search": (1, 2, 4, 8, 16, 32),
        "chat": (1, 2, 4, 8, 16, 32),
        "routes": (1, 2, 4, 8, 16),
    },
    seconds=10,
    warm=2,
    remembered=10_000,
    items=(1_000, 10_000, 100_000),
    kept=1_000,
    limit=11 * 60,
)
QUICK = Sizes(
    clients={"vectorise": (1, 2), "search": (1, 2), "chat": (1, 2), "routes": (1, 2)},
    seconds=6,
    warm=1,
    remembered=200,
    items=(100, 400),
    kept=100,
    limit=7 * 60,
)
