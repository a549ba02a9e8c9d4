"""What stands beside an item: in its session of a chat, or among the sentences of its parent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.growing import Column
from raggen_embed.names import NO_NAME
from raggen_embed.places import NO_SEQ, Places

Slots = npt.NDArray[np.int32]

NONE: Final = -1
# An item without a number in its session stands behind those that have one.
_LAST: Final = 1 << 62

_Group = tuple[int, int, int, int]  # codes of collection, conversation, session, parent


class Neighbours:
    """Groups of items in order, as a linked list over slots. Not thread-safe.

    Items are ordered by number, then by time (those without one come first), then by row. A group
    that is empty stays until the next base is made (``build``).
    """

    def __init__(self, places: Places) -> None:
        """Make an empty one, of items that ``places`` tells of."""
        self._places = places
        # The groups of the base, int32[4, g], sorted; a group's number is its place. Then those
        # that came later.
        self._groups = np.zeros((4, 0), np.int32)
        self._added: dict[_Group, int] = {}
        self._last = Column(np.int32, NONE)  # by group
        # By slot.
        self._group = Column(np.int32, NONE)
        self._before = Column(np.int32, NONE)
        self._after = Column(np.int32, NONE)

    def build(self) -> None:
        """Put everything that ``places`` tells of, which was just built, into groups at once."""
        groups = self._groups_of_all()
        grouped = np.flatnonzero((groups[1:] != NO_NAME).any(axis=0)).astype(np.int32)
        # The last key counts most.
        keys = [*self._keys(grouped)[::-1], *groups[::-1, grouped]]
        order = grouped[np.lexsort(keys)]
        groups = groups[:, order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (groups[:, 1:] != groups[:, :-1]).any(axis=0)
        last = np.ones(len(order), np.bool_)
        last[:-1] = first[1:]
        links = np.full((3, len(self._places.row)), NONE, np.int32)
        links[0, order] = np.cumsum(first) - 1
        links[1, order[~first]] = order[:-1][~last[:-1]]
        links[2, order[~last]] = order[1:][~first[1:]]
        self.load({"groups": groups[:, first], "last": order[last], "links": links})

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs, of neighbours that were just built."""
        links = np.stack([self._group.base, self._before.base, self._after.base])
        return {"groups": self._groups, "last": self._last.base, "links": links}

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty one with what ``arrays`` gave; all but the links may stay mapped."""
        self._groups = np.ascontiguousarray(arrays["groups"])
        self._last.build(arrays["last"], changes=True)
        for column, links in zip(
            (self._group, self._before, self._after), arrays["links"], strict=True
        ):
            column.build(links, changes=True)

    def extend(self, slots: Slots) -> None:
        """Put items, which ``places`` tells of already, into their groups; their slots rise and are
        greater than all before."""
        groups = self._groups_of(slots)
        # What comes together is often in one group.
        numbers = {
            group: NONE if group is None else self._number(group) for group in dict.fromkeys(groups)
        }
        own = [numbers[group] for group in groups]
        self._group.extend(slots, own)
        self._before.extend(slots, NONE)
        self._after.extend(slots, NONE)
        for slot, number in zip(slots.tolist(), own, strict=True):
            if number != NONE:
                self._put(slot, number)

    def _put(self, slot: int, number: int) -> None:
        """Put an item into its group, in which are those of smaller slots."""
        last = int(self._last.at(number))
        before, after = (NONE, NONE) if last == NONE else self._beside(slot, number, last)
        if after == NONE:
            self._last.put(number, slot)
        self._join(before, slot)
        self._join(slot, after)

    def remove(self, slot: int) -> None:
        """Take an item out of its group; its neighbours become each other's."""
        number = int(self._group.at(slot))
        if number == NONE:
            return
        before, after = int(self._before.at(slot)), int(self._after.at(slot))
        if after == NONE:
            self._last.put(number, before)
        for column in (self._group, self._before, self._after):
            column.put(slot, NONE)
        self._join(before, after)

    def groups(self, slots: Slots) -> npt.NDArray[np.int64]:
        """int64[n]: a number for each item's group, NONE for none."""
        return np.asarray(self._group.take(slots), np.int64)

    def before(self, slots: Slots, away: int) -> Slots:
        """int32[n]: the slot ``away`` places earlier, NONE where there is none."""
        return _walk(self._before, slots, away)

    def after(self, slots: Slots, away: int) -> Slots:
        """int32[n]: the slot ``away`` places later, NONE where there is none."""
        return _walk(self._after, slots, away)

    def _join(self, before: int, after: int) -> None:
        if before != NONE:
            self._after.put(before, after)
        if after != NONE:
            self._before.put(after, before)

    # Groups: a parent's sentences, or a session's messages; a chat without sessions is one.

    def _groups_of_all(self) -> npt.NDArray[np.int32]:
        """int32[4, n]: the group of each item of the base, NO_NAME in all but the first for
        none."""
        groups = np.stack([column.base for column in self._places.codes])
        groups[1:3, groups[3] != NO_NAME] = NO_NAME
        return groups

    def _groups_of(self, slots: Slots) -> list[_Group | None]:
        codes = [column.take(slots).tolist() for column in self._places.codes]
        return [_group_of(*own) for own in zip(*codes, strict=True)]

    def _number(self, group: _Group) -> int:
        """A group's number, a new one for a new group."""
        start, end = 0, self._groups.shape[1]
        for codes, code in zip(self._groups, group, strict=True):
            within = codes[start:end]
            end = start + int(np.searchsorted(within, code, "right"))
            start += int(np.searchsorted(within, code))
        if start < end:
            return start
        return self._added.setdefault(group, self._groups.shape[1] + len(self._added))

    # The order within a group

    def _beside(self, slot: int, number: int, last: int) -> tuple[int, int]:
        """The slots before and after a new one's place in a group, of which ``last`` is the
        last."""
        if self._rank(slot) > self._rank(last):
            return last, NONE
        base, added = self._group.parts
        earlier = added[: slot - len(base)]
        members = np.concatenate(
            [np.flatnonzero(base == number), np.flatnonzero(earlier == number) + len(base)]
        ).astype(np.int32)
        keys = seqs, times, rows = self._keys(members)
        seq, time, row = self._rank(slot)
        within = (times < time) | ((times == time) & (rows < row))
        near = np.flatnonzero((seqs < seq) | ((seqs == seq) & within))
        if not len(near):
            return NONE, int(members[self._before.take(members) == NONE][0])
        # The last of the earlier ones.
        for key in keys:
            near = near[key[near] == key[near].max()]
        before = int(members[near[0]])
        return before, int(self._after.at(before))

    def _rank(self, slot: int) -> tuple[int, float, int]:
        places = self._places
        seq, time = int(places.seq.at(slot)), float(places.time.at(slot))
        return (
            _LAST if seq == NO_SEQ else seq,
            -math.inf if math.isnan(time) else time,
            int(places.row.at(slot)),
        )

    def _keys(self, slots: Slots) -> tuple[npt.NDArray[Any], ...]:
        """Ranks as columns, [n] each."""
        places = self._places
        seq, time = places.seq.take(slots), places.time.take(slots)
        return (
            np.where(seq == NO_SEQ, _LAST, seq),
            np.where(np.isnan(time), -np.inf, time),
            places.row.take(slots),
        )


def _group_of(collection: int, conversation: int, session: int, parent: int) -> _Group | None:
    if parent != NO_NAME:
        return collection, NO_NAME, NO_NAME, parent
    if conversation == session == NO_NAME:
        return None
    return collection, conversation, session, NO_NAME


def _walk(links: Column[np.int32], slots: Slots, away: int) -> Slots:
    for _ in range(away):
        gone = slots == NONE
        slots = links.take(np.maximum(slots, 0))
        slots[gone] = NONE
    return slots.astype(np.int32)
