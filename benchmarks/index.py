"""The vector index alone, at a million items on one core, beside faiss's Flat."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import faiss
import numpy as np
import numpy.typing as npt

from benchmarks import vectors
from benchmarks.processes import one_core
from benchmarks.rows import Row, at_least, at_most
from benchmarks.samples import percentile
from benchmarks.sizes import Sizes
from raggen_embed.dense import DenseIndex

CASES: Final = {"no filter": 1.0, "10 % filter": 0.1, "1 % filter": 0.01}
COUNT: Final = 10
P99_MS: Final = 15
RECALL: Final = 0.99
FLAT_TIMED: Final = 20  # queries: one takes 60 ms
WARM: Final = 5

Mask = npt.NDArray[np.bool_]


@dataclass
class Case:
    """What the queries of a case took, and what they found of the truth."""

    allowed: Mask | None
    seconds: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)  # of them the processor's for this thread
    flat: list[float] = field(default_factory=list)
    found: list[int] = field(default_factory=list)


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """Rows of time and recall, a pair for each filter."""
    file = vectors.made(folder, sizes.vectors, sizes.real_vectors)
    questions = vectors.asked(folder, sizes.asked)
    with one_core():
        faiss.omp_set_num_threads(1)
        started = time.perf_counter()
        index = _loaded(file, folder)
        built = time.perf_counter() - started
        flat = faiss.IndexFlatIP(vectors.DIMENSIONS)
        stored = np.load(file, mmap_mode="r")
        for start in range(0, len(stored), vectors.BLOCK):
            flat.add(np.asarray(stored[start : start + vectors.BLOCK], np.float32))
        rows = []
        for name, share in CASES.items():
            case = Case(_allowed(share, len(stored)))
            _ask(case, index, flat, questions)
            rows += _rows(f"{len(stored):,} vectors, {name}", case, index.tier, built)
    return rows


def _loaded(file: Path, folder: Path) -> DenseIndex:
    """An index that was built and then loaded from mapped files, as the service does."""
    built = DenseIndex(vectors.DIMENSIONS)
    stored = np.load(file, mmap_mode="r")
    built.build(np.arange(len(stored), dtype=np.int32), stored)
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, array in built.arrays().items():
        saved = folder / f"index-{name}.npy"
        np.save(saved, array)
        arrays[name] = np.load(saved, mmap_mode="r")
    index = DenseIndex(vectors.DIMENSIONS)
    index.load(arrays)
    return index


def _allowed(share: float, count: int) -> Mask | None:
    if share == 1:
        return None
    return np.random.default_rng(13).random(count) < share


def _ask(case: Case, index: DenseIndex, flat: Any, questions: vectors.Floats) -> None:
    parameters = None
    if case.allowed is not None:
        bitmap = np.packbits(case.allowed, bitorder="little")
        selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
    for question in questions[:WARM]:
        index.search(question, case.allowed, COUNT)
    for number, question in enumerate(questions):
        started, worked = time.perf_counter(), time.thread_time()
        nearest = index.search(question, case.allowed, COUNT)
        case.seconds.append(time.perf_counter() - started)
        case.worked.append(time.thread_time() - worked)
        started = time.perf_counter()
        _, truth = flat.search(question[None, :], COUNT, params=parameters)
        if number < FLAT_TIMED:
            case.flat.append(time.perf_counter() - started)
        case.found.append(len(np.intersect1d(nearest.slots, truth[0])))


def _rows(name: str, case: Case, tier: str, built: float) -> list[Row]:
    times = {
        "p50 ms": round(1000 * median(case.seconds), 2),
        "p99 of processor time ms": round(1000 * percentile(case.worked, 99), 2),
        "faiss Flat p50 ms": round(1000 * median(case.flat), 2),
    }
    note = f"one core, tier {tier}, {COUNT} nearest of {len(case.seconds)} questions"
    return [
        Row(
            f"index of {name}: p99",
            round(1000 * percentile(case.seconds, 99), 2),
            "ms",
            at_most(P99_MS),
            times,
            f"{note}; built and loaded in {built:.0f} s",
        ),
        Row(
            f"index of {name}: recall@{COUNT}",
            round(sum(case.found) / (COUNT * len(case.found)), 4),
            "",
            at_least(RECALL),
            {},
            f"{note}; truth: faiss Flat, fp32",
        ),
    ]
