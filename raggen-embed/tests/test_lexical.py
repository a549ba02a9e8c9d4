"""The lexical lane against BM25 written out over dictionaries."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.analysis import Bag
from raggen_embed.lexical import Postings

SLOTS = 12
bags = st.lists(st.integers(0, 9), max_size=30)
# Put an item into a slot (in the place of what was there), or empty the slot.
steps = st.lists(st.tuples(st.integers(0, SLOTS - 1), bags | st.none()), max_size=40)
questions = st.dictionaries(st.integers(0, 10), st.floats(0.125, 8, width=32), min_size=1)


def strength(held: dict[int, list[int]], slot: int, key: int) -> float:
    """tf / (tf + k1 · (1 − b + b · length / mean)), the mean smoothed by 200 messages of 15
    words."""
    mean = (sum(map(len, held.values())) + 200 * 15) / (len(held) + 200)
    tf = held[slot].count(key)
    return tf / (tf + 0.9 * (1 - 0.4 + 0.4 * len(held[slot]) / mean))


def filled(actions: list[tuple[int, list[int] | None]]) -> tuple[Postings, dict[int, list[int]]]:
    lane, held = Postings(), dict[int, list[int]]()
    for slot, keys in actions:
        if slot in held:
            lane.remove(slot, Bag.of(held.pop(slot)))
        if keys is not None:
            lane.add(slot, Bag.of(keys))
            held[slot] = keys
    return lane, held


@settings(max_examples=200)
@given(steps)
def test_strengths_and_frequencies_after_any_changes(
    actions: list[tuple[int, list[int] | None]],
) -> None:
    lane, held = filled(actions)
    keys = list(range(11))
    slots = np.array(sorted(held), np.int32)
    expected = np.array([[strength(held, slot, key) for slot in sorted(held)] for key in keys])
    found = lane.strengths(keys, slots)
    assert found.dtype == np.float32
    assert found.shape == (11, len(held))
    assert np.allclose(found, expected.reshape(found.shape), atol=1e-6)
    counted = [sum(key in bag for bag in held.values()) for key in keys]
    assert lane.frequencies(keys).tolist() == counted
    # In any order, and an item twice.
    twice = np.concatenate([slots[::-1], slots])
    mirrored = np.concatenate([found[:, ::-1], found], axis=1)
    assert np.array_equal(lane.strengths(keys, twice), mirrored)


@settings(max_examples=200)
@given(steps, questions)
def test_scores_are_the_sums_of_what_is_not_passed_over(
    actions: list[tuple[int, list[int] | None]], question: dict[int, float]
) -> None:
    lane, held = filled(actions)
    keys, weights = list(question), np.array(list(question.values()), np.float32)
    found = lane.scores(keys, weights, SLOTS)
    assert found.shape == (SLOTS,)
    passed_over = 0.1 * weights.sum()
    for slot in range(SLOTS):
        if slot not in held:
            assert found[slot] == 0
            continue
        full = sum(w * strength(held, slot, key) for key, w in question.items())
        # A term is met to less than 1, so what is passed over can add no more than its weight.
        assert full - passed_over - 1e-4 <= found[slot] <= full + 1e-4
    # So the truly best item is among those that can still be the best.
    if held:
        best = max(held, key=lambda s: sum(w * strength(held, s, k) for k, w in question.items()))
        assert found[best] >= found.max() - passed_over - 1e-4


@settings(max_examples=100)
@given(st.dictionaries(st.integers(0, 600), bags), steps)
def test_building_is_adding(
    items: dict[int, list[int]], actions: list[tuple[int, list[int] | None]]
) -> None:
    slots = sorted(items)
    built, added = Postings(), Postings()
    built.build(np.array(slots, np.int32), [Bag.of(items[slot]) for slot in slots])
    for slot in items:
        added.add(slot, Bag.of(items[slot]))
    held = dict(items)
    # And what was built can be changed like what was added.
    for slot, keys in actions:
        before = held.pop(slot, None)
        for lane in (built, added):
            if before is not None:
                lane.remove(slot, Bag.of(before))
            if keys is not None:
                lane.add(slot, Bag.of(keys))
        if keys is not None:
            held[slot] = keys
    at = np.array(sorted(held), np.int32)
    keys = list(range(10))
    assert np.array_equal(built.strengths(keys, at), added.strengths(keys, at))
    assert built._postings == added._postings


def test_what_is_removed_leaves_no_trace() -> None:
    lane = Postings()
    lane.add(3, Bag.of([1, 2, 2]))
    lane.add(700, Bag.of([2, 5]))
    lane.remove(700, Bag.of([2, 5]))
    alone = Postings()
    alone.add(3, Bag.of([1, 2, 2]))
    assert lane._postings == alone._postings
    at = np.array([3], np.int32)
    assert np.array_equal(lane.strengths([1, 2, 5], at), alone.strengths([1, 2, 5], at))


def test_an_empty_lane() -> None:
    lane = Postings()
    lane.build(np.zeros(0, np.int32), [])
    assert lane.frequencies([1, 2]).tolist() == [0, 0]
    assert lane.strengths([1, 2], np.zeros(0, np.int32)).shape == (2, 0)
    assert lane.scores([1], np.ones(1, np.float32), 0).shape == (0,)
    assert lane.scores([], np.zeros(0, np.float32), 5).tolist() == [0] * 5
