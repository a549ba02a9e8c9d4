"""`python -m acceptance.residence --out FILE.json`: what both services take in memory with 10,000
remembered messages, after questions, and how long a search takes there."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

import httpx
from benchmarks import texts
from benchmarks.archive import remembering
from benchmarks.samples import percentile, seconds
from benchmarks.services import resident

REMEMBERED: Final = 10_000
SEARCHES: Final = 300
WARM: Final = 20
FOLDER: Final = Path("artifacts/bench")  # the benchmark of raggen-web keeps the same memory there


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(prog="acceptance.residence", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the JSON goes")
    parser.add_argument("--messages", type=int, default=REMEMBERED, help="that are remembered")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they are kept")
    options = parser.parse_args()
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    asked = texts.questions(WARM + SEARCHES, seed=33)
    with remembering(folder, options.messages) as stack:
        with httpx.Client(base_url=stack.web_url, timeout=30) as http:
            took = [1000 * seconds(_search, http, text) for text in asked][WARM:]
        pids = {name: int(stack.ready["pids"][name]) for name in ("web", "embed")}
        taken = {name: resident(pid) for name, pid in pids.items()}
    figures = {
        "messages": options.messages,
        "search_p50_ms": round(percentile(took, 50), 1),
        "search_p99_ms": round(percentile(took, 99), 1),
        **{f"{name}_mb": round(rss / 1e6, 1) for name, (rss, _) in taken.items()},
        "both_mb": round(sum(rss for rss, _ in taken.values()) / 1e6, 1),
    }
    options.out.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def _search(http: httpx.Client, text: str) -> None:
    http.post("/api/search", json={"text": text, "limit": 10}).raise_for_status()


if __name__ == "__main__":
    main()
