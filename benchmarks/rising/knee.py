"""How far the load can rise, and what stops it there. Pure functions of the steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from benchmarks.rising.steps import Step

BUDGET_MS: Final = 500
GROWTH: Final = 1.05
FULL: Final = 0.9  # of a core, or of all of them
FOREIGN: Final = 0.25  # of all cores: what is measured then is the neighbours
HOPELESS: Final = 3  # times the budget: higher steps would only take time

Reason = Literal[
    "not-reached", "neighbours", "client", "event-loop", "processors", "queue", "waiting"
]


@dataclass(frozen=True)
class Limiter:
    """What stops the load from rising; ``process``: which one takes most of the cores."""

    reason: Reason
    process: str
    cores: float  # of that process
    clients: int  # of the step that was looked at


def knee(steps: Sequence[Step]) -> Step | None:
    """The highest step where all answers are good, 95 % of each kind of call come within the
    budget, and throughput is still 5 % above that of every lower step. None: not even the first."""
    best, found = 0.0, None
    for step in steps:
        if _is_good(step) and step.per_second >= GROWTH * best:
            found = step
        best = max(best, step.per_second)
    return found


def limiter(steps: Sequence[Step], cores: int) -> Limiter:
    """What stands in the way at the step after the knee; of no step above it, nothing is known."""
    reached = knee(steps)
    above = [step for step in steps if reached is None or step.clients > reached.clients]
    step = above[0] if above else steps[-1]
    process = max(step.cores, key=lambda name: step.cores[name])
    return Limiter(
        _reason(step, cores) if above else "not-reached", process, step.cores[process], step.clients
    )


def is_hopeless(step: Step) -> bool:
    """Whether no higher step can be any good."""
    return step.worst[1] > HOPELESS * BUDGET_MS


def headroom(step: Step) -> float:
    """How many times the slowest kind of call fits into the budget."""
    return round(BUDGET_MS / step.worst[1], 1)


def _is_good(step: Step) -> bool:
    return step.failed == 0 and step.worst[1] <= BUDGET_MS


def _reason(step: Step, cores: int) -> Reason:
    if step.others >= FOREIGN * cores:
        return "neighbours"
    if step.cores.get("locust", 0) >= FULL:
        return "client"
    # JavaScript has one thread.
    if step.cores.get("raggen-web", 0) >= FULL:
        return "event-loop"
    if sum(step.cores.values()) + step.others >= FULL * cores:
        return "processors"
    return "queue" if step.queue else "waiting"
