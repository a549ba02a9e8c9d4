"""The windows that came after a dense lane was built: in memory, in blocks, compared exactly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from raggen_embed.rows import Floats
from raggen_embed.segment import Segment, Slots
from raggen_embed.tiers import Tiers

_FIRST = 32
# A block is copied to grow up to this many windows, .3 ms at 384 dimensions; then another begins,
# whose memory the system hands out page by page as it is used.
_COPIED = 2048
_BLOCK = 16_384


class Delta:
    """Blocks of windows, slots rising. Not thread-safe."""

    def __init__(self, dimensions: int, tiers: Tiers) -> None:
        self._dimensions = dimensions
        self._tiers = tiers
        self._blocks: list[Segment] = []

    def __len__(self) -> int:
        """How many windows are alive."""
        return sum(map(len, self._blocks))

    def __iter__(self) -> Iterator[Segment]:
        """Over the blocks."""
        return iter(self._blocks)

    def extend(self, slots: Slots, vectors: Floats) -> None:
        """Add windows, float32[windows, d], of items; their slots, int32[windows], do not fall, and
        are greater than all before."""
        # All in one block, and so each item's.
        if not self._blocks or self._blocks[-1].room < len(vectors):
            self._make_room(len(vectors))
        self._blocks[-1].append(slots, vectors)

    def remove(self, slot: int) -> None:
        """Forget an item, if it is here: its vectors are overwritten, and a block with nothing
        left is let go."""
        for place, block in enumerate(self._blocks):
            if block.slots[-1] >= slot:
                block.remove(slot, erase=True)
                if not len(block):
                    del self._blocks[place]
                return

    def _make_room(self, more: int) -> None:
        filled = len(self._blocks[-1].slots) if self._blocks else 0
        if not self._blocks or filled + more > _COPIED:
            room = max(more, _BLOCK if self._blocks else _FIRST)
            self._blocks.append(self._block(room))
        else:
            last = self._blocks[-1]
            self._blocks[-1] = last.grown(max(filled + more, 2 * filled))

    def _block(self, room: int) -> Segment:
        vectors = np.empty((room, self._dimensions), np.float16)
        return Segment(np.empty(room, np.int32), vectors, 0, self._tiers)
