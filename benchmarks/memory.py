"""Memory of the whole service at a million items that no file stands behind, models excluded."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final

from evaluation.copies import FILE

from benchmarks import stores, texts
from benchmarks.rows import Row, at_most
from benchmarks.services import Service, resident, service
from benchmarks.sizes import Sizes

SHARE: Final = 0.6
START_SECONDS: Final = 1200
SETTLE_SECONDS: Final = 120
STEADY: Final = 3  # readings a second apart that agree
WITHIN: Final = 0.01
SEARCHES: Final = 20
FEW: Final = 20  # items


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row: what a million items add to the anonymous memory of a service with a few."""
    with service(folder / "data-memory", empty=True) as started:
        # A few: where nothing is stored, a search does not wake the models.
        started.upsert(texts.items(FEW, stores.OWNER))
        nothing = settled(started)
    with stores.large(folder, "memory", sizes.large, sizes.kept) as data:
        vectors = _vector_bytes(data / FILE)
        with service(data, seconds=START_SECONDS) as started:
            built = started.ready_after
            stores.wait_for_base(started)
            first = settled(started)
            items = started.http.get("/readyz").json()["items"]
        with service(data, seconds=START_SECONDS) as started:
            again, later = started.ready_after, settled(started)
    own = later - nothing
    return [
        Row(
            f"anonymous memory of {items:,} items, of their vectors' fp32 size",
            round(own / vectors, 3),
            "×",
            at_most(SHARE),
            {
                "anonymous MB": _mb(own),
                "vectors fp32 MB": _mb(vectors),
                "bytes an item": round(own / items),
                "in the process that made the index, MB": _mb(first - nothing),
                "service with 20 items MB": _mb(nothing),
                "first start s": round(built, 1),
                "second start s": round(again, 1),
            },
            "smaps_rollup's Anonymous after a second start and "
            f"{SEARCHES} searches, less the same with 20 items; vectors of both models; the "
            f"items are copies of {min(sizes.kept, items):,} messages",
        )
    ]


def settled(started: Service) -> int:
    """Anonymous bytes once they have stopped changing: what a start leaves behind is given back."""
    for text in texts.questions(SEARCHES, seed=31):
        body = {"text": text, "owner": stores.OWNER, "k": 10}
        started.http.post("/api/v1/search", json=body).raise_for_status()
    read: list[int] = []
    end = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < end:
        read = [*read, resident(started.pid)[1]][-STEADY:]
        if len(read) == STEADY and max(read) - min(read) <= WITHIN * max(read):
            break
        time.sleep(1)
    return read[-1]


def _vector_bytes(file: Path) -> int:
    with sqlite3.connect(file) as database:
        [size] = database.execute("SELECT sum(length(vector)) FROM vectors").fetchone()
    database.close()
    return int(size)


def _mb(size: float) -> float:
    return round(size / 1e6, 1)
