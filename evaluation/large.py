"""How long a search takes in a large memory, through the API, on one core.

    python -m evaluation.large --sets FOLDER [--only NAME …] [--ask NAME …] [--items 100000]

The sets named by --only are stored through the API once, then copied in the database until there
are as many items as wanted, each copy in conversations of its own; then the service starts again on
one core, and the questions of the sets named by --ask go to it one by one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from evaluation.client import Client, running_embed
from evaluation.copies import copied
from evaluation.measure import to_item
from evaluation.sets import RetrievalSet, SetError, find_sets

OWNER: Final = "large"
WARM: Final = 20  # questions that are not counted
QUESTIONS: Final = 120
RESULTS: Final = 10


def asked(client: Client, chosen: RetrievalSet) -> str:
    """Ask questions of a set; a line of milliseconds at the client and inside the service."""
    outside, inside = [], []
    for query in chosen.queries[: WARM + QUESTIONS]:
        started = time.perf_counter()
        answer = client.http.post(
            "/api/v1/search", json={"text": query.text, "owner": OWNER, "k": RESULTS}
        )
        outside.append(1000 * (time.perf_counter() - started))
        inside.append(answer.json()["took_ms"])
    cuts = statistics.quantiles(outside[WARM:], n=100)
    return (
        f"{chosen.name}: p50 {statistics.median(outside[WARM:]):.1f}, p90 {cuts[89]:.1f}, "
        f"p99 {cuts[98]:.1f} ms at the client; p50 {statistics.median(inside[WARM:]):.1f} ms inside"
    )


def run(kept: Sequence[RetrievalSet], asking: Sequence[RetrievalSet], wanted: int) -> None:
    """Store, copy, start again, ask."""
    with tempfile.TemporaryDirectory(prefix="raggen-large-") as folder:
        where = {"RAGGEN_EMBED_DATA_DIR": folder}
        with running_embed(where) as client:
            for one in kept:
                items = [to_item(row, OWNER) for row in one.items]
                client.upsert([item | {"id": f"{one.name} {item['id']}"} for item in items])
        count = copied(Path(folder), wanted)
        if hasattr(os, "sched_setaffinity"):  # Linux; what is started inherits it
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        started = time.monotonic()
        with running_embed(where | {"RAGGEN_EMBED_THREADS": "1"}) as client:
            print(f"{count} items, ready after {time.monotonic() - started:.1f} s", flush=True)
            for one in asking:
                print(asked(client, one), flush=True)


def main() -> int:
    """Read the command line; 2 when a set is missing."""
    parser = argparse.ArgumentParser(prog="evaluation.large", description=__doc__)
    parser.add_argument("--sets", type=Path, required=True, help="a folder of sets, or one set")
    parser.add_argument("--only", nargs="*", default=["locomo"], help="what is stored")
    parser.add_argument("--ask", nargs="*", help="whose questions are asked; of what is stored")
    parser.add_argument("--items", type=int, default=100_000)
    options = parser.parse_args()
    try:
        sets = {one.name: one for one in find_sets(options.sets)}
        kept = [sets[name] for name in options.only]
        asking = [sets[name] for name in options.ask or options.only]
    except (SetError, KeyError) as error:
        print(f"no such set: {error}", file=sys.stderr)
        return 2
    run(kept, asking, options.items)
    return 0


if __name__ == "__main__":
    sys.exit(main())
