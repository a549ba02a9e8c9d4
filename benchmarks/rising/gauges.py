"""What the processes and the services say of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx
import psutil

from benchmarks.processes import BrokenError
from benchmarks.services import processor_seconds

SAMPLE: Final = re.compile(r"^(\w+(?:\{[^}]*\})?) (\S+)", re.MULTILINE)
STAGE: Final = 'raggen_embed_stage_seconds_sum{stage="'
QUEUE: Final = "raggen_embed_queue_windows"
LAG: Final = "raggen_web_nodejs_eventloop_lag_p99_seconds"
OUTBOX: Final = "raggen_web_outbox_rows"


@dataclass(frozen=True)
class Worked:
    """Processor seconds so far: of each process, and of the machine."""

    by_process: Mapping[str, float]
    machine: float

    @classmethod
    def now(cls, pids: Mapping[str, int]) -> Worked:
        """Of these processes, by name."""
        times = psutil.cpu_times()
        # The kernel counts a guest's time as the user's, too.
        idle = times.idle + getattr(times, "iowait", 0.0)
        both = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
        return cls(
            {name: processor_seconds(pid) for name, pid in pids.items()}, sum(times) - idle - both
        )

    def cores_since(self, before: Worked, seconds: float) -> tuple[dict[str, float], float]:
        """How many cores each process took since, and all other programs together."""
        ours = {
            name: round((self.by_process[name] - before.by_process[name]) / seconds, 2)
            for name in self.by_process
        }
        machine = (self.machine - before.machine) / seconds
        return ours, round(max(0.0, machine - sum(ours.values())), 2)


@dataclass(frozen=True)
class Gauges:
    """The metrics of both services."""

    web: httpx.Client
    embed: httpx.Client

    def read_web(self) -> dict[str, float]:
        """By name and labels. Its event loop's lag begins anew with each reading."""
        return _read(self.web)

    def read_embed(self) -> dict[str, float]:
        """By name and labels."""
        return _read(self.embed)

    def queue(self) -> int:
        """Windows that wait for a model now."""
        found = self.read_embed()
        return int(sum(value for name, value in found.items() if name.startswith(QUEUE)))


def stages(
    before: Mapping[str, float], after: Mapping[str, float], seconds: float
) -> dict[str, float]:
    """Seconds of each stage of raggen-embed, per second; the longest first."""
    found = {
        name.removeprefix(STAGE).rstrip('"}'): round((value - before.get(name, 0)) / seconds, 3)
        for name, value in after.items()
        if name.startswith(STAGE)
    }
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def parsed(text: str) -> dict[str, float]:
    """Prometheus' text format."""
    return {name: float(value) for name, value in SAMPLE.findall(text)}


def _read(client: httpx.Client) -> dict[str, float]:
    try:
        return parsed(client.get("/metrics").raise_for_status().text)
    except httpx.HTTPError as error:
        raise BrokenError(f"no metrics: {error!r}") from error
