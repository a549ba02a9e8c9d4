"""Steps of rising load, each with Locust in a process of its own."""

from __future__ import annotations

import json
import math
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.peers import REQUIREMENTS, ROOT, environment
from benchmarks.processes import BrokenError, OutOfTimeError, running
from benchmarks.rising.gauges import LAG, OUTBOX, Gauges, Worked, stages
from benchmarks.rising.steps import Step, Times
from benchmarks.services import resident

FILE: Final = ROOT / "benchmarks" / "programs" / "rising_users.py"
LOCUST: Final = ROOT / "artifacts" / "bench" / "locust"
START_SECONDS: Final = 60
END_SECONDS: Final = 40
SAMPLE_SECONDS: Final = 0.5
CAUGHT_UP_SECONDS: Final = 10
WITHOUT_MEMORY: Final = "without memory"  # as Locust's clients report it


@dataclass
class Climb:
    """Both services under load. ``pids``: the services and the instant model, by name."""

    folder: Path
    hosts: Mapping[str, str]
    pids: Mapping[str, int]
    gauges: Gauges
    seconds: float
    warm: float
    skipped: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def step(self, users: str, host: str, clients: int, more: Mapping[str, Any]) -> Step:
        """Let ``clients`` of the class ``users`` loose on the service ``host``.

        Raises:
            OutOfTimeError: Locust did not start, or did not end.
            BrokenError: it left no figures.
        """
        self._catch_up()
        plan = self._plan(users, more)
        with self._locust(users, self.hosts[host], clients, plan) as locust:
            pids = {**self.pids, "locust": locust.pid}
            time.sleep(max(0.0, _began(plan, locust) + self.warm - time.monotonic()))
            self.gauges.read_web()
            before, began = (Worked.now(pids), self.gauges.read_embed()), time.monotonic()
            queue = self._watched(began + self.seconds)
            took = time.monotonic() - began
            after, worked = self.gauges.read_embed(), Worked.now(pids)
            web = self.gauges.read_web()
            memory = {name: resident(pid) for name, pid in self.pids.items()}
            try:
                locust.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                raise OutOfTimeError("Locust did not end") from None
        cores, others = worked.cores_since(before[0], took)
        seen, errors, without = self._seen(users, plan)
        good = [one for some in seen.values() for one in some]
        return Step(
            clients=clients,
            seconds=self.seconds,
            times={name: Times.of(some) for name, some in sorted(seen.items())},
            all_times=Times.of(good) if good else None,
            errors=errors,
            without_memory=without,
            cores=cores,
            others=others,
            memory=memory,
            queue=queue,
            lag_ms=round(1000 * web[LAG], 1),
            outbox=int(web[OUTBOX]),
            stages=stages(before[1], after, took),
        )

    def _plan(self, users: str, more: Mapping[str, Any]) -> dict[str, Any]:
        began, out = self.folder / "began", self.folder / "seen.json"
        began.unlink(missing_ok=True)
        out.unlink(missing_ok=True)
        (self.folder / "locust.log").unlink(missing_ok=True)
        return {
            "users": users,
            "skip": self.skipped[_texts(users)],
            "warm": self.warm,
            "seconds": self.seconds,
            "began": str(began),
            "out": str(out),
            **more,
        }

    @contextmanager
    def _locust(
        self, users: str, host: str, clients: int, plan: Mapping[str, Any]
    ) -> Iterator[subprocess.Popen[bytes]]:
        python = environment(LOCUST, [REQUIREMENTS / "bench.txt"], []).python
        file = self.folder / "plan.json"
        file.write_text(json.dumps(plan), "utf-8")
        command = [python, "-m", "locust", "--headless", "--only-summary", "--locustfile"]
        command += [str(FILE), "--host", host, "--users", str(clients)]
        command += ["--spawn-rate", str(clients), "--loglevel", "WARNING"]
        # Somewhat longer than what counts: what ends later is left out by the clients themselves.
        command += ["--run-time", f"{math.ceil(self.warm + self.seconds) + 1}s"]
        wanted = {"LOAD_PLAN": str(file), "PYTHONPATH": str(ROOT)}
        with running([*command, users], self.folder / "locust.log", wanted) as process:
            yield process

    def _watched(self, until: float) -> int:
        """The most windows that waited for a model, up to a moment."""
        most = 0
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(SAMPLE_SECONDS, left))
            most = max(most, self.gauges.queue())
        return most

    def _seen(
        self, users: str, plan: Mapping[str, Any]
    ) -> tuple[dict[str, list[float]], dict[str, int], int]:
        try:
            told = json.loads(Path(plan["out"]).read_text("utf-8"))
        except (OSError, ValueError) as error:
            said = _said(self.folder / "locust.log")
            raise BrokenError(f"Locust left no figures ({error}): {said}") from error
        self.skipped[_texts(users)] += told["taken"]
        seen: dict[str, list[float]] = defaultdict(list)
        errors: dict[str, int] = defaultdict(int)
        for name, milliseconds, failure in told["seen"]:
            if failure is None:
                seen[name].append(milliseconds)
            else:
                errors[f"{name}: {failure}"] += 1
        forgotten = [told for told in errors if WITHOUT_MEMORY in told]
        return dict(seen), dict(errors), sum(errors.pop(one) for one in forgotten)

    def _catch_up(self) -> None:
        """Let what the step before has left be remembered, for a while."""
        end = time.monotonic() + CAUGHT_UP_SECONDS
        while self.gauges.read_web()[OUTBOX] and time.monotonic() < end:
            time.sleep(SAMPLE_SECONDS)


def _began(plan: Mapping[str, Any], locust: subprocess.Popen[bytes]) -> float:
    """When its clients began, by the clock that all processes share."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and locust.poll() is None:
        try:
            return float(Path(plan["began"]).read_text())
        except (OSError, ValueError):
            time.sleep(0.05)
    said = _said(Path(plan["began"]).with_name("locust.log"))
    raise OutOfTimeError(f"Locust did not start: {said}")


def _said(log: Path) -> str:
    """The end of a log, on one line."""
    return " ".join(log.read_text("utf-8", "replace").split())[-400:]


def _texts(users: str) -> str:
    """Which texts they take: each of these is used once, by whichever class comes first."""
    return "sentences" if users == "Vectoriser" else "questions"
