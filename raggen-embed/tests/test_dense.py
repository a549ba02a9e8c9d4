"""The dense lane against brute force, to the last bit."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from dense_world import Floats, Truth, add, built, listed, nearest, reloaded, rows_of, unit
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.dense import DenseIndex
from raggen_embed.tiers import Tiers

D = 16
SLOTS = 300
EXACT = Tiers()
# Codes as soon as there are 50 vectors: but all of so few are candidates, so the result is exact.
CODES = Tiers(exact=50, candidates=20)
LISTS = Tiers(exact=50, codes=60, candidates=20)


def check(index: DenseIndex, truth: Truth, rng: np.random.Generator, query: Floats) -> None:
    """Searches everywhere, in many slots, few, one and none, scores and counts agree with it."""
    assert len(index) == sum(map(len, truth.values()))
    for share in (None, 1.0, 0.5, 0.03, 1 / SLOTS, 0.0):
        mask = None if share is None else rng.random(SLOTS) < share
        best = nearest(truth, query, mask)
        for count in (1, 10, 1000):
            found = index.search(query, mask, count)
            assert listed(found) == best[:count]
            assert found.slots.dtype == found.windows.dtype == np.int32
            assert found.cosines.dtype == np.float32
    asked = rng.permutation(SLOTS + 50)[:50].astype(np.int32)
    best = nearest({int(slot): truth[int(slot)] for slot in asked if slot in truth}, query, None)
    assert listed(index.score(query, asked)) == best
    counts = index.counts(asked)
    assert counts.tolist() == [len(truth.get(slot, ())) for slot in asked.tolist()]
    assert counts.dtype == np.int32


@pytest.mark.parametrize("first", [0, 1, 150], ids=["nothing built", "one item", "half"])
def test_the_same_as_brute_force_through_adds_and_removes(first: int) -> None:
    """Through the growth of a block and several blocks: 300 slots of 60 windows on average."""
    rng = np.random.default_rng(5)
    truth: Truth = {slot: unit(rng, int(rng.integers(1, 120))) for slot in range(first)}
    index = built(truth, D, EXACT)
    gone: list[int] = []
    for slot in range(first, SLOTS):
        truth[slot] = unit(rng, int(rng.integers(1, 120)))
        add(index, {slot: truth[slot]})
        for _ in range(min(int(rng.integers(0, 3)), len(truth))):
            gone.append(int(rng.choice([*truth])))
            index.remove(gone[-1])
            del truth[gone[-1]]
            index.remove(gone[0])
        if slot % 60 == 0:
            check(index, truth, rng, unit(rng, 1)[0])
    check(index, truth, rng, unit(rng, 1)[0])
    for slot in [*truth]:
        index.remove(slot)
    check(index, {}, rng, unit(rng, 1)[0])


POOL = unit(np.random.default_rng(8), 6)
items = st.lists(st.integers(0, len(POOL) - 1), min_size=1, max_size=4)
steps = st.lists(st.lists(items, max_size=4) | st.floats(0, 1) | st.none(), max_size=25)


@settings(deadline=None)
@given(st.lists(items, max_size=90), steps, st.sampled_from([EXACT, CODES, LISTS]))
def test_equal_to_one_freshly_built_after_any_changes(
    base: list[list[int]], actions: list[list[list[int]] | float | None], tiers: Tiers
) -> None:
    """With few different vectors, so that many cosines are equal. A list adds items, a number
    removes one, None writes the base and maps it, where nothing has changed yet."""
    rng = np.random.default_rng(len(base))
    truth: Truth = {2 * at: POOL[item] for at, item in enumerate(base)}
    last = 2 * len(base)
    index, changed = built(truth, D, tiers), False
    with TemporaryDirectory() as folder:
        for action in actions:
            if action is None:
                index = index if changed else reloaded(index, Path(folder), D, tiers)
                continue
            changed = True
            if isinstance(action, list):
                added = {last + 1 + at: POOL[item] for at, item in enumerate(action)}
                add(index, added)
                truth |= added
                last += len(added)
            elif truth:
                slot = [*truth][int(action * (len(truth) - 1))]
                index.remove(slot)
                del truth[slot]
        query = POOL[0] if len(actions) % 2 else unit(rng, 1)[0]
        check(index, truth, rng, query)
        fresh = built(truth, D, tiers)
        mask = rng.random(SLOTS) < 0.5
        for allowed in (None, mask):
            found = index.search(query, allowed, 20)
            assert listed(found) == listed(fresh.search(query, allowed, 20))


def test_many_windows_of_the_nearest_item_do_not_crowd_out_the_others() -> None:
    rng = np.random.default_rng(9)
    query = unit(rng, 1)[0]
    near = query + 0.01 * rng.normal(size=(500, D)).astype(np.float32)
    near = near.astype(np.float16).astype(np.float32)
    truth = {0: near} | {slot: unit(rng, 1) for slot in range(1, 60)}
    for tiers in (EXACT, CODES):
        assert (
            listed(built(truth, D, tiers).search(query, None, 20))
            == (nearest(truth, query, None)[:20])
        )
    index = DenseIndex(D)
    add(index, truth)
    assert listed(index.search(query, None, 20)) == nearest(truth, query, None)[:20]


@pytest.mark.parametrize("better", [0, 10])
def test_of_many_equally_near_items_the_first_are_found(better: int) -> None:
    """More than a scan is asked for at first, which may forget any of them for better ones."""
    rng = np.random.default_rng(3)
    query, equal = unit(rng, 1)[0], unit(rng, 1)
    truth = dict.fromkeys(range(100), equal)
    truth |= {
        slot: ((equal + 4 * query) / 5).astype(np.float16) for slot in range(100, 100 + better)
    }
    truth = {slot: rows.astype(np.float32) for slot, rows in truth.items()}
    found = built(truth, D, EXACT).search(query, None, 20)
    assert listed(found) == nearest(truth, query, None)[:20]


def test_sixteen_bits_change_a_cosine_by_less_than_a_thousandth() -> None:
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(500, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    index = DenseIndex(384)
    index.build(np.arange(500, dtype=np.int32), rows)
    found = index.search(rows[7], None, 500)
    assert np.abs(found.cosines - (rows @ rows[7])[found.slots]).max() < 1e-3
    assert found.slots[0] == 7


def test_sixteen_bits_may_be_built_from() -> None:
    truth: Truth = {slot: unit(np.random.default_rng(slot), 2) for slot in range(9)}
    slots, vectors = rows_of(truth)
    index = DenseIndex(D)
    index.build(slots, vectors.astype(np.float16))
    query = unit(np.random.default_rng(99), 1)[0]
    assert listed(index.search(query, None, 9)) == nearest(truth, query, None)


def test_a_vector_removed_from_memory_is_overwritten() -> None:
    rng = np.random.default_rng(6)
    index = DenseIndex(D)
    add(index, {0: unit(rng, 3), 1: unit(rng, 2)})
    rows = next(iter(index._delta)).rows.vectors
    assert rows[:5].any(axis=1).all()
    index.remove(0)
    assert not rows[:3].any()
    assert rows[3:5].any(axis=1).all()
    index.remove(0)
    index.remove(1000)
    assert len(index) == 2


def test_blocks_with_nothing_left_are_let_go() -> None:
    rng = np.random.default_rng(7)
    index = DenseIndex(D)
    for slot in range(4):
        add(index, {slot: unit(rng, 2000)})
    assert len([*index._delta]) > 1
    for slot in range(4):
        index.remove(slot)
    assert not [*index._delta]
    rows = unit(rng, 2)
    add(index, {4: rows})
    found = index.search(rows[1], None, 5)
    assert (found.slots.tolist(), found.windows.tolist()) == ([4], [1])


def test_slots_must_rise() -> None:
    rng = np.random.default_rng(2)
    index = DenseIndex(D)
    index.build(np.array([3, 3, 8], np.int32), unit(rng, 3))
    with pytest.raises(ValueError, match="must rise"):
        add(index, {8: unit(rng, 1)})
    add(index, {9: unit(rng, 1)})
    for late in ([9], [11, 10], [10, 10]):
        with pytest.raises(ValueError, match="must rise"):
            index.extend(np.array(late, np.int32), [unit(rng, 1) for _ in late])
    assert index.counts(np.array([9, 8, 3, 4], np.int32)).tolist() == [1, 1, 2, 0]


def test_an_empty_index(tmp_path: Path) -> None:
    query = unit(np.random.default_rng(1), 1)[0]
    index = DenseIndex(D)
    index.build(np.zeros(0, np.int32), np.zeros((0, D), np.float32))
    for empty in (index, reloaded(index, tmp_path, D, EXACT)):
        for found in (
            empty.search(query, None, 5),
            empty.search(query, np.zeros(0, np.bool_), 5),
            empty.score(query, np.array([3, 4000], np.int32)),
        ):
            assert found.slots.size == found.cosines.size == found.windows.size == 0
        empty.remove(3)
        assert empty.tier == "exact"
        assert empty.counts(np.array([3], np.int32)).tolist() == [0]
        add(empty, {0: np.zeros((0, D), np.float32)})
        add(empty, {})
        assert len(empty) == 0
