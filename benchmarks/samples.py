"""Statistics of what was timed. All of it is small: plain lists of numbers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` percent of the values are, the nearest rank of them.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * share // 100))
    return ordered[int(rank) - 1]


def pair_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of ours / theirs, pair by pair: what the machine did to both cancels out."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def seconds(work: Callable[..., object], *arguments: object) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def spread(values: Sequence[float]) -> str:
    """The least and the greatest, for a note."""
    return f"{min(values):.3g} … {max(values):.3g}"
