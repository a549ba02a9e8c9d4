"""`python -m evaluation.study --sets FOLDER`: the study's tables from the sets, one command."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from evaluation.sets import RetrievalSet, SetError, find_sets
from evaluation.study.cache import Cache
from evaluation.study.derived import follow_up_figures
from evaluation.study.fit import fit_file
from evaluation.study.memory import Models
from evaluation.study.minilm import MiniLM
from evaluation.study.multilingual import Multilingual
from evaluation.study.packages import MissingPackageError
from evaluation.study.small import small_memories
from evaluation.study.table import COLUMNS, Figures, table
from evaluation.study.trial import ablation, figures


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="evaluation.study", description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="a folder of sets, or one set")
    parser.add_argument("--only", nargs="*", help="names of the sets to measure; all when absent")
    parser.add_argument("--out", type=Path, help="where the figures go as JSON")
    parser.add_argument("--cache", type=Path, help="keeps encodings; a temporary folder if absent")
    parser.add_argument("--threads", type=int, default=1, help="for MiniLM")
    parser.add_argument("--ablation", action="store_true", help="switch each part off once")
    parser.add_argument("--small", action="store_true", help="memories of sixty messages instead")
    parser.add_argument("--followups", action="store_true", help="derived follow-ups instead")
    parser.add_argument("--fit", type=Path, help="fit the calibration into this file instead")
    return parser.parse_args()


def models_of(cache: Path, threads: int) -> dict[str, Models]:
    """With and without the multilingual encoder."""
    minilm, multilingual = MiniLM(Cache(cache), threads), Multilingual(Cache(cache))
    return {
        "with the multilingual encoder": Models(minilm, multilingual),
        "MiniLM only": Models(minilm, None),
    }


def run(
    chosen: Sequence[RetrievalSet], cache: Path, asked: argparse.Namespace
) -> dict[str, object]:
    """Measure what was asked for, print each table as it comes, and return all of them."""
    variants = models_of(cache, asked.threads)
    if asked.fit:
        report = fit_file(chosen, variants, asked.fit)
        print(table("calibration, cross-fitted", report))
        return {"calibration": report}
    results: dict[str, object] = {}
    for name, models in variants.items():
        print(f"\n{name}\n", flush=True)
        if asked.small:
            shown: dict[str, Figures] = {"asked → kept": small_memories(models)}
        elif asked.followups:
            shown = {one.name: follow_up_figures(one, models) for one in chosen if one.is_chat}
        elif asked.ablation:
            shown = {f"{one.name} without": ablation(one, models) for one in chosen}
        else:
            shown = {"set": {one.name: figures(one, models) for one in chosen}}
        columns: Sequence[str] = () if asked.small or asked.followups else COLUMNS
        if asked.ablation:  # the calibration belongs to the whole formula
            columns = [name for name in COLUMNS if name not in ("ece", "kept_at_default")]
        for title, rows in shown.items():
            print(table(title, rows, columns), end="\n\n", flush=True)
        results[name] = shown
    return results


def main() -> int:
    """Run the study; 2 when the sets or a package are missing."""
    asked = options()
    try:
        chosen = [s for s in find_sets(asked.sets) if not asked.only or s.name in asked.only]
        with tempfile.TemporaryDirectory(prefix="raggen-study-") as folder:
            results = run(chosen, asked.cache or Path(folder), asked)
    except (SetError, MissingPackageError) as error:
        print(error, file=sys.stderr)
        return 2
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
