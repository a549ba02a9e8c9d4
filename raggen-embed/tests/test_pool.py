"""Which items a lane puts forward, by its scores."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.pool import _highest


@given(st.integers(0, 9000), st.integers(1, 40), st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_the_highest_of_equals_the_first(room: int, count: int, different: int, seed: int) -> None:
    """The same as sorting all: with few items and many, few different scores, and mostly zeros."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, different, room).astype(np.float32)
    scores[rng.random(room) < rng.random()] = 0
    order = np.argsort(-scores, kind="stable")
    expected = order[scores[order] > 0][:count]
    found = _highest(scores, count)
    assert found.dtype == np.int32
    assert sorted(found.tolist()) == sorted(expected.tolist())
