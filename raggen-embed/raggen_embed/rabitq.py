"""One-bit codes of many vectors, to find candidates that are then compared exactly.

RaBitQ (Gao and Long, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound
for Approximate Nearest Neighbor Search", SIGMOD 2024) keeps the sign of each dimension of the
difference to a list's centre; FAISS compares 32 codes at once. The method asks for a random
rotation first, which FAISS leaves to its callers. All the lists are looked at unless there are many
vectors: what they are for is that differences to near centres are small, and so their estimates
good.
"""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from raggen_embed.rows import Floats, Halves, Mask, Positions, one_thread, selector

Blob = npt.NDArray[np.uint8]

_SEED = 4
# Vectors of the sample that each list's centre is trained on, and rounds of the training: more of
# either changes the recall by less than .001.
_PER_LIST = 100
_ROUNDS = 10
_AT_ONCE = 65_536


class RaBitQ:
    """The codes of float16[n, d], by position. Not thread-safe."""

    def __init__(self, index: faiss.IndexPreTransform, lists: int, *kept: object) -> None:
        """Search by ``index``; ``kept`` is what it refers to and Python must not free."""
        self._index = index
        self._lists = lists
        self._kept = kept

    @classmethod
    def train(cls, vectors: Halves, lists: int) -> RaBitQ:
        """Make the codes, the same from the same vectors; there are more of these than lists."""
        one_thread()
        count, dimensions = vectors.shape
        rotation = faiss.RandomRotationMatrix(dimensions, dimensions)
        rotation.init(_SEED)
        centres = faiss.IndexFlatIP(dimensions)
        codes = faiss.IndexIVFRaBitQFastScan(centres, dimensions, lists, faiss.METRIC_INNER_PRODUCT)
        codes.cp.seed, codes.cp.niter = _SEED, _ROUNDS
        codes.cp.min_points_per_centroid = 1
        index = faiss.IndexPreTransform(rotation, codes)
        drawn = np.random.default_rng(_SEED).permutation(count)[: _PER_LIST * lists]
        index.train(vectors[np.sort(drawn)].astype(np.float32))
        for first in range(0, count, _AT_ONCE):
            index.add(vectors[first : first + _AT_ONCE].astype(np.float32))
        return cls(index, lists, rotation, centres, codes)

    @classmethod
    def parse(cls, blob: Blob) -> RaBitQ:
        """Read what ``blob`` gave; FAISS trusts it, so it must be known to be unharmed."""
        own = np.ascontiguousarray(blob)
        library: Any = faiss  # whose stubs lack this reader, and what kinds of index there are
        index = library.read_index(library.ZeroCopyIOReader(faiss.swig_ptr(own), own.nbytes))
        codes = library.downcast_index(index.index)
        # The centres and the rotation are views of the blob, the codes are copies.
        return cls(index, codes.nlist, own)

    def blob(self) -> Blob:
        """All of it as bytes, 65 a vector of 384 dimensions."""
        return np.asarray(faiss.serialize_index(self._index), np.uint8)

    def nearest(self, query: Floats, live: Mask | None, count: int, *, half: bool) -> Positions:
        """Positions of the ``count`` that seem nearest among those that live (None: all), or fewer
        where only the nearer ``half`` of the lists is looked at."""
        one_thread()
        probes = -(-self._lists // 2) if half else self._lists
        selected = selector(live)
        inner = faiss.SearchParametersIVF(sel=selected, nprobe=probes)  # type: ignore[call-arg]
        outer = faiss.SearchParametersPreTransform(index_params=inner)  # type: ignore[call-arg]
        _, positions = self._index.search(query[None, :], count, params=outer)
        return np.asarray(positions[0][positions[0] >= 0], np.int64)
