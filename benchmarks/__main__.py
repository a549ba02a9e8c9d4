"""`python -m benchmarks --out FILE.json [--only NAME …] [--quick]`: what `make bench` calls."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from benchmarks import machine
from benchmarks.peers import ROOT
from benchmarks.processes import BrokenError, OutOfTimeError
from benchmarks.report import plot, table
from benchmarks.rows import failed
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.stages import STAGES, Stage

FOLDER = ROOT / "artifacts" / "bench"


def main() -> int:
    """Measure, print the table, write JSON, Markdown and a plot; 1 when a target was missed, 2 when
    another run is at work."""
    names = [stage.name for stage in STAGES]
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the JSON goes")
    parser.add_argument("--only", nargs="*", choices=names, help="what to measure; all when absent")
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that it works")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where peers and data are kept")
    options = parser.parse_args()
    chosen = [stage for stage in STAGES if stage.name in (options.only or names)]
    # Stopped from outside, it stops what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.folder.mkdir(parents=True, exist_ok=True)
    try:
        # Two at once would measure each other.
        with FileLock(options.folder / "lock", timeout=0):
            figures = run(
                chosen, QUICK if options.quick else FULL, options.folder.resolve(), options.out
            )
    except Timeout:
        print(f"another run works in {options.folder}", file=sys.stderr)
        return 2
    text = table(figures)
    print(f"\n{text}")
    picture = options.out.with_suffix(".svg")
    plot(figures["rows"], picture)
    options.out.with_suffix(".md").write_text(
        f"# Benchmarks\n\n{text}\n\n![figures beside their targets]({picture.name})\n", "utf-8"
    )
    return 0 if all(row["met"] is not False for row in figures["rows"]) else 1


def run(chosen: Sequence[Stage], sizes: Sizes, folder: Path, out: Path) -> dict[str, Any]:
    """The figures; written to ``out`` after each stage: a run cut short leaves something."""
    figures: dict[str, Any] = {
        "machine": machine.described(ROOT),
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "quick": sizes == QUICK,
        "stages": {},
        "rows": [],
    }
    for stage in chosen:
        before, started = machine.load(), time.monotonic()
        print(f"{stage.name} …", flush=True)
        try:
            rows = stage.measure(sizes, folder)
        except (OutOfTimeError, BrokenError) as error:
            rows = [failed(stage.name, f"not measured: {error}")]
        figures["stages"][stage.name] = {
            "seconds": round(time.monotonic() - started, 1),
            "load_before": before,
            "load_after": machine.load(),
        }
        figures["rows"] += [row.as_json() | {"stage": stage.name} for row in rows]
        out.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf-8")
        for row in rows:
            print(
                f"  {row.name}: {row.value:g} {row.unit} ({row.target or 'no target'})", flush=True
            )
    return figures


if __name__ == "__main__":
    sys.exit(main())
