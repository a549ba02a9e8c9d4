"""Tiny runs through the command line: rows, targets, JSON, Markdown and the plot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from benchmarks.peers import ROOT
from benchmarks.report import plot, table
from benchmarks.tests.quick_run import measured

# What needs no peer, and so nothing from a network.
STAGES = {
    "scan": ["exact scan"],
    "index": ["p99", "recall@10"],
    "searching": ["search beside the bare encoder", "search p99"],
    "writing": ["writing, encoding excluded"],
    "starting": ["start with"],
    "memory": ["anonymous memory"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.mark.parametrize("what", ["encoding", "writing", "searching"])
def test_a_profile_adds_up(folder: Path, what: str) -> None:
    done = subprocess.run(
        [*(sys.executable, "-m", "benchmarks.profile", what, "--quick"),
         *("--folder", str(folder / "kept"))],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line.strip("| ").split(" | ") for line in done.stdout.splitlines() if "|" in line]
    parts = {part: float(own) for part, own in lines[2:-1]}
    # Each was met, none twice; what works on other threads is in the remainder.
    assert min(parts.values()) > 0
    assert len(parts) > (4 if what == "encoding" else 10)
    assert sum(parts.values()) == pytest.approx(float(lines[-1][1].strip("*")), abs=0.2)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_gives_its_rows(folder: Path, stage: str) -> None:
    figures = measured(folder, stage)
    rows = figures["rows"]
    assert rows, figures
    for row in rows:
        assert row["value"] is not None, row
        # A start costs some MB more or less, which is more than 2,000 items do.
        assert row["value"] > 0 or stage == "memory", row
        assert max(row["beside"].values(), default=1) > 0
        assert row["unit"] or "recall" in row["name"]
        assert row["target"], row
        assert row["met"] in {True, False}
        assert row["note"]
    for beginning in STAGES[stage]:
        assert any(beginning in row["name"] for row in rows), rows
    assert figures["machine"]["cores"] >= 1
    assert figures["stages"][stage]["seconds"] > 0
    report = (folder / f"{stage}.md").read_text("utf-8")
    assert all(row["name"] in report for row in rows)
    drawn = ElementTree.fromstring((folder / f"{stage}.svg").read_text("utf-8"))  # noqa: S314 - ours
    bars = [one for one in drawn.iter() if one.tag.endswith("rect")]
    assert len(bars) == 1 + len(rows)


def test_the_small_index_is_exact(folder: Path) -> None:
    rows = measured(folder, "index")["rows"]
    recalls = [row["value"] for row in rows if "recall" in row["name"]]
    assert len(recalls) == 3
    assert min(recalls) >= 0.99


def test_a_missing_figure_is_said_and_not_drawn(tmp_path: Path) -> None:
    row = {"name": "a <b>", "value": None, "unit": "", "target": "≥ 1", "met": False}
    rest = {"beside": {}, "note": "not measured: x | y"}
    reached = {"name": "c", "value": 5.0, "unit": "×", "target": "≥ 2", "met": True}
    rows: list[dict[str, Any]] = [row | rest, reached | rest]
    machine = {"processor": "p", "cores": 2, "instructions": [], "memory_gib": 1, "commit": ""}
    figures = {
        "machine": machine | {"changed_files": 0},
        "started": "now",
        "quick": False,
        "stages": {"index": {"load_before": 0.5}},
        "rows": rows,
    }
    text = table(figures)
    assert "| a <b> | – | ≥ 1 | **no** |" in text
    assert "x \\| y" in text
    plot(rows, tmp_path / "plot.svg")
    drawn = (tmp_path / "plot.svg").read_text("utf-8")
    assert "a &lt;b&gt;" not in drawn
    assert ">c</text>" in drawn


def test_two_runs_do_not_measure_each_other(folder: Path) -> None:
    from filelock import FileLock

    kept = folder / "held"
    kept.mkdir()
    with FileLock(kept / "lock"):
        command = [sys.executable, "-m", "benchmarks", "--quick", "--only", "scan"]
        done = subprocess.run(
            [*command, "--out", str(folder / "second.json"), "--folder", str(kept)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert "another run" in done.stderr
    assert not (folder / "second.json").exists()
