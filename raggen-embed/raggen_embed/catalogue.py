"""Which slot of the index is which item, and which slots a search may look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from raggen_embed.reader import Placement

Mask = npt.NDArray[np.bool_]

_NONE = -1


@dataclass(frozen=True)
class Filter:
    """Where to look. The owner is always given: nobody's text reaches somebody else."""

    owner: str
    collections: Sequence[str] | None = None
    conversations: Sequence[str] | None = None
    exclude_conversations: Sequence[str] | None = None
    exclude_ids: Sequence[str] | None = None
    before: datetime | None = None
    after: datetime | None = None


class Catalogue:
    """Columns over slots. A slot is reused when its item is gone. Not thread-safe."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        # Per slot: owner, collection, conversation; _NONE for a slot without an item, or no
        # conversation.
        self._codes = np.full((3, 1024), _NONE, dtype=np.int32)
        self._times = np.full(1024, np.nan, dtype=np.float64)
        self._placed: list[Placement | None] = []
        self._slot_of: dict[int, int] = {}
        self._by_id: dict[tuple[str, str], int] = {}
        self._free: list[int] = []

    def __len__(self) -> int:
        """How many items there are, of all owners."""
        return len(self._slot_of)

    def place(self, placement: Placement) -> tuple[int, int]:
        """Give an item a slot; returns it and the owner's code."""
        slot = self._free.pop() if self._free else len(self._placed)
        if slot == len(self._placed):
            self._placed.append(None)
            self._make_room()
        self._placed[slot] = placement
        self._slot_of[placement.row] = slot
        self._by_id[placement.owner, placement.id] = slot
        owner = self._code(placement.owner)
        conversation = placement.conversation
        self._codes[:, slot] = (
            owner,
            self._code(placement.collection),
            _NONE if conversation is None else self._code(conversation),
        )
        time = placement.timestamp
        self._times[slot] = np.nan if time is None else datetime.fromisoformat(time).timestamp()
        return slot, owner

    def displace(self, row: int) -> int | None:
        """Free the slot of a row; returns it, or None where there was none."""
        slot = self._slot_of.pop(row, None)
        if slot is None:
            return None
        placement = self.at(slot)
        del self._by_id[placement.owner, placement.id]
        self._placed[slot] = None
        self._codes[:, slot] = _NONE
        self._times[slot] = np.nan
        self._free.append(slot)
        return slot

    def at(self, slot: int) -> Placement:
        """The item in a slot."""
        placement = self._placed[slot]
        if placement is None:
            raise LookupError(f"slot {slot} is free")
        return placement

    def owner_code(self, owner: str) -> int:
        """The owner's code, or a number that no slot has."""
        return self._names.get(owner, len(self._names))

    def mask(self, wanted: Filter) -> Mask:
        """bool[slots]: the slots that a search may look at. 0.3 ms at 100,000."""
        count = len(self._placed)
        owners, collections, conversations = self._codes[:, :count]
        mask: Mask = owners == self.owner_code(wanted.owner)
        if wanted.collections is not None:
            mask &= np.isin(collections, self._known(wanted.collections))
        if wanted.conversations is not None:
            mask &= np.isin(conversations, self._known(wanted.conversations))
        if wanted.exclude_conversations is not None:
            mask &= ~np.isin(conversations, self._known(wanted.exclude_conversations))
        for identifier in wanted.exclude_ids or ():
            slot = self._by_id.get((wanted.owner, identifier))
            if slot is not None:
                mask[slot] = False
        # An item without a time is neither before nor after one: comparisons with NaN are false.
        if wanted.before is not None:
            mask &= self._times[:count] < wanted.before.timestamp()
        if wanted.after is not None:
            mask &= self._times[:count] > wanted.after.timestamp()
        return mask

    def _known(self, names: Iterable[str]) -> list[int]:
        return [self._names[name] for name in names if name in self._names]

    def _code(self, name: str) -> int:
        return self._names.setdefault(name, len(self._names))

    def _make_room(self) -> None:
        room = self._codes.shape[1]
        if len(self._placed) > room:
            more = np.full((3, room), _NONE, dtype=np.int32)
            self._codes = np.concatenate([self._codes, more], axis=1)
            self._times = np.concatenate([self._times, np.full(room, np.nan)])
