"""Which slot of an owner's memory is which item, and which slots a search may look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.columns import Columns
from raggen_embed.growing import Column
from raggen_embed.names import NO_NAME
from raggen_embed.placement import Placement
from raggen_embed.places import Places
from raggen_embed.script import SCRIPTS, Script

Mask = npt.NDArray[np.bool_]
Slots = npt.NDArray[np.int32]

_DAY = 86_400


@dataclass(frozen=True)
class Filter:
    """Where to look among an owner's items; ``exclude_rows`` are rows of the store."""

    collections: Sequence[str] | None = None
    conversations: Sequence[str] | None = None
    exclude_conversations: Sequence[str] | None = None
    exclude_rows: Sequence[int] | None = None
    before: datetime | None = None
    after: datetime | None = None
    scripts: Sequence[Script] | None = None


class Catalogue:
    """Columns over slots. Not thread-safe.

    A new item's slot is greater than all before: none is ever used again. Names that no item uses
    any more, and what is known of removed items, stay until the next base is made (``build``).
    """

    def __init__(self) -> None:
        """Make an empty one."""
        self.places = Places()
        self._here = Column(np.bool_, nothing=False)
        self._sequences = Column(np.int64, 0)
        self._asking = Column(np.float32, 0)
        self._scripts = Column(np.int8, 0)
        # Of the items behind the base; those of the base are found by their rows, which rise.
        self._slots: dict[int, int] = {}
        self._of_script = [0] * len(SCRIPTS)

    def __len__(self) -> int:
        """How many items there are."""
        return sum(self._of_script)

    @property
    def room(self) -> int:
        """How many slots there are, those of removed items included."""
        return len(self._here)

    def build(self, columns: Columns) -> None:
        """Fill the empty catalogue with many items at once: item i is slot i."""
        self.places.build(columns)
        self._fill(
            {
                "sequences": columns.sequences,
                "asking": columns.asking,
                "scripts": columns.scripts,
            }
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs, of a catalogue that was just built."""
        return {
            **self.places.arrays(),
            "sequences": self._sequences.base,
            "asking": self._asking.base,
            "scripts": self._scripts.base,
        }

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty catalogue with what ``arrays`` gave, which may stay mapped."""
        self.places.load(arrays)
        self._fill(arrays)

    def _fill(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._sequences.build(arrays["sequences"])
        self._asking.build(arrays["asking"])
        self._scripts.build(arrays["scripts"])
        self._here.build(np.ones(len(arrays["scripts"]), np.bool_), changes=True)
        counts = np.bincount(self._scripts.base, minlength=len(SCRIPTS))
        self._of_script = counts.tolist()

    def place(
        self, placements: Sequence[Placement], scripts: Sequence[Script], asking: Sequence[float]
    ) -> Slots:
        """Give items, whose rows have none, slots one after another: int32[n].

        ``asking``: the share of each item's sentences that asks.
        """
        slots = np.arange(self.room, self.room + len(placements), dtype=np.int32)
        rows = [one.row for one in placements]
        names = (
            [one.collection for one in placements],
            [one.conversation for one in placements],
            [one.session for one in placements],
            [one.parent for one in placements],
        )
        times = [one.timestamp for one in placements]
        self.places.extend(slots, names, [one.seq for one in placements], times, rows)
        numbers = [SCRIPTS.index(one) for one in scripts]
        self._sequences.extend(slots, [one.sequence for one in placements])
        self._asking.extend(slots, asking)
        self._scripts.extend(slots, numbers)
        self._here.extend(slots, values=True)
        self._slots.update(zip(rows, slots.tolist(), strict=True))
        for number in numbers:
            self._of_script[number] += 1
        return slots

    def displace(self, row: int) -> int | None:
        """Forget the item of a row; returns the slot that it had, or None where there was none."""
        slot = self.slot_of(row)
        if slot is None:
            return None
        self._slots.pop(row, None)
        self._here.put(slot, value=False)
        self._of_script[int(self._scripts.at(slot))] -= 1
        return slot

    def slot_of(self, row: int) -> int | None:
        """The slot of a row's item, if it is here."""
        slot = self._slots.get(row)
        if slot is not None:
            return slot
        rows = self.places.row.base
        place = int(np.searchsorted(rows, row))
        return place if place < len(rows) and rows[place] == row and self._here.at(place) else None

    def slots_of(self, rows: Iterable[int]) -> Slots:
        """The slots of those rows' items that are here."""
        found = [slot for row in rows if (slot := self.slot_of(row)) is not None]
        return np.array(found, dtype=np.int32)

    def stored(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """int64[len(self)] each: the store's rows of all items, rising, and the generations that
        wrote them."""
        here = np.flatnonzero(np.concatenate(self._here.parts))
        rows, sequences = self.versions(here.astype(np.int32))
        order = np.argsort(rows)
        return rows[order], sequences[order]

    def versions(self, slots: Slots) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """int64[n] each: the store's rows of items, and the generations that wrote them."""
        return self.places.row.take(slots), self._sequences.take(slots)

    def asking(self, slots: Slots) -> npt.NDArray[np.float32]:
        """float32[n]: the share of each item's sentences that asks."""
        return self._asking.take(slots)

    def in_chat(self, slots: Slots) -> Mask:
        """bool[n]: whether each item was said in a conversation."""
        return np.asarray(self.places.conversation.take(slots) != NO_NAME, np.bool_)

    def count(self, script: Script) -> int:
        """How many items are in a script."""
        return self._of_script[SCRIPTS.index(script)]

    def scripts(self, slots: Slots) -> npt.NDArray[np.int8]:
        """int8[n]: the place of each item's script in SCRIPTS."""
        return self._scripts.take(slots)

    def ages(self, slots: Slots, now: float) -> npt.NDArray[np.float32]:
        """float32[n]: days since each item's time; NaN without one.

        ``now`` is in seconds since 1970.
        """
        return ((now - self.places.time.take(slots)) / _DAY).astype(np.float32)

    def mask(self, wanted: Filter) -> Mask | None:
        """bool[room]: the slots that a search may look at; None for every item there is."""
        if wanted == Filter():
            return None
        places = self.places
        parts = [self._here.parts, places.collection.parts, places.conversation.parts]
        halves = [
            self._allowed(wanted, here, collections, conversations, times, scripts)
            for here, collections, conversations, times, scripts in zip(
                *parts, places.time.parts, self._scripts.parts, strict=True
            )
        ]
        mask = np.concatenate(halves)
        mask[self.slots_of(wanted.exclude_rows or ())] = False
        return mask

    def _allowed(
        self,
        wanted: Filter,
        here: Mask,
        collections: npt.NDArray[np.int32],
        conversations: npt.NDArray[np.int32],
        times: npt.NDArray[np.float64],
        scripts: npt.NDArray[np.int8],
    ) -> Mask:
        mask = here.copy()
        if wanted.scripts is not None:
            mask &= np.isin(scripts, [SCRIPTS.index(one) for one in wanted.scripts])
        if wanted.collections is not None:
            mask &= np.isin(collections, self._known(wanted.collections))
        if wanted.conversations is not None:
            mask &= np.isin(conversations, self._known(wanted.conversations))
        if wanted.exclude_conversations is not None:
            mask &= ~np.isin(conversations, self._known(wanted.exclude_conversations))
        # An item without a time is neither before nor after one: comparisons with NaN are false.
        if wanted.before is not None:
            mask &= times < wanted.before.timestamp()
        if wanted.after is not None:
            mask &= times > wanted.after.timestamp()
        return mask

    def _known(self, names: Iterable[str]) -> list[int]:
        codes = (self.places.names.find(name) for name in names)
        return [code for code in codes if code is not None]
