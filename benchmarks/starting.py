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
    """A row of a start beside one with nothing stored, which is what loading the models takes."""
    empty, full = [], []
    with stores.large(folder, "starting", sizes.items, sizes.kept) as data:
        with service(data, seconds=FIRST_SECONDS) as first:
            made = first.ready_after
            items = first.http.get("/readyz").json()["items"]
        for _ in range(sizes.starts):
            with service(folder / "data-starting", empty=True) as started:
                empty.append(started.ready_after)
            with service(data, seconds=FIRST_SECONDS) as started:
                full.append(started.ready_after)
    after = [whole - models for whole, models in zip(full, empty, strict=True)]
    return [
        Row(
            f"start with {items:,} items, after the models are loaded",
            round(median(after), 2),
            "s",
            at_most(TARGET),
            {
                "whole start s": round(median(full), 2),
                "start with nothing stored s": round(median(empty), 2),
                "first start, which makes the index, s": round(made, 2),
            },
            f"{sizes.starts} pairs, from the start of the process to the first 200 of /readyz, "
            "after an orderly stop",
        )
    ]
