"""`python -m benchmarks.rising [--quick] [--before FILE.json]`: what `make load` calls."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from benchmarks import machine
from benchmarks.peers import ROOT
from benchmarks.processes import BrokenError, OutOfTimeError
from benchmarks.rising import items
from benchmarks.rising.chart import draw
from benchmarks.rising.knee import headroom, knee, limiter
from benchmarks.rising.report import written
from benchmarks.rising.scenarios import SCENARIOS, Running, Scenario, started
from benchmarks.rising.sizes import FULL, QUICK, Sizes
from benchmarks.rising.words import LANGUAGES

OUT = ROOT / "artifacts" / "load"
FOLDER = ROOT / "artifacts" / "bench"
NAMES = [scenario.name for scenario in SCENARIOS]


def main() -> int:
    """Measure, write the report; 1 when a call is not within the budget with one client or could
    not be measured, 2 when another run is at work."""
    parser = argparse.ArgumentParser(prog="benchmarks.rising", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT, help="the report's folder")
    parser.add_argument("--only", nargs="*", choices=[*NAMES, "items"], help="all when absent")
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that it works")
    parser.add_argument("--before", type=Path, help="report.json of an earlier run to compare with")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where data is kept")
    options = parser.parse_args()
    before = json.loads(options.before.read_text("utf-8")) if options.before else None
    # Stopped from outside, it stops what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for folder in (options.out, options.folder):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        # Two at once would measure each other, as this and the benchmarks would.
        with FileLock(options.folder / "lock", timeout=0):
            sizes = QUICK if options.quick else FULL
            figures = run(options.only or [*NAMES, "items"], sizes, options.folder.resolve())
    except Timeout:
        print(f"another run works in {options.folder}", file=sys.stderr)
        return 2
    keep(figures, options.out, before)
    return 1 if figures["missed"] else 0


def run(chosen: list[str], sizes: Sizes, folder: Path) -> dict[str, Any]:
    """All figures. What cannot be measured, or not within the time, is in ``missed``."""
    end = time.monotonic() + sizes.limit
    figures: dict[str, Any] = {
        "machine": machine.described(ROOT),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load": machine.load(),
        "quick": sizes == QUICK,
        "remembered": sizes.remembered,
        "scenarios": {},
        "whole": {},
        "items": [],
        "missed": [],
    }
    cores = figures["machine"]["cores"]
    scenarios = [one for one in SCENARIOS if one.name in chosen]
    try:
        if scenarios:
            with started(folder, sizes) as running:
                for scenario in scenarios:
                    figures["scenarios"][scenario.name] = _risen(running, scenario, cores, end)
                figures["whole"] = running.whole()
    except (OutOfTimeError, BrokenError) as error:
        print(f"not measured: {error}", flush=True)
    if "items" in chosen:
        figures["items"] = _items(sizes, folder, end)
    reached = {name for name, one in figures["scenarios"].items() if one["knee"] is not None}
    figures["missed"] = [one.name for one in scenarios if one.name not in reached]
    if "items" in chosen and len(figures["items"]) < len(sizes.items):
        figures["missed"].append("items")
    return figures


def keep(figures: dict[str, Any], out: Path, before: dict[str, Any] | None) -> None:
    """Write report.json, and report.md and load.svg in both languages; print the English one."""
    kept = json.dumps(figures, indent=2, ensure_ascii=False)
    (out / "report.json").write_text(f"{kept}\n", "utf-8")
    for language, words in LANGUAGES.items():
        ending = "" if language == "en" else f".{language}"
        draw(figures, words, out / f"load{ending}.svg")
        text = written(figures, words, f"load{ending}.svg", before)
        (out / f"report{ending}.md").write_text(text, "utf-8")
        if language == "en":
            print(f"\n{text}")


def _risen(running: Running, scenario: Scenario, cores: int, end: float) -> dict[str, Any]:
    """All steps of a scenario, its knee, and what stands in the way above it."""
    steps, missing = [], ""

    def late() -> bool:
        return time.monotonic() > end

    try:
        for step in running.rising(scenario, late):
            steps.append(step)
            name, p95 = step.worst
            print(
                f"  {scenario.name}, {step.clients} clients: {step.per_second}/s, "
                f"{name} p95 {p95} ms, {step.failed} failed, others take {step.others} cores",
                flush=True,
            )
    except (OutOfTimeError, BrokenError) as error:
        missing = str(error)
    if late() and not missing and not steps:
        missing = f"the {running.sizes.limit / 60:.0f} minutes were over"
    reached = knee(steps)
    return {
        "steps": [step.as_json() for step in steps],
        "knee": reached.clients if reached else None,
        "headroom": headroom(reached) if reached else None,
        "limiter": asdict(limiter(steps, cores)) if steps else None,
        "missing": missing,
    }


def _items(sizes: Sizes, folder: Path, end: float) -> list[dict[str, Any]]:
    found = []
    for count in sizes.items:
        if time.monotonic() > end:
            print(f"  {count:,} items: no time left", flush=True)
            break
        try:
            taken = items.measure(folder, count, sizes.kept)
        except (OutOfTimeError, BrokenError) as error:
            print(f"  {count:,} items: {error}", flush=True)
            break
        megabytes = (taken.anonymous + taken.mapped) / 1e6
        print(f"  {taken.items:,} items: {megabytes:.0f} MB", flush=True)
        found.append(taken.as_json())
    return found


if __name__ == "__main__":
    sys.exit(main())
