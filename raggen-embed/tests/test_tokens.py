"""What the late lanes keep of items, and how the best of its bits is found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.strengths import maxsim_bits, sign_bits
from raggen_embed.tokens import Tokens, Window

D = 16
Item = list[list[int]]
items: st.SearchStrategy[Item] = st.lists(
    st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=4
)


def windows_of(item: Item) -> list[Window]:
    """Windows of these ids; a token's bits are its id, so that one sees whose they are."""
    return [
        Window(np.array(ids, np.int32), np.array([[i, i] for i in ids], np.uint8).reshape(-1, 2))
        for ids in item
    ]


@given(st.lists(st.tuples(st.integers(0, 8), items | st.none()), max_size=30))
def test_ids_and_frequencies_after_any_changes(actions: list[tuple[int, Item | None]]) -> None:
    tokens, held = Tokens(), dict[int, Item]()
    for slot, item in actions:
        tokens.remove(slot)
        held.pop(slot, None)
        if item is not None:
            tokens.add(slot, windows_of(item))
            held[slot] = item
    flat = {slot: [one for ids in item for one in ids] for slot, item in held.items()}
    asked = np.arange(11, dtype=np.int32)
    expected = [sum(int(one) in own for own in flat.values()) for one in asked]
    assert tokens.frequencies(asked).tolist() == expected
    slots = np.array([8, 3, 0, 1, 2, 4, 7], np.int32)
    ids, starts, having = tokens.ids(slots)
    assert having.tolist() == [at for at, slot in enumerate(slots.tolist()) if flat.get(slot)]
    ends = [*starts.tolist(), len(ids)][1:]
    for place, start, end in zip(having.tolist(), starts.tolist(), ends, strict=True):
        assert ids[start:end].tolist() == flat[int(slots[place])]
    for slot in range(9):
        assert tokens.count(slot) == len(flat.get(slot, []))


@given(items, st.integers(0, 3), st.integers(0, 20))
def test_bits_are_those_of_the_windows_around_the_nearest(
    item: Item, best: int, limit: int
) -> None:
    best = min(best, len(item) - 1)
    tokens = Tokens()
    tokens.add(5, windows_of(item))
    found = tokens.bits(5, best, limit)[:, 0].tolist()
    if len(item) == 1 or len(item[best]) > limit:
        assert found[: len(item[best])] == item[best]
    else:
        assert len(found) <= limit
    # Some run of whole windows, the nearest one in it, in the order of their distance from it.
    order = sorted(range(len(item)), key=lambda at: abs(at - best))
    runs = [[one for at in order[: size + 1] for one in item[at]] for size in range(len(item))]
    assert found in runs
    if sum(map(len, item)) <= limit:
        assert found == runs[-1]


def test_no_tokens() -> None:
    tokens = Tokens()
    assert len(tokens.bits(1, 0, 10)) == 0
    ids, starts, having = tokens.ids(np.array([1, 2], np.int32))
    assert ids.size == starts.size == having.size == 0


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
