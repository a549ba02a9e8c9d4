"""What stands beside an item: in its session of a chat, or among the sentences of its parent."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from datetime import datetime
from typing import Final

import numpy as np
import numpy.typing as npt

from raggen_embed.loading import Placement

Slots = npt.NDArray[np.int32]

NONE: Final = -1
_FIRST_ROOM: Final = 256
# An item without a number in its session stands behind those that have one.
_LAST: Final = 1 << 62

_Place = tuple[int, float, int, int]  # seq, seconds since 1970, row, slot
_Group = tuple[str, str, str | None, str | None]


class Neighbours:
    """Groups of items in order, as a linked list over slots. Not thread-safe."""

    def __init__(self) -> None:
        self._numbers: dict[_Group, int] = {}
        self._members: dict[int, list[_Place]] = {}
        self._placed: dict[int, _Place] = {}
        self._next_number = 0
        # Per slot: group, slot before, slot after.
        self._links = np.full((3, _FIRST_ROOM), NONE, dtype=np.int32)

    def add(self, slot: int, placement: Placement) -> None:
        """Put an item into its group, if it is in one."""
        while slot >= self._links.shape[1]:
            more = np.full_like(self._links, NONE)
            self._links = np.concatenate([self._links, more], axis=1)
        group = _group_of(placement)
        if group is None:
            return
        number = self._numbers.get(group)
        if number is None:
            number = self._numbers[group] = self._next_number
            self._members[number] = []
            self._next_number += 1
        place = _place_of(placement, slot)
        members = self._members[number]
        insort(members, place)
        self._placed[slot] = place
        at = bisect_left(members, place)
        before = members[at - 1][-1] if at else NONE
        after = members[at + 1][-1] if at + 1 < len(members) else NONE
        self._links[:, slot] = (number, before, after)
        self._join(before, slot)
        self._join(slot, after)

    def remove(self, slot: int, placement: Placement) -> None:
        """Take an item out of its group; its neighbours become each other's."""
        place = self._placed.pop(slot, None)
        if place is None:
            return
        number, before, after = self._links[:, slot].tolist()
        members = self._members[number]
        del members[bisect_left(members, place)]
        if not members:
            del self._members[number]
            group = _group_of(placement)
            if group is not None:
                del self._numbers[group]
        self._links[:, slot] = NONE
        self._join(before, after)

    def groups(self, slots: Slots) -> npt.NDArray[np.int64]:
        """int64[n]: a number for each item's group, NONE for none."""
        return np.asarray(self._links[0, slots], np.int64)

    def before(self, slots: Slots, away: int) -> Slots:
        """int32[n]: the slot ``away`` places earlier, NONE where there is none."""
        return self._walk(1, slots, away)

    def after(self, slots: Slots, away: int) -> Slots:
        """int32[n]: the slot ``away`` places later, NONE where there is none."""
        return self._walk(2, slots, away)

    def _walk(self, direction: int, slots: Slots, away: int) -> Slots:
        for _ in range(away):
            slots = np.where(slots == NONE, NONE, self._links[direction, slots])
        return slots.astype(np.int32)

    def _join(self, before: int, after: int) -> None:
        if before != NONE:
            self._links[2, before] = after
        if after != NONE:
            self._links[1, after] = before


def _place_of(placement: Placement, slot: int) -> _Place:
    """By number, then by time, which has many spellings: those without one come first."""
    seq = _LAST if placement.seq is None else placement.seq
    time = placement.timestamp
    seconds = -math.inf if time is None else datetime.fromisoformat(time).timestamp()
    return seq, seconds, placement.row, slot


def _group_of(placement: Placement) -> _Group | None:
    """A parent's sentences, or a session's messages; a chat without sessions is one."""
    if placement.parent is not None:
        return "parent", placement.collection, placement.parent, None
    if placement.conversation is None and placement.session is None:
        return None
    return "chat", placement.collection, placement.conversation, placement.session
