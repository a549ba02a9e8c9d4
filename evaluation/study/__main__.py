"""`python -m evaluation.study --sets FOLDER`: the product's formula taken apart, one command."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.sets import RetrievalSet, SetError, find_sets
from evaluation.study.derived import follow_up_figures
from evaluation.study.fit import fit_file
from evaluation.study.models import Models
from evaluation.study.small import small_figures
from evaluation.study.table import COLUMNS, Figures, table
from evaluation.study.trial import Trial, ablation
from raggen_embed.errors import ModelUnusable

BOTH, MAIN_ONLY = "with the multilingual encoder", "MiniLM only"
UNCALIBRATED = [name for name in COLUMNS if name not in ("ece", "kept_at_default")]


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="evaluation.study", description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="a folder of sets, or one set")
    parser.add_argument("--only", nargs="*", help="names of the sets to measure; all when absent")
    parser.add_argument("--out", type=Path, help="where the figures go as JSON")
    parser.add_argument("--cache", type=Path, help="keeps encodings; a temporary folder if absent")
    parser.add_argument("--threads", type=int, default=1, help="for MiniLM")
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--ablation", action="store_true", help="switch each part off once")
    asked.add_argument("--small", action="store_true", help="memories of sixty messages instead")
    asked.add_argument("--followups", action="store_true", help="derived follow-ups instead")
    asked.add_argument("--fit", type=Path, help="fit the calibration into this file instead")
    return parser.parse_args()


def run(
    chosen: Sequence[RetrievalSet], models: Models, asked: argparse.Namespace
) -> dict[str, object]:
    """Measure what was asked for, print each table as it comes, and return all of them."""
    variants = {BOTH: models, MAIN_ONLY: models.main_only()}
    results: dict[str, dict[str, Figures]] = {}

    def show(variant: str, title: str, rows: Figures, columns: Sequence[str] = ()) -> None:
        results.setdefault(variant, {})[title] = rows
        print(f"{variant}\n\n{table(title, rows, columns)}\n", flush=True)

    if asked.fit:
        report = fit_file(chosen, [*variants.values()], asked.fit)
        show("calibration", "cross-fitted", report)
    elif asked.ablation:
        # The multilingual encoder is one of the parts. The calibration belongs to the whole.
        for one in chosen:
            show(BOTH, f"{one.name} without", ablation(one, models), UNCALIBRATED)
    elif asked.followups:
        for one in chosen:
            show(BOTH, one.name, follow_up_figures(one, models))
    else:
        trials = [] if asked.small else [Trial.of(one, models) for one in chosen]
        for variant, own in variants.items():
            if asked.small:
                show(variant, "asked → kept", small_figures(own))
                continue
            figures = {one.chosen.name: replace(one, models=own).figures() for one in trials}
            show(variant, "set", figures, COLUMNS)
    return {**results}


def main() -> int:
    """Run the study; 2 when the sets or a package are missing."""
    asked = options()
    try:
        chosen = find_sets(asked.sets, asked.only)
        with tempfile.TemporaryDirectory(prefix="raggen-study-") as folder:
            models = Models.load(asked.cache or Path(folder), asked.threads)
            results = run(chosen, models, asked)
    except (SetError, ModelUnusable) as error:
        print(error, file=sys.stderr)
        return 2
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
