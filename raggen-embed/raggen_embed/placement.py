"""Where an item stands: what an index knows of it besides vectors and terms."""

from __future__ import annotations

from dataclasses import dataclass

from raggen_embed.columns import Columns
from raggen_embed.schemas import Item


@dataclass(frozen=True, eq=False)
class Placement:
    """What an index knows of an item besides vectors and terms; ``timestamp`` is RFC 3339."""

    row: int
    sequence: int
    owner: str
    collection: str
    conversation: str | None
    session: str | None
    parent: str | None
    seq: int | None
    timestamp: str | None

    @classmethod
    def at(cls, columns: Columns, place: int, owner: str) -> Placement:
        """An item of many."""
        seq = int(columns.seq[place])
        return cls(
            row=int(columns.rows[place]),
            sequence=int(columns.sequences[place]),
            owner=owner,
            collection=columns.collections[place],
            conversation=columns.conversations[place],
            session=columns.sessions[place],
            parent=columns.parents[place],
            seq=None if seq < 0 else seq,
            timestamp=columns.timestamps[place],
        )

    @classmethod
    def of(cls, item: Item, row: int, sequence: int) -> Placement:
        """An item in a row, written by the generation ``sequence``."""
        return cls(
            row=row,
            sequence=sequence,
            owner=item.owner,
            collection=item.collection,
            conversation=item.conversation,
            session=item.session,
            parent=item.parent,
            seq=item.seq,
            timestamp=None if item.timestamp is None else item.timestamp.isoformat(),
        )
