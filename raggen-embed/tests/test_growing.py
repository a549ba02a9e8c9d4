"""Growing arrays against dictionaries and lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.growing import Column, Lists

numbers = st.integers(-(2**31), 2**31 - 1)


@given(
    st.lists(numbers, max_size=5),
    st.lists(st.tuples(st.integers(0, 300), st.lists(numbers, max_size=3)), max_size=30),
)
def test_a_column_holds_what_was_put_last(
    base: list[int], put: list[tuple[int, list[int]]]
) -> None:
    original = np.array(base, np.int32)
    original.setflags(write=False)
    column = Column(np.int32, -1)
    column.build(original, changes=True)
    held = dict(enumerate(base))
    for slot, values in put:
        if len(values) == 1:
            column.put(slot, values[0])
            held[slot] = values[0]
        else:
            # Together, some behind all that there are.
            first = max(held, default=-1) + 1 + slot
            slots = np.arange(first, first + 2 * len(values), 2, dtype=np.int32)
            column.extend(slots, values)
            held |= zip(slots.tolist(), values, strict=True)
    size = max(held, default=-1) + 1
    expected = [held.get(slot, -1) for slot in range(size)]
    assert len(column) == size
    assert [int(column.at(slot)) for slot in range(size + 2)] == [*expected, -1, -1]
    assert np.concatenate(column.parts).tolist() == expected
    for some in (np.arange(size), np.arange(len(base)), np.arange(len(base), size)):
        backwards = some[::-1].astype(np.int32)
        found = column.take(backwards)
        assert found.dtype == np.int32
        assert found.tolist() == [expected[slot] for slot in backwards.tolist()]
    assert original.tolist() == base


def test_a_base_is_neither_copied_nor_written_to() -> None:
    base = np.arange(4, dtype=np.int32)
    base.setflags(write=False)
    column = Column(np.int32, -1)
    column.build(base)
    column.put(4, 9)
    assert np.shares_memory(column.base, base)
    with pytest.raises(ValueError, match="read-only"):
        column.put(0, 7)


@given(st.lists(st.lists(numbers, max_size=5), max_size=20))
def test_lists_come_back_as_they_went_in(lists: list[list[int]]) -> None:
    kept = Lists()
    kept.extend(lists[:3])
    kept.extend(lists[3:])
    assert len(kept) == len(lists)
    found = [kept[place] for place in range(len(kept))]
    assert [one.tolist() for one in found] == lists
    assert all(one.dtype == np.int32 for one in found)
