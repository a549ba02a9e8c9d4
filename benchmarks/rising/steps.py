"""What one step of rising load came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.samples import percentile

SHARES = (50, 95, 99)


@dataclass(frozen=True)
class Times:
    """Milliseconds of the answers to one kind of call."""

    calls: int
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Times:
        """Of at least one call."""
        found = (round(percentile(milliseconds, share), 1) for share in SHARES)
        return cls(len(milliseconds), *found)


@dataclass(frozen=True)
class Step:
    """``clients`` for ``seconds``, each sending its next request when it has its answer.

    ``cores``: how many cores each process took, ``others`` those of all other programs;
    ``memory``: resident and anonymous bytes of each service at the end; ``queue``: the most windows
    seen waiting for a model; ``lag_ms``: 99 % of the turns of raggen-web's event loop were not
    later than this; ``outbox``: messages that were not yet remembered at the end; ``stages``:
    seconds that raggen-embed spent at each stage, per second.
    """

    clients: int
    seconds: float
    times: Mapping[str, Times]
    all_times: Times | None  # None when nothing was answered
    errors: Mapping[str, int]
    without_memory: int
    cores: Mapping[str, float]
    others: float
    memory: Mapping[str, tuple[int, int]]
    queue: int
    lag_ms: float
    outbox: int
    stages: Mapping[str, float]

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return round(self.all_times.calls / self.seconds, 1) if self.all_times else 0.0

    @property
    def worst(self) -> tuple[str, float]:
        """The kind of call that waits longest, and its p95 in milliseconds."""
        if not self.times:
            return "", float("inf")
        name = max(self.times, key=lambda one: self.times[one].p95)
        return name, self.times[name].p95

    @property
    def failed(self) -> int:
        """Calls that were not answered as they should be."""
        return sum(self.errors.values()) + self.without_memory

    def as_json(self) -> dict[str, Any]:
        """As the report's file has it."""
        name, p95 = self.worst
        return asdict(self) | {
            "per_second": self.per_second,
            "worst": {"call": name, "p95": None if p95 == float("inf") else p95},
        }
