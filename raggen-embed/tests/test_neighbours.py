"""Neighbours against sorting each group anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

import numpy as np
from frozen import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.columns import Columns
from raggen_embed.neighbours import NONE, Neighbours
from raggen_embed.places import Places


@dataclass(frozen=True)
class Spot:
    """Where an item stands."""

    collection: str = "messages"
    conversation: str | None = None
    session: str | None = None
    parent: str | None = None
    seq: int | None = None
    timestamp: str | None = None
    row: int = 0

    @property
    def group(self) -> tuple[object, ...] | None:
        if self.parent is not None:
            return "parent", self.collection, self.parent
        if self.conversation is None and self.session is None:
            return None
        return "chat", self.collection, self.conversation, self.session

    @property
    def rank(self) -> tuple[float, datetime, int]:
        """Without a number last, without a time first."""
        seq = float("inf") if self.seq is None else self.seq
        time = self.timestamp or "0001-01-01T00:00:00Z"
        return seq, datetime.fromisoformat(time), self.row


# As clients and the store may write them; as strings they are in another order.
TIMES = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.500000Z",
    "2026-01-01T00:00:00.500000+00:00",
    "2026-01-01T02:00:00+03:00",
    "2026-01-01T00:00:01+00:00",
]
few = st.sampled_from([None, "a", "b"])
spots = st.builds(
    Spot,
    collection=st.sampled_from(["messages", "documents"]),
    conversation=few,
    session=few,
    parent=few,
    seq=st.none() | st.integers(0, 5),
    timestamp=st.none() | st.sampled_from(TIMES),
)


class World:
    """Places and neighbours, and what they must hold: slot → spot."""

    def __init__(self, base: list[Spot], *, reload: bool = False) -> None:
        self.places = Places()
        self.places.build(columns(base))
        self.neighbours = Neighbours(self.places)
        self.neighbours.build()
        if reload:
            places = Places()
            places.load(frozen(self.places.arrays()))
            neighbours = Neighbours(places)
            neighbours.load(frozen(self.neighbours.arrays()))
            self.places, self.neighbours = places, neighbours
        self.held = dict(enumerate(base))
        self.room = len(base)

    def add(self, *spots: Spot) -> None:
        slots = np.arange(self.room, self.room + len(spots), dtype=np.int32)
        names = (
            [spot.collection for spot in spots],
            [spot.conversation for spot in spots],
            [spot.session for spot in spots],
            [spot.parent for spot in spots],
        )
        times = [spot.timestamp for spot in spots]
        seqs = [spot.seq for spot in spots]
        self.places.extend(slots, names, seqs, times, [spot.row for spot in spots])
        self.neighbours.extend(slots)
        self.held |= zip(slots.tolist(), spots, strict=True)
        self.room += len(spots)

    def remove(self, slot: int) -> None:
        self.neighbours.remove(slot)
        self.held.pop(slot, None)

    def ordered(self) -> list[list[int]]:
        """Each group's slots in order."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for slot, spot in self.held.items():
            if spot.group is not None:
                groups.setdefault(spot.group, []).append(slot)
        return [sorted(own, key=lambda slot: self.held[slot].rank) for own in groups.values()]

    def check(self) -> None:
        slots = np.arange(self.room, dtype=np.int32)
        numbers = self.neighbours.groups(slots)
        groups = self.ordered()
        expected = np.full(self.room, NONE)
        for members in groups:
            expected[members] = numbers[members[0]]
        assert numbers.tolist() == expected.tolist()
        assert len({*numbers.tolist()} - {NONE}) == len(groups)
        for away in (0, 1, 2, 3):
            before = np.full(self.room, NONE) if away else slots.copy()
            after = before.copy()
            for members in groups:
                for place, slot in enumerate(members):
                    before[slot] = members[place - away] if place >= away else NONE
                    after[slot] = members[place + away] if place + away < len(members) else NONE
            assert self.neighbours.before(slots, away).tolist() == before.tolist()
            assert self.neighbours.after(slots, away).tolist() == after.tolist()

    def chain(self, slot: int) -> list[int]:
        found = [slot]
        while (
            following := int(self.neighbours.after(np.array(found[-1:], np.int32), 1)[0])
        ) != NONE:
            found.append(following)
        return found


def columns(base: list[Spot]) -> Columns:
    count = len(base)
    return Columns(
        rows=np.array([one.row for one in base], np.int64),
        sequences=np.ones(count, np.int64),
        collections=[one.collection for one in base],
        conversations=[one.conversation for one in base],
        sessions=[one.session for one in base],
        parents=[one.parent for one in base],
        seq=np.array([-1 if one.seq is None else one.seq for one in base], np.int64),
        timestamps=[one.timestamp for one in base],
        scripts=np.zeros(count, np.int8),
        asking=np.zeros(count, np.float32),
    )


@settings(max_examples=300)
@given(
    st.lists(spots, max_size=12),
    st.booleans(),
    st.lists(st.lists(spots, max_size=4) | st.integers(0, 30), max_size=20),
    st.randoms(use_true_random=False),
)
def test_the_links_are_the_order_of_each_group_after_any_changes(
    base: list[Spot], reload: bool, steps: list[list[Spot] | int], random: Random
) -> None:
    # An item that is replaced keeps its row, which may be any by then.
    rows = random.sample(range(1000), len(base) + 4 * len(steps))
    rows[: len(base)] = sorted(rows[: len(base)])
    world = World(
        [replace(one, row=row) for one, row in zip(base, rows, strict=False)], reload=reload
    )
    world.check()
    unused = iter(rows[len(base) :])
    for step in steps:
        if isinstance(step, int):
            # Perhaps one that is gone already, or was never there.
            world.remove(step)
        else:
            world.add(*(replace(spot, row=next(unused)) for spot in step))
    world.check()


def test_kinds_of_groups() -> None:
    """A parent's sentences, a session's messages, a chat without sessions; nothing else mixes."""
    chat, parent = Spot(conversation="c"), Spot(parent="c")
    wanted = [
        [replace(chat, seq=2, row=1), replace(chat, seq=1, row=2)],
        [replace(chat, session="s", row=3, seq=9), replace(chat, session="s", row=4)],
        # The same session's name elsewhere.
        [Spot(conversation="d", session="s", row=5)],
        # A parent of the same name.
        [replace(parent, seq=0, row=6), replace(parent, row=7)],
        [replace(chat, parent="p", row=8)],
        [replace(chat, collection="documents", row=9)],
        # A session without a chat.
        [Spot(session="s", row=10)],
        [Spot(row=11)],
    ]
    flat = [spot for members in wanted for spot in members]
    at_once, one_by_one = World(flat), World([])
    for spot in flat:
        one_by_one.add(spot)
    for world in (at_once, one_by_one):
        assert world.chain(10) == [10]
        assert world.chain(1) == [1, 0]
        assert world.chain(2) == [2, 3]
        assert world.chain(5) == [5, 6]
        numbers = world.neighbours.groups(np.arange(11, dtype=np.int32)).tolist()
        apart = [
            {*numbers[:2]},
            {*numbers[2:4]},
            {numbers[4]},
            {*numbers[5:7]},
            *({n} for n in numbers[7:]),
        ]
        assert all(len(own) == 1 for own in apart)
        assert len({own.pop() for own in apart}) == len(wanted)
        assert numbers[10] == NONE


def test_thousands_of_slots() -> None:
    order = np.random.default_rng(0).permutation(3000)
    spots = [Spot(conversation="c", seq=seq, row=row) for row, seq in enumerate(order.tolist())]
    first = int(np.flatnonzero(order == 0)[0])
    for base in (0, 1000, 3000):
        world = World(spots[:base])
        for first_of in range(base, len(spots), 300):
            world.add(*spots[first_of : first_of + 300])
        assert world.chain(first) == np.argsort(order).tolist()
