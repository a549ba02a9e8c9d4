"""Which slot of an owner's memory is which item, and which slots a search may look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from raggen_embed.loading import Placement
from raggen_embed.script import SCRIPTS, Script

Mask = npt.NDArray[np.bool_]

_NONE = -1
_FIRST_ROOM = 256
_DAY = 86_400


@dataclass(frozen=True)
class Filter:
    """Where to look among an owner's items."""

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
        # Per slot: collection (_NONE for a slot without an item), conversation (_NONE for none).
        self._codes = np.full((2, _FIRST_ROOM), _NONE, dtype=np.int32)
        self._times = np.full(_FIRST_ROOM, np.nan, dtype=np.float64)
        self._asking = np.zeros(_FIRST_ROOM, dtype=np.float32)
        self._scripts = np.zeros(_FIRST_ROOM, dtype=np.int8)
        # Per slot: the store's row, and the generation that wrote it.
        self._versions = np.zeros((2, _FIRST_ROOM), dtype=np.int64)
        self._placed: list[Placement | None] = []
        self._slot_of: dict[int, int] = {}
        self._by_id: dict[str, int] = {}
        self._free: list[int] = []
        self._of_script = dict.fromkeys(SCRIPTS, 0)

    def __len__(self) -> int:
        """How many items there are."""
        return len(self._slot_of)

    @property
    def room(self) -> int:
        """How many slots there are, free ones included."""
        return len(self._placed)

    def place(self, placement: Placement, script: Script, asking: float) -> int:
        """Give an item a slot; ``asking`` is the share of its sentences that asks."""
        slot = self._free.pop() if self._free else len(self._placed)
        if slot == len(self._placed):
            self._placed.append(None)
            self._make_room()
        self._placed[slot] = placement
        self._slot_of[placement.row] = slot
        self._by_id[placement.id] = slot
        conversation = placement.conversation
        self._codes[:, slot] = (
            self._code(placement.collection),
            _NONE if conversation is None else self._code(conversation),
        )
        time = placement.timestamp
        self._times[slot] = np.nan if time is None else datetime.fromisoformat(time).timestamp()
        self._asking[slot] = asking
        self._scripts[slot] = SCRIPTS.index(script)
        self._versions[:, slot] = (placement.row, placement.sequence)
        self._of_script[script] += 1
        return slot

    def displace(self, row: int) -> tuple[int, Placement] | None:
        """Free the slot of a row; returns it and its item, or None where there was none."""
        slot = self._slot_of.pop(row, None)
        if slot is None:
            return None
        placement = self._placed[slot]
        if placement is None:
            raise LookupError(f"slot {slot} is free")
        del self._by_id[placement.id]
        self._placed[slot] = None
        self._codes[:, slot] = _NONE
        self._times[slot] = np.nan
        self._of_script[SCRIPTS[self._scripts[slot]]] -= 1
        self._free.append(slot)
        return slot, placement

    def versions(
        self, slots: npt.NDArray[np.int32]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """int64[n] each: the store's rows of items, and the generations that wrote them."""
        rows, sequences = self._versions[:, slots]
        return rows, sequences

    def asking(self, slots: npt.NDArray[np.int32]) -> npt.NDArray[np.float32]:
        """float32[n]: the share of each item's sentences that asks."""
        return self._asking[slots]

    def in_chat(self, slots: npt.NDArray[np.int32]) -> Mask:
        """bool[n]: whether each item was said in a conversation."""
        return np.asarray(self._codes[1, slots] != _NONE, np.bool_)

    def count(self, script: Script) -> int:
        """How many items are in a script."""
        return self._of_script[script]

    def scripts(self, slots: npt.NDArray[np.int32]) -> npt.NDArray[np.int8]:
        """int8[n]: the place of each item's script in SCRIPTS."""
        return self._scripts[slots]

    def ages(self, slots: npt.NDArray[np.int32], now: float) -> npt.NDArray[np.float32]:
        """float32[n]: days since each item's time; NaN without one.

        ``now`` is in seconds since 1970.
        """
        return ((now - self._times[slots]) / _DAY).astype(np.float32)

    def slots_of(self, ids: Iterable[str]) -> npt.NDArray[np.int32]:
        """The slots of those ids that there are."""
        found = [self._by_id[one] for one in ids if one in self._by_id]
        return np.array(found, dtype=np.int32)

    def mask(self, wanted: Filter) -> Mask | None:
        """bool[slots]: the slots that a search may look at; None for every item there is."""
        if wanted == Filter():
            return None
        count = self.room
        collections, conversations = self._codes[:, :count]
        mask: Mask = collections != _NONE
        if wanted.collections is not None:
            mask &= np.isin(collections, self._known(wanted.collections))
        if wanted.conversations is not None:
            mask &= np.isin(conversations, self._known(wanted.conversations))
        if wanted.exclude_conversations is not None:
            mask &= ~np.isin(conversations, self._known(wanted.exclude_conversations))
        mask[self.slots_of(wanted.exclude_ids or ())] = False
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
            more = np.full((2, room), _NONE, dtype=np.int32)
            self._codes = np.concatenate([self._codes, more], axis=1)
            self._times = np.concatenate([self._times, np.full(room, np.nan)])
            self._asking = np.concatenate([self._asking, np.zeros(room, np.float32)])
            self._scripts = np.concatenate([self._scripts, np.zeros(room, np.int8)])
            self._versions = np.concatenate([self._versions, np.zeros_like(self._versions)], axis=1)
