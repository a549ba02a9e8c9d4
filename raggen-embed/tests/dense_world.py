"""Vectors for the dense lane's tests, and the same search by brute force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.dense import DenseIndex, Nearest
from raggen_embed.tiers import Tiers

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Truth = dict[int, Floats]  # slot → its windows


def unit(rng: np.random.Generator, count: int, dimensions: int = 16) -> Floats:
    """Vectors that 16 bits hold exactly, so that rounding plays no part."""
    return rounded(rng.normal(size=(count, dimensions)).astype(np.float32))


def rounded(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    halves = np.asarray(vectors / length, np.float16)
    return halves.astype(np.float32)


def like_texts(rng: np.random.Generator, count: int, dimensions: int) -> Floats:
    """Vectors as models make them of texts: all have something in common, there are subjects, and
    a few directions carry most of what is left. The cosines of the 1st, 10th and 100th nearest of
    30,000 are .9, .7 and .35 (.6, .4 and .3 with real questions and sentences)."""
    weight = np.arange(1, dimensions + 1) ** -0.25
    common = 0.2 * rng.normal(size=dimensions)
    subjects = rng.normal(size=(count // 200 + 1, dimensions)) * weight
    own = 0.7 * rng.normal(size=(count, dimensions)) * weight
    vectors = common + subjects[rng.integers(0, len(subjects), count)] + own
    return rounded(vectors.astype(np.float32))


def rows_of(truth: Truth) -> tuple[npt.NDArray[np.int32], Floats]:
    """What ``build`` takes."""
    slots = np.repeat([*truth], [len(rows) for rows in truth.values()]).astype(np.int32)
    return slots, np.concatenate([*truth.values()])


def built(truth: Truth, dimensions: int, tiers: Tiers) -> DenseIndex:
    index = DenseIndex(dimensions, tiers)
    if truth:
        index.build(*rows_of(truth))
    return index


def add(index: DenseIndex, items: Truth) -> None:
    index.extend(np.array([*items], np.int32), [*items.values()])


def mapped(index: DenseIndex, folder: Path) -> dict[str, npt.NDArray[Any]]:
    """An index's arrays, written and mapped read-only as a snapshot's are."""
    found: dict[str, npt.NDArray[Any]] = {}
    for name, array in index.arrays().items():
        # Not the file that it may itself be mapped from.
        path = folder / f"{name}-{len([*folder.iterdir()])}.npy"
        np.save(path, array)
        found[name] = np.load(path, mmap_mode="r" if array.size else None)
    return found


def reloaded(index: DenseIndex, folder: Path, dimensions: int, tiers: Tiers) -> DenseIndex:
    other = DenseIndex(dimensions, tiers)
    other.load(mapped(index, folder))
    return other


def nearest(truth: Truth, query: Floats, mask: Mask | None) -> list[tuple[int, float, int]]:
    """(slot, cosine, window) of all allowed slots, the best first, of equals the first."""
    found = []
    for slot, rows in sorted(truth.items()):
        if mask is None or (slot < len(mask) and mask[slot]):
            own = np.vecdot(rows, query)
            found.append((slot, float(own.max()), int(own.argmax())))
    return sorted(found, key=lambda one: -one[1])


def listed(found: Nearest) -> list[tuple[int, float, int]]:
    parts = found.slots.tolist(), found.cosines.tolist(), found.windows.tolist()
    return [*zip(*parts, strict=True)]
