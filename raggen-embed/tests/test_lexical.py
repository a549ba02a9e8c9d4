"""The lexical lane against BM25 written out over dictionaries."""

from __future__ import annotations

import dataclasses

import numpy as np
from frozen import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.analysis import Bag
from raggen_embed.csr import Bags
from raggen_embed.lexical import Postings

bags = st.lists(st.integers(0, 9), max_size=30)
questions = st.dictionaries(st.integers(0, 10), st.floats(0.125, 8, width=32), min_size=1)


@dataclasses.dataclass
class Lived:
    """A lane after some changes, and what it must hold: slot → keys."""

    lane: Postings
    held: dict[int, list[int]]
    room: int

    @property
    def slots(self) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array(sorted(self.held), np.int32)


@st.composite
def lived(draw: st.DrawFn) -> Lived:
    """A base, made here or loaded; then items come, perhaps some slots further on, and go."""
    base = draw(st.lists(bags, max_size=8))
    lane = Postings()
    lane.build(Bags.of([Bag.of(keys) for keys in base]))
    if draw(st.booleans()):
        loaded = Postings()
        loaded.load(frozen(lane.arrays()))
        lane = loaded
    held = dict(enumerate(base))
    room = len(base)
    for step in draw(st.lists(st.lists(bags, max_size=4) | st.integers(0, 30), max_size=20)):
        if isinstance(step, int):
            # Perhaps one that is gone already, or was never there.
            lane.remove(step)
            held.pop(step, None)
            continue
        apart = [1 + draw(st.integers(0, 2)) for _ in step]
        slots = np.cumsum(apart, dtype=np.int32) + (room - 1)
        lane.extend(slots, [Bag.of(keys) for keys in step])
        held |= zip(slots.tolist(), step, strict=True)
        room += sum(apart)
    return Lived(lane, held, room)


def strength(held: dict[int, list[int]], slot: int, key: int) -> float:
    """tf / (tf + k1 · (1 − b + b · length / mean)), the mean smoothed by 200 messages of 15
    words."""
    mean = (sum(map(len, held.values())) + 200 * 15) / (len(held) + 200)
    tf = held[slot].count(key)
    return tf / (tf + 0.9 * (1 - 0.4 + 0.4 * len(held[slot]) / mean))


def anew(held: dict[int, list[int]]) -> Postings:
    """A lane made at once of these items, in slots of their own."""
    lane = Postings()
    lane.build(Bags.of([Bag.of(held[slot]) for slot in sorted(held)]))
    return lane


@settings(max_examples=200)
@given(lived())
def test_strengths_and_frequencies_after_any_changes(one: Lived) -> None:
    lane, held, slots = one.lane, one.held, one.slots
    keys = list(range(11))
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
    # Nothing of what is gone.
    gone = np.array([slot for slot in range(one.room) if slot not in held], np.int32)
    assert not lane.strengths(keys, gone).any()


@settings(max_examples=200)
@given(lived(), questions)
def test_scores_are_the_sums_of_what_is_not_passed_over(
    one: Lived, question: dict[int, float]
) -> None:
    held = one.held
    keys, weights = list(question), np.array(list(question.values()), np.float32)
    found = one.lane.scores(keys, weights, one.room)
    assert found.shape == (one.room,)
    passed_over = 0.1 * weights.sum()
    for slot in range(one.room):
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


@settings(max_examples=200)
@given(lived(), questions)
def test_a_life_leaves_no_trace(one: Lived, question: dict[int, float]) -> None:
    """The very numbers of a lane that was made of what is left."""
    fresh = anew(one.held)
    keys, weights = list(question), np.array(list(question.values()), np.float32)
    assert one.lane.frequencies(keys).tolist() == fresh.frequencies(keys).tolist()
    places = np.arange(len(one.held), dtype=np.int32)
    assert np.array_equal(one.lane.strengths(keys, one.slots), fresh.strengths(keys, places))
    scores = one.lane.scores(keys, weights, one.room)
    assert np.array_equal(scores[one.slots], fresh.scores(keys, weights, len(one.held)))


def test_many_items_with_keys_as_they_are_in_truth() -> None:
    """Long postings and short ones, keys that begin alike, counts that need more than a byte."""
    rng = np.random.default_rng(0)
    keys = np.unique(rng.integers(0, 1 << 63, 400)).tolist()
    # Alike in all but their last bits.
    keys += [key ^ 1 for key in keys[:50]]
    common, alike = keys[0], keys[-1]
    items = [
        [*rng.choice(keys, 8).tolist(), *([common] if number % 4 else [alike] * 300)]
        for number in range(8000)
    ]
    lane = Postings()
    lane.build(Bags.of([Bag.of(own) for own in items]))
    gone = rng.choice(len(items), 50, replace=False).tolist()
    for slot in gone:
        lane.remove(slot)
    late = [rng.choice(keys, 8).tolist() for _ in range(50)]
    slots = np.arange(len(items), len(items) + len(late), dtype=np.int32)
    lane.extend(slots, [Bag.of(own) for own in late])
    held = {slot: own for slot, own in enumerate([*items, *late]) if slot not in set(gone)}
    holding = [{*own} for own in held.values()]
    counted = [sum(key in own for own in holding) for key in keys]
    assert lane.frequencies(keys).tolist() == counted
    assert lane.frequencies([common])[0] > 4096
    asked = [common, alike, *keys[:3], 7]
    slots = np.sort(rng.choice(sorted(held), 60, replace=False)).astype(np.int32)
    mean = (sum(map(len, held.values())) + 3000) / (len(held) + 200)
    found = lane.strengths(asked, slots)
    scores = lane.scores(asked, np.ones(len(asked), np.float32), len(items) + len(late))
    for column, slot in enumerate(slots.tolist()):
        tf = np.array([held[slot].count(key) for key in asked])
        expected = tf / (tf + 0.9 * (1 - 0.4 + 0.4 * len(held[slot]) / mean))
        assert np.allclose(found[:, column], expected, atol=1e-6)
        assert abs(scores[slot] - expected.sum()) < 1e-5
    assert not scores[gone].any()


def test_an_empty_lane() -> None:
    lane = Postings()
    lane.build(Bags.of([]))
    assert lane.frequencies([1, 2]).tolist() == [0, 0]
    assert lane.strengths([1, 2], np.zeros(0, np.int32)).shape == (2, 0)
    assert lane.scores([1], np.ones(1, np.float32), 0).shape == (0,)
    assert lane.scores([], np.zeros(0, np.float32), 5).tolist() == [0] * 5
    lane.remove(3)
    lane.extend(np.array([3], np.int32), [Bag.of([1, 2, 2])])
    assert lane.frequencies([1, 2, 3]).tolist() == [1, 1, 0]
