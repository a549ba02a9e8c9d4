"""Sixty messages of our own through the API, and a gate: no figure may get worse than it was.

    python -m evaluation.gate          # compares with gate.json; 1 when something got worse
    python -m evaluation.gate --keep   # writes gate.json

The sets are those of evaluation/study/small.py: messages and paraphrased questions in Russian and
English, in four directions. It takes seconds, and runs with the tests.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evaluation.client import Client, StartError, running_embed
from evaluation.measure import percent, score, search_all, to_item
from evaluation.report import Figures
from evaluation.study.small import SmallMemory, small_memories

KEPT: Final = Path(__file__).parent / "gate.json"
UNRELATED: Final = "unrelated_shown"
# How much worse a figure may get, in points: two of nDCG, else one question of thirty, or of the
# twelve unrelated ones. Other processors round differently, and that may move one.
MARGINS: Final[Mapping[str, float]] = {"ndcg@10": 2.0, "recall@5": 3.4, UNRELATED: 8.4}


def gate_figures(client: Client) -> dict[str, dict[str, float]]:
    """Percent by direction: nDCG@10, R@5, and unrelated questions that show anything.

    Args:
        client: of an empty raggen-embed.
    """
    return {one.chosen.name: _figures(client, one) for one in small_memories()}


def _figures(client: Client, one: SmallMemory) -> dict[str, float]:
    owner = f"gate-{one.chosen.name}"
    client.upsert([to_item(row, owner) for row in one.chosen.items])
    reached = score(one.chosen, search_all(client, one.chosen, owner))
    shown = [client.search({"text": text, "owner": owner}).results for text in one.unrelated]
    return {
        "ndcg@10": reached["ndcg@10"],
        "recall@5": reached["recall@5"],
        UNRELATED: percent([float(bool(results)) for results in shown]),
    }


def worse(figures: Figures, kept: Figures) -> list[str]:
    """A sentence for each figure that is worse than the kept one by more than its margin."""
    found = []
    for direction, before in kept.items():
        for name, margin in MARGINS.items():
            now = figures.get(direction, {}).get(name)
            if now is None:
                found.append(f"{direction}: {name} is missing")
                continue
            lost = now - before[name] if name == UNRELATED else before[name] - now
            if lost > margin:
                found.append(f"{direction}: {name} {before[name]} → {now} (may change by {margin})")
    return found


def read_kept() -> dict[str, dict[str, float]]:
    """The figures to compare with."""
    kept: dict[str, dict[str, float]] = json.loads(KEPT.read_text("utf-8"))
    return kept


def main() -> int:
    """Measure; write the figures with --keep, compare otherwise."""
    parser = argparse.ArgumentParser(prog="evaluation.gate", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write gate.json anew")
    options = parser.parse_args()
    try:
        with running_embed() as client:
            figures = gate_figures(client)
    except StartError as error:
        print(error, file=sys.stderr)
        return 2
    text = json.dumps(figures, indent=2) + "\n"
    print(text, end="")
    if options.keep:
        KEPT.write_text(text, "utf-8")
        return 0
    found = worse(figures, read_kept())
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
