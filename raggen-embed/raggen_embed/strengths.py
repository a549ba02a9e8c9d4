"""How well each term of a question is met by each item: matrices (terms × items) in [0, 1].

Pure functions. *Coverage*, the weighted mean over the terms, turns such a matrix into a lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bits = NDArray[np.uint8]

K1: Final = 0.9  # BM25 as Anserini: long chats repeat themselves; 1.5/.75 costs 4 points there
B: Final = 0.4
# Rows of bits that are made floats at once, .8 MB of 384 dimensions: they stay in the processor's
# cache.
_AT_ONCE: Final = 512
_COLUMNS: Final = 8
LIFT: Final = (0.5, 0.3)  # share of a better neighbour's strength, one and two places away


def bm25_norm(length: Floats, mean_length: float) -> Floats:
    """BM25's length normalisation, k1·(1 − b + b·length/mean)."""
    return np.asarray(K1 * (1 - B) + (K1 * B / mean_length) * length, np.float32)


def bm25_strength(tf: Floats | NDArray[np.integer], norm: Floats) -> Floats:
    """BM25's saturated term frequency scaled to [0, 1): tf / (tf + norm)."""
    counts = tf.astype(np.float32)
    return np.asarray(counts / (counts + norm), np.float32)


def sign_bits(vectors: Floats) -> Bits:
    """[t, d] centred vectors → [t, d/8]: one bit a dimension, 48 bytes for a token of MiniLM."""
    return np.packbits(vectors > 0, axis=1)


def maxsim_bits(query: Floats, bits: Bits, starts: Ints) -> Floats:
    """[q, n]: best cosine of each query token among each item's tokens kept as sign bits.

    `query` [q, d] unit rows; `bits` [t, d/8] of all items one after another; `starts` [n] the first
    row of each item, none empty. A row of bits b stands for the unit vector (2b − 1)/√d, so
    q·(2b − 1) = 2·q·b − Σq and the bits are unpacked once and never rescaled.
    """
    size = query.shape[1]
    columns = query
    if len(query) % _COLUMNS > 2:
        # Filled up with zeros: BLAS is twice as fast with eight columns as with seven.
        columns = np.zeros((-(-len(query) // _COLUMNS) * _COLUMNS, size), np.float32)
        columns[: len(query)] = query
    dots = np.empty((len(bits), len(columns)), np.float32)
    floats = np.empty((min(_AT_ONCE, len(bits)), size), np.float32)
    for first in range(0, len(bits), _AT_ONCE):
        some = bits[first : first + _AT_ONCE]
        floats[: len(some)] = np.unpackbits(some, axis=1, count=size)
        np.matmul(floats[: len(some)], columns.T, out=dots[first : first + len(some)])
    best = np.maximum.reduceat(dots, starts, axis=0)[:, : len(query)].T
    return np.asarray((2 * best - query.sum(axis=1, keepdims=True)) / size**0.5, np.float32)


def maxsim(query: Floats, items: Sequence[Bits]) -> Floats:
    """[q, n]: `maxsim_bits` of items whose tokens' bits [t, d/8] come apart, none empty."""
    sizes = np.array([len(bits) for bits in items], np.int64)
    return maxsim_bits(query, np.concatenate(items), np.cumsum(sizes) - sizes)


def lift(
    strength: Floats,
    before: Sequence[Ints],
    after: Sequence[Ints],
    shares: Sequence[float] = LIFT,
) -> Floats:
    """[q, n]: each item's strengths raised towards those of the better neighbour, term by term.

    `before[d]` and `after[d]`, each [n], are the columns of the item d + 1 places earlier and later
    in the same session or parent, −1 where there is none. "Yes, since Tuesday" is found by the
    words of the question before it.
    """
    padded = np.zeros((strength.shape[0], strength.shape[1] + 1), np.float32)
    padded[:, :-1] = strength
    lifted = strength.copy()
    for share, earlier, later in zip(shares, before, after, strict=True):
        # −1 is the last column.
        better = padded.take(earlier, axis=1, mode="wrap")
        np.maximum(better, padded.take(later, axis=1, mode="wrap"), out=better)
        better -= lifted
        np.maximum(better, 0, out=better)
        better *= np.float32(share)
        lifted += better
    return lifted


def coverage(strength: Floats, weight: Floats) -> Floats:
    """[n]: weighted mean over the query's terms; 0 = nothing met, 1 = everything met exactly."""
    total = float(weight.sum())
    if total <= 0:
        return np.zeros(strength.shape[1], np.float32)
    return np.asarray(weight @ strength / np.float32(total), np.float32)
