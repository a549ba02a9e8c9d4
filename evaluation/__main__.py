"""`python -m evaluation --sets FOLDER --out FILE.json`: what `make eval` calls."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation.client import StartError, running_embed
from evaluation.measure import measure
from evaluation.report import plot, table
from evaluation.sets import RetrievalSet, SetError, find_sets

KEPT = Path(__file__).parent / "kept.json"


def main() -> int:
    """Measure every set, print the table, write JSON, Markdown and a plot beside it."""
    parser = argparse.ArgumentParser(prog="evaluation", description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="a folder of sets, or one set")
    parser.add_argument("--out", type=Path, required=True, help="where the JSON goes")
    parser.add_argument("--only", nargs="*", help="names of the sets to measure; all when absent")
    parser.add_argument(
        "--keep", action="store_true", help="remember these figures to compare with"
    )
    options = parser.parse_args()
    last = json.loads(KEPT.read_text())["sets"] if KEPT.exists() else {}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    try:
        figures = measured(find_sets(options.sets, options.only), options.out)
    except (SetError, StartError) as error:
        print(error, file=sys.stderr)
        return 2
    text = table(figures, last)
    print(f"\n{text}")
    picture = options.out.with_suffix(".svg")
    plot(figures, picture)
    options.out.with_suffix(".md").write_text(
        f"# Context quality\n\n{text}\n\n![nDCG@10]({picture.name})\n"
    )
    if options.keep:
        KEPT.write_text(json.dumps({"sets": last | figures}, indent=2) + "\n")
    return 0


def measured(chosen: Sequence[RetrievalSet], out: Path) -> dict[str, dict[str, float]]:
    """The figures by set; written to `out` after each, so that a run cut short leaves something."""
    figures: dict[str, dict[str, float]] = {}
    for one in chosen:
        print(f"{one.name}: {len(one.items)} items, {len(one.queries)} queries", flush=True)
        # A service of its own a set: nothing of one set can help or harm another.
        with running_embed() as client:
            figures[one.name] = measure(client, one)
        out.write_text(json.dumps({"sets": figures}, indent=2) + "\n")
    return figures


if __name__ == "__main__":
    sys.exit(main())
