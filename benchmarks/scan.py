"""The exact tier's scan beside the time in which one core can read the same bytes at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import faiss
import numpy as np
import numpy.typing as npt

from benchmarks import vectors
from benchmarks.processes import one_core
from benchmarks.rows import Row, at_least
from benchmarks.samples import seconds
from benchmarks.sizes import Sizes
from raggen_embed.dense import DenseIndex
from raggen_embed.tiers import Tiers

TARGET: Final = 60  # percent
PAIRS: Final = 60
COUNT: Final = 10
ALL_EXACT: Final = Tiers(exact=1 << 40)

# Ways to read an array once, each vectorised: the fastest of them is the floor.
Read = Callable[[npt.NDArray[np.uint8]], object]
READS: Final[dict[str, Read]] = {
    "np.dot": lambda read: np.dot(read.view(np.float32), read.view(np.float32)),
    "np.sum": lambda read: read.view(np.int64).sum(),
    "np.max": lambda read: read.view(np.uint64).max(),
    "np.bitwise_or": lambda read: np.bitwise_or.reduce(read.view(np.uint64)),
}


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row: the share of the floor's speed that an exact search reaches."""
    with one_core():
        faiss.omp_set_num_threads(1)
        stored = np.load(vectors.made(folder, sizes.items, min(sizes.items, sizes.real_vectors)))
        questions = vectors.asked(folder, sizes.asked)
        index = DenseIndex(vectors.DIMENSIONS, ALL_EXACT)
        index.build(np.arange(len(stored), dtype=np.int32), stored)
        # Numbers like 1.0 everywhere: no sum of random bytes as floats ends as nan, which is slow.
        same = np.full(stored.nbytes // 4, 1, np.float32).view(np.uint8)
        scans: list[float] = []
        reads: dict[str, list[float]] = {name: [] for name in READS}
        for pair in range(PAIRS):
            question = questions[pair % len(questions)]
            scans.append(seconds(index.search, question, None, COUNT))
            for name, read in READS.items():
                reads[name].append(seconds(read, same))
    fastest = min(reads, key=lambda name: median(reads[name]))
    floor = reads[fastest]
    shares = [100 * least / scan for least, scan in zip(floor, scans, strict=True)]
    gigabytes = stored.nbytes / 1e9
    return [
        Row(
            f"exact scan of {len(stored):,} vectors, share of the floor's speed",
            round(median(shares), 1),
            "%",
            at_least(TARGET),
            {
                "scan ms": round(1000 * median(scans), 2),
                "floor ms": round(1000 * median(floor), 2),
                "least scan ms": round(1000 * min(scans), 2),
                "least floor ms": round(1000 * min(floor), 2),
                "scan GB/s": round(gigabytes / median(scans), 1),
                "floor GB/s": round(gigabytes / median(floor), 1),
            },
            f"one core; floor: {fastest} over {stored.nbytes / 1e6:.1f} MB, the fastest of "
            f"{len(READS)} ways to read them; search for {COUNT}, sorting included",
        )
    ]
