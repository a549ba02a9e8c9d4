"""Vectors to search in: those of real messages, and mixtures of two of them with some noise.

Encoding a million texts would take a quarter of an hour. The mixtures keep what makes an index's
work hard, directions that few vectors have and neighbours that are near each other. They are always
the same ones.
"""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.processes import apart
from benchmarks.texts import Sentences, questions
from raggen_embed.encoder import PACKAGED, Encoder

Halves = npt.NDArray[np.float16]
Floats = npt.NDArray[np.float32]

DIMENSIONS: Final = 384
NOISE: Final = 0.3  # its length beside a vector's 1
BLOCK: Final = 50_000
BATCH: Final = 32
SECONDS: Final = 900


def made(folder: Path, count: int, real: int) -> Path:
    """A file of float16[count, 384], unit vectors, ``real`` of them encoded; made once."""
    file = folder / f"vectors-{count}-{real}.npy"
    if not file.exists():
        apart(SECONDS, _write, file, count, real)
    return file


def asked(folder: Path, count: int) -> Floats:
    """float32[count, 384]: the vectors of questions."""
    file = folder / f"questions-{count}.npy"
    if not file.exists():
        apart(SECONDS, _write_questions, file, count)
    read: Floats = np.load(file)
    return read


def _write(file: Path, count: int, real: int) -> None:
    encoded = _encoded(list(islice(Sentences("latin", 11).sentences(), min(real, count))))
    random = np.random.default_rng(12)
    unfinished = file.with_suffix(".unfinished")
    vectors = np.lib.format.open_memmap(
        unfinished, mode="w+", dtype=np.float16, shape=(count, DIMENSIONS)
    )
    vectors[: len(encoded)] = encoded
    for start in range(len(encoded), count, BLOCK):
        some = min(BLOCK, count - start)
        first, second = random.integers(0, len(encoded), (2, some))
        share = random.uniform(0.5, 1, (some, 1)).astype(np.float32)
        mixed = share * encoded[first] + (1 - share) * encoded[second]
        noise = random.standard_normal((some, DIMENSIONS), np.float32)
        mixed += np.float32(NOISE / DIMENSIONS**0.5) * noise
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        vectors[start : start + some] = mixed
    vectors.flush()
    unfinished.rename(file)


def _write_questions(file: Path, count: int) -> None:
    unfinished = file.with_suffix(".unfinished.npy")
    np.save(unfinished, _encoded(questions(count)))
    unfinished.rename(file)


def _encoded(texts: list[str]) -> Floats:
    encoder = Encoder.load(PACKAGED, os.cpu_count() or 1)
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    vectors = np.empty((len(texts), DIMENSIONS), np.float32)
    for start in range(0, len(order), BATCH):
        places = order[start : start + BATCH]
        read = encoder.encode([texts[place] for place in places])
        vectors[places] = [one.vector for one in read]
    return vectors
