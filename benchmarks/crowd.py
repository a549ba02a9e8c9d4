"""Fifty clients searching 100,000 items for a minute, with Locust (https://locust.io)."""

from __future__ import annotations

import csv
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import stores, texts
from benchmarks.peers import REQUIREMENTS, ROOT, environment
from benchmarks.processes import BrokenError, OutOfTimeError, running
from benchmarks.rows import Row, at_most
from benchmarks.services import Service, service
from benchmarks.sizes import Sizes

P99_MS: Final = 250
FILE: Final = Path(__file__).parent / "programs" / "locustfile.py"
SPARE_SECONDS: Final = 60
DIFFERENT: Final = 20_000  # questions
WARM_SECONDS: Final = 3
# Seconds that a client thinks between an answer and its next question: 1 on average, or none.
THINKING: Final = (0.5, 1.5)
NOT_THINKING: Final = (0.0, 0.0)


@dataclass(frozen=True)
class Seen:
    """What Locust counted: answers, errors, answers a second, and milliseconds."""

    requests: int
    failures: int
    per_second: float
    p50: float
    p99: float


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """Rows of people who read what they find, and of a closed loop, which has no target."""
    asked = folder / "crowd.json"
    asked.write_text(json.dumps(texts.questions(DIFFERENT, seed=21)))
    with (
        stores.large_and_indexed(folder, "crowd", sizes.items, sizes.kept) as data,
        service(data) as started,
    ):
        _locust(started, folder, asked, sizes.crowd, WARM_SECONDS, THINKING)
        read = _locust(started, folder, asked, sizes.crowd, sizes.crowd_seconds, THINKING)
        loop = _locust(started, folder, asked, sizes.crowd, sizes.crowd_seconds, NOT_THINKING)
    who = f"{sizes.crowd} clients for {sizes.crowd_seconds} s"
    first, last = THINKING
    pause = f"Locust, {first} to {last} s between an answer and the next question"
    closed = "Locust, a closed loop: the next question with the answer"
    return [
        Row("crowd: p99", read.p99, "ms", at_most(P99_MS), _beside(read), f"{who}; {pause}"),
        Row("crowd: errors", read.failures, "", at_most(0), _beside(read), f"{who}; {pause}"),
        Row("crowd without a pause: p99", loop.p99, "ms", None, _beside(loop), f"{who}; {closed}"),
        Row(
            "crowd without a pause: errors",
            loop.failures,
            "",
            at_most(0),
            _beside(loop),
            f"{who}; {closed}",
        ),
    ]


def _beside(seen: Seen) -> dict[str, float]:
    return {"requests": seen.requests, "requests/s": seen.per_second, "p50 ms": seen.p50}


def _locust(
    started: Service,
    folder: Path,
    asked: Path,
    users: int,
    seconds: int,
    thinking: tuple[float, float],
) -> Seen:
    """Run Locust in its own environment.

    Raises:
        OutOfTimeError: it did not end by itself.
        BrokenError: it left no figures.
    """
    python = environment(folder / "locust", [REQUIREMENTS / "bench.txt"], []).python
    prefix, log = folder / "locust-figures", folder / "locust.log"
    figures = Path(f"{prefix}_stats.csv")
    figures.unlink(missing_ok=True)
    command = [python, "-m", "locust", "--headless", "--only-summary", "--locustfile", str(FILE)]
    command += ["--host", f"http://127.0.0.1:{started.port}", "--csv", str(prefix)]
    command += ["--users", str(users), "--spawn-rate", str(users), "--run-time", f"{seconds}s"]
    wanted = {
        "BENCH_QUESTIONS": str(asked),
        "BENCH_OWNER": stores.OWNER,
        "BENCH_THINKING": json.dumps(thinking),
        "PYTHONPATH": str(ROOT),
    }
    with running(command, log, wanted) as process:
        try:
            process.wait(seconds + SPARE_SECONDS)
        except subprocess.TimeoutExpired:
            raise OutOfTimeError(f"Locust did not end after {seconds} s") from None
    try:
        with figures.open(newline="") as file:
            [whole] = [row for row in csv.DictReader(file) if row["Name"] == "Aggregated"]
        return Seen(
            requests=int(whole["Request Count"]),
            failures=int(whole["Failure Count"]),
            per_second=round(float(whole["Requests/s"]), 1),
            p50=float(whole["50%"]),
            p99=float(whole["99%"]),
        )
    except (OSError, ValueError, KeyError) as error:
        said = log.read_text("utf-8", "replace")[-300:]
        raise BrokenError(f"Locust left no figures ({error}): {said}") from error
