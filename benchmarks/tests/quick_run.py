"""A tiny run through the command line, and the figures that it leaves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.peers import ROOT


def measured(folder: Path, stage: str, seconds: int = 240) -> dict[str, Any]:
    """Run one stage, for at most so many seconds; what it wrote into `folder`."""
    out = folder / f"{stage}.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", stage]
    done = subprocess.run(
        [*command, "--out", str(out), "--folder", str(folder / "kept")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    figures: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert done.returncode == any(row["met"] is False for row in figures["rows"])
    return figures
