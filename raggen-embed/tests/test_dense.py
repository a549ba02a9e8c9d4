"""The dense lane against brute force."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from raggen_embed.dense import DenseIndex

D = 16
SLOTS = 300
Floats = npt.NDArray[np.float32]


def unit(rng: np.random.Generator, count: int) -> Floats:
    """Vectors that 16 bits hold exactly, so that rounding plays no part."""
    vectors = rng.normal(size=(count, D)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


def cosines(truth: dict[int, Floats], query: Floats) -> dict[int, tuple[float, int]]:
    """Each slot's best cosine and the window it is of."""
    found = {}
    for slot, rows in truth.items():
        own = rows @ query
        found[slot] = float(own.max()), int(own.argmax())
    return found


def check(index: DenseIndex, truth: dict[int, Floats], rng: np.random.Generator) -> None:
    """Searches everywhere, in many slots, few, one and none, and scores, agree with the truth."""
    assert len(index) == sum(map(len, truth.values()))
    for share in (None, 1.0, 0.5, 0.03, 1 / SLOTS, 0.0):
        query = unit(rng, 1)[0]
        mask = None if share is None else rng.random(SLOTS) < share
        allowed = {s: rows for s, rows in truth.items() if mask is None or mask[s]}
        best = cosines(allowed, query)
        for count in (1, 10, 1000):
            wanted = sorted(best, key=lambda slot: -best[slot][0])[:count]
            found = index.search(query, mask, count)
            assert found.slots.tolist() == wanted
            assert found.slots.dtype == found.windows.dtype == np.int32
            assert np.allclose(found.cosines, [best[slot][0] for slot in wanted], atol=1e-6)
            assert found.windows.tolist() == [best[slot][1] for slot in wanted]
    asked = rng.permutation(SLOTS)[:50].astype(np.int32)
    query = unit(rng, 1)[0]
    best = cosines({int(slot): truth[int(slot)] for slot in asked if int(slot) in truth}, query)
    scored = index.score(query, asked)
    assert scored.slots.tolist() == sorted(best, key=lambda slot: -best[slot][0])
    assert np.allclose(scored.cosines, [best[slot][0] for slot in scored.slots.tolist()], atol=1e-6)
    assert scored.windows.tolist() == [best[slot][1] for slot in scored.slots.tolist()]


@pytest.mark.parametrize("built", [False, True])
def test_the_same_as_brute_force_through_adds_and_removes(built: bool) -> None:
    """Through several compactions: 300 slots of four windows on average, 3,000 changes."""
    rng = np.random.default_rng(5)
    index = DenseIndex(D)
    truth: dict[int, Floats] = {}
    if built:
        truth = {slot: unit(rng, int(rng.integers(1, 9))) for slot in range(0, SLOTS, 2)}
        slots = np.repeat([*truth], [len(rows) for rows in truth.values()]).astype(np.int32)
        index.build(slots, np.concatenate([*truth.values()]))
        check(index, truth, rng)
    compactions = 0
    for step in range(3000):
        slot = int(rng.integers(0, SLOTS))
        before = index._index
        if slot in truth:
            index.remove(slot)
            del truth[slot]
        else:
            truth[slot] = unit(rng, int(rng.integers(1, 9)))
            index.add(slot, truth[slot])
        if compacted := index._index is not before:
            compactions += 1
        if compacted or step % 300 == 0:
            check(index, truth, rng)
    assert compactions >= 2


def test_many_windows_of_the_nearest_item_do_not_crowd_out_the_others() -> None:
    rng = np.random.default_rng(9)
    index, query = DenseIndex(D), unit(rng, 1)[0]
    near = query + 0.01 * rng.normal(size=(500, D)).astype(np.float32)
    near = near.astype(np.float16).astype(np.float32)
    truth = {0: near} | {slot: unit(rng, 1) for slot in range(1, 60)}
    for slot, rows in truth.items():
        index.add(slot, rows)
    best = cosines(truth, query)
    found = index.search(query, None, 20)
    assert found.slots.tolist() == sorted(best, key=lambda slot: -best[slot][0])[:20]


def test_sixteen_bits_change_a_cosine_by_less_than_a_thousandth() -> None:
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(500, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = DenseIndex(384)
    index.build(np.arange(500, dtype=np.int32), rows)
    found = index.search(rows[7], None, 500)
    assert np.abs(found.cosines - (rows @ rows[7])[found.slots]).max() < 1e-3
    assert found.slots[0] == 7


def test_a_removed_vector_is_overwritten() -> None:
    rng = np.random.default_rng(6)
    index = DenseIndex(D)
    index.add(0, unit(rng, 3))
    assert index._codes().any()
    index.remove(0)
    assert not index._codes().any()
    index.remove(0)
    index.remove(1000)
    assert len(index) == 0


def test_emptied_by_compaction_and_used_again() -> None:
    rng = np.random.default_rng(7)
    index = DenseIndex(D)
    index.add(0, unit(rng, 2000))
    index.remove(0)
    assert index._index.ntotal == 0
    rows = unit(rng, 2)
    index.add(0, rows)
    found = index.search(rows[1], None, 5)
    assert (found.slots.tolist(), found.windows.tolist()) == ([0], [1])


def test_an_empty_index() -> None:
    index, query = DenseIndex(D), unit(np.random.default_rng(1), 1)[0]
    for found in (
        index.search(query, None, 5),
        index.search(query, np.zeros(0, np.bool_), 5),
        index.score(query, np.array([3, 4000], np.int32)),
    ):
        assert found.slots.size == found.cosines.size == found.windows.size == 0
