"""How long a start takes with 100,000 items, after the models are loaded."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import stores
from benchmarks.rows import Row, at_most
from benchmarks.services import service
from benchmarks.sizes import Sizes

TARGET: Final = 3  # seconds
FIRST_SECONDS: Final = 300


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """A row of what follows the models in a start, beside the whole of it."""
    empty, full, after = [], [], []
    with stores.large(folder, "starting", sizes.items, sizes.kept) as data:
        with service(data, seconds=FIRST_SECONDS) as first:
            made = first.indexed_in
            stores.wait_for_base(first)
            items = first.http.get("/readyz").json()["items"]
        for _ in range(sizes.starts):
            with service(folder / "data-starting", empty=True) as started:
                empty.append(started.ready_after)
            with service(data, seconds=FIRST_SECONDS) as started:
                full.append(started.ready_after)
                after.append(started.indexed_in)
    return [
        Row(
            f"start with {items:,} items, after the models are loaded",
            round(median(after), 2),
            "s",
            at_most(TARGET),
            {
                "whole start s": round(median(full), 2),
                "whole start with nothing stored s": round(median(empty), 2),
                "first start, which makes the index and keeps it, after the models s": round(
                    made, 2
                ),
            },
            f"{sizes.starts} starts after an orderly stop, from the last answer of /readyz that "
            "the models are loading to the first that all is ready",
        )
    ]
