"""Neighbours against sorting each group anew."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.loading import Placement
from raggen_embed.neighbours import NONE, Neighbours

SLOTS = 10
NOTHING = Placement(
    row=0, sequence=1, owner="o", id="i", collection="messages", conversation=None, session=None,
    parent=None, seq=None, timestamp=None,
)  # fmt: skip
# As clients and the store may write them; as strings they are in another order.
TIMES = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.500000Z",
    "2026-01-01T00:00:00.500000+00:00",
    "2026-01-01T02:00:00+03:00",
    "2026-01-01T00:00:01+00:00",
]
few = st.sampled_from([None, "a", "b"])
placements = st.builds(
    Placement,
    row=st.integers(1, 10**6),
    sequence=st.just(1),
    owner=st.just("o"),
    id=st.just("i"),
    collection=st.sampled_from(["messages", "documents"]),
    conversation=few,
    session=few,
    parent=few,
    seq=st.none() | st.integers(0, 5),
    timestamp=st.none() | st.sampled_from(TIMES),
)
Steps = list[tuple[int, Placement | None]]


def group(one: Placement) -> tuple[object, ...] | None:
    if one.parent is not None:
        return "parent", one.collection, one.parent
    if one.conversation is None and one.session is None:
        return None
    return "chat", one.collection, one.conversation, one.session


def ordered(held: dict[int, Placement]) -> dict[tuple[object, ...], list[int]]:
    """Each group's slots by (seq, time, row); without a number last, without a time first."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for slot in held:
        if (own := group(held[slot])) is not None:
            groups.setdefault(own, []).append(slot)

    def key(slot: int) -> tuple[float, datetime, int, int]:
        one = held[slot]
        seq = float("inf") if one.seq is None else one.seq
        time = one.timestamp or "0001-01-01T00:00:00Z"
        return seq, datetime.fromisoformat(time), one.row, slot

    return {own: sorted(slots, key=key) for own, slots in groups.items()}


def check(neighbours: Neighbours, held: dict[int, Placement]) -> None:
    slots = np.arange(SLOTS, dtype=np.int32)
    numbers = neighbours.groups(slots).tolist()
    groups = ordered(held)
    assert len({number for number in numbers if number != NONE}) == len(groups)
    for away in (0, 1, 2, 3):
        before = np.full(SLOTS, NONE)
        after = np.full(SLOTS, NONE)
        for members in groups.values():
            assert len({numbers[slot] for slot in members}) == 1
            for place, slot in enumerate(members):
                before[slot] = members[place - away] if place >= away else NONE
                after[slot] = members[place + away] if place + away < len(members) else NONE
        inside = np.array([slot for members in groups.values() for slot in members], np.int32)
        assert neighbours.before(inside, away).tolist() == before[inside].tolist()
        assert neighbours.after(inside, away).tolist() == after[inside].tolist()
    alone = [slot for slot in range(SLOTS) if slot not in held or group(held[slot]) is None]
    assert [numbers[slot] for slot in alone] == [NONE] * len(alone)
    for away in (1, 2):
        assert set(neighbours.before(np.array(alone, np.int32), away).tolist()) <= {NONE}
        assert set(neighbours.after(np.array(alone, np.int32), away).tolist()) <= {NONE}


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, SLOTS - 1), placements | st.none()), max_size=40))
def test_the_links_are_the_order_of_each_group_after_any_changes(steps: Steps) -> None:
    neighbours, held = Neighbours(), dict[int, Placement]()
    for slot, placement in steps:
        if slot in held:
            neighbours.remove(slot, held.pop(slot))
        if placement is not None:
            neighbours.add(slot, placement)
            held[slot] = placement
    check(neighbours, held)
    # Nothing is kept of groups that are empty now.
    assert len(neighbours._numbers) == len(neighbours._members) == len(ordered(held))


def chain(neighbours: Neighbours, slot: int) -> list[int]:
    found = [slot]
    while (following := int(neighbours.after(np.array(found[-1:], np.int32), 1)[0])) != NONE:
        found.append(following)
    return found


def test_kinds_of_groups() -> None:
    """A parent's sentences, a session's messages, a chat without sessions; nothing else mixes."""
    say = dataclasses.replace
    chat, parent = say(NOTHING, conversation="c"), say(NOTHING, parent="c")
    wanted = {
        "a chat without sessions": [say(chat, seq=2, row=1), say(chat, seq=1, row=2)],
        "a session of it": [say(chat, session="s", row=3, seq=9), say(chat, session="s", row=4)],
        "the same session name elsewhere": [say(NOTHING, conversation="d", session="s", row=5)],
        "a parent of the same name": [say(parent, seq=0, row=6), say(parent, row=7)],
        "a parent in a chat": [say(chat, parent="p", row=8)],
        "another collection": [say(chat, collection="documents", row=9)],
        "a session without a chat": [say(NOTHING, session="s", row=10)],
    }
    neighbours = Neighbours()
    slot = 0
    slots: dict[str, list[int]] = {}
    for name, members in wanted.items():
        for placement in members:
            slots.setdefault(name, []).append(slot)
            neighbours.add(slot, placement)
            slot += 1
    neighbours.add(slot, NOTHING)
    assert chain(neighbours, slot) == [slot]
    assert chain(neighbours, 1) == [1, 0]
    assert chain(neighbours, 2) == [2, 3]
    assert chain(neighbours, 5) == [5, 6]
    numbers = {name: {int(neighbours.groups(np.array(own, np.int32))[i]) for i in range(len(own))}
               for name, own in slots.items()}  # fmt: skip
    assert all(len(own) == 1 for own in numbers.values())
    assert len({own.pop() for own in numbers.values()}) == len(wanted)


def test_thousands_of_slots() -> None:
    neighbours = Neighbours()
    order = np.random.default_rng(0).permutation(3000)
    for slot, seq in enumerate(order.tolist()):
        neighbours.add(slot, dataclasses.replace(NOTHING, conversation="c", seq=seq, row=slot))
    first = int(np.flatnonzero(order == 0)[0])
    assert chain(neighbours, first) == np.argsort(order).tolist()
