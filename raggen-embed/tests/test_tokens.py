"""What the late lanes keep of items, and how the best of its bits is found."""

from __future__ import annotations

import numpy as np
from frozen import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.csr import Rows
from raggen_embed.strengths import maxsim_bits, sign_bits
from raggen_embed.tokens import Slots, Tokens

D = 16
# Tokens above and below what fits into two bytes.
IDS = [0, 1, 2, 3, 70_000, 250_000]
Item = list[list[int]]
items: st.SearchStrategy[Item] = st.lists(st.lists(st.sampled_from(IDS), max_size=6), max_size=4)
actions = st.lists(st.lists(items, max_size=4) | st.integers(0, 20))


def distinct(item: Item) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.unique(np.array([one for ids in item for one in ids], np.int32))


def sizes(item: Item) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array([len(ids) for ids in item], np.int32)


def built(base: list[Item]) -> Tokens:
    tokens = Tokens()
    tokens.build(
        Rows.of([distinct(item) for item in base], np.int32),
        Rows.of([sizes(item) for item in base], np.int32),
    )
    return tokens


def put(tokens: Tokens, slots: Slots, added: list[Item]) -> None:
    tokens.extend(
        slots, [distinct(item).tolist() for item in added], [sizes(item).tolist() for item in added]
    )


def check(tokens: Tokens, held: dict[int, Item], room: int) -> None:
    flat = {slot: [one for ids in item for one in ids] for slot, item in held.items()}
    expected = [sum(token in own for own in flat.values()) for token in [*IDS, 4]]
    assert tokens.frequencies(np.array([*IDS, 4], np.int32)).tolist() == expected
    slots = np.arange(room + 3, dtype=np.int32)[::-1]
    counts = [len(flat.get(slot, [])) for slot in slots.tolist()]
    assert tokens.counts(slots).tolist() == counts
    assert [tokens.count(slot) for slot in slots.tolist()] == counts
    for slot in slots.tolist():
        numbers = tokens.chosen(slot, 1, 1000)
        assert sorted(numbers) == [*range(len(held.get(slot, [])))]


@settings(max_examples=200)
@given(st.lists(items, max_size=6), st.booleans(), actions, st.data())
def test_counts_and_frequencies_after_any_changes(
    base: list[Item], reload: bool, actions: list[list[Item] | int], data: st.DataObject
) -> None:
    tokens = built(base)
    if reload:
        loaded = Tokens()
        loaded.load(frozen(tokens.arrays()))
        tokens = loaded
    held, room = dict(enumerate(base)), len(base)
    check(tokens, held, room)
    for action in actions:
        if isinstance(action, int):
            # Perhaps one that is gone already, or was never there.
            tokens.remove(action)
            held.pop(action, None)
            continue
        apart = [1 + data.draw(st.integers(0, 2)) for _ in action]
        slots = np.cumsum(apart, dtype=np.int32) + (room - 1)
        put(tokens, slots, action)
        held |= zip(slots.tolist(), action, strict=True)
        room += sum(apart)
    check(tokens, held, room)


@given(items, st.booleans(), st.integers(0, 3), st.integers(0, 20))
def test_the_chosen_windows_are_those_around_the_nearest(
    item: Item, late: bool, best: int, limit: int
) -> None:
    best = max(min(best, len(item) - 1), 0)
    tokens = built([[], [] if late else item])
    if late:
        put(tokens, np.array([2], np.int32), [item])
    found = tokens.chosen(2 if late else 1, best, limit)
    total = sum(len(item[number]) for number in found)
    if found[1:]:
        assert total <= limit
    # The windows nearest to the best, that one first, and no more would have fitted.
    order = sorted(range(len(item)), key=lambda number: abs(number - best))
    assert found == order[: len(found)]
    assert bool(found) == bool(item)
    for left in order[len(found) : len(found) + 1]:
        assert total + len(item[left]) > limit


def test_small_tokens_take_little_space() -> None:
    small, large = built([[[1, 2]]] * 9).arrays(), built([[[1, 70_000]]] * 9).arrays()
    assert small["distinct"].dtype == np.uint16
    assert large["distinct"].dtype == np.int32
    for arrays in (small, large):
        assert arrays["sizes"].dtype == np.uint16
        assert sum(array.nbytes for array in arrays.values()) < 500


def test_no_tokens() -> None:
    tokens = Tokens()
    assert tokens.chosen(1, 0, 10) == []
    assert tokens.counts(np.array([1, 2], np.int32)).tolist() == [0, 0]
    assert tokens.frequencies(np.array([5], np.int32)).tolist() == [0]
    tokens.remove(1)


def test_maxsim_over_bits_is_the_best_cosine_with_plus_or_minus_one() -> None:
    rng = np.random.default_rng(3)
    query = rng.normal(size=(5, D)).astype(np.float32)
    query /= np.linalg.norm(query, axis=1, keepdims=True)
    sizes = [1, 7, 3]
    parts = [rng.normal(size=(size, D)).astype(np.float32) for size in sizes]
    found = maxsim_bits(query, sign_bits(np.concatenate(parts)), np.array([0, 1, 8]))
    for place, part in enumerate(parts):
        signs = np.where(part > 0, 1, -1) / np.sqrt(D)
        assert np.allclose(found[:, place], (query @ signs.T).max(axis=1), atol=1e-6)
