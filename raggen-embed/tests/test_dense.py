"""The dense lane against brute force."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from raggen_embed.dense import DenseIndex

D = 16


def unit(rng: np.random.Generator, count: int) -> npt.NDArray[np.float32]:
    vectors = rng.normal(size=(count, D)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def test_the_same_as_brute_force_through_adds_and_removes() -> None:
    rng = np.random.default_rng(5)
    index = DenseIndex(D)
    truth: dict[int, npt.NDArray[np.float32]] = {}
    for step in range(1500):
        slot = int(rng.integers(0, 300))
        if slot in truth:
            index.remove(slot)
            del truth[slot]
        else:
            truth[slot] = unit(rng, int(rng.integers(1, 9)))
            index.add(slot, truth[slot])
        if step % 50:
            continue
        query = unit(rng, 1)[0]
        mask = rng.random(300) < rng.choice([0.01, 0.2, 1.0])
        best = {slot: float((rows @ query).max()) for slot, rows in truth.items() if mask[slot]}
        wanted = sorted(best, key=lambda slot: -best[slot])[:10]
        nearest = index.search(query, mask, 10)
        assert nearest.slots.tolist() == wanted
        assert np.allclose(nearest.cosines, [best[slot] for slot in wanted], atol=1e-6)
        scored = index.score(query, np.array(wanted, dtype=np.int32))
        assert scored.slots.tolist() == wanted
    assert len(index) == sum(map(len, truth.values()))


def test_a_removed_vector_is_overwritten() -> None:
    rng = np.random.default_rng(6)
    index = DenseIndex(D)
    index.add(0, unit(rng, 3))
    index.remove(0)
    assert not index._storage().any()


def test_an_empty_index() -> None:
    index = DenseIndex(D)
    assert (
        index.search(unit(np.random.default_rng(1), 1)[0], np.zeros(0, np.bool_), 5).slots.size == 0
    )
