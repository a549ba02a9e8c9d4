"""Where each slot's item stands: in which collection, chat, session or parent, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.columns import Columns, seconds_of
from raggen_embed.growing import Column
from raggen_embed.names import NO_NAME, Names

NO_SEQ: Final = -1


class Places:
    """Columns over slots, which the catalogue fills and the neighbours read. Not thread-safe.

    ``collection``, ``conversation``, ``session``, ``parent``: codes of ``names``. ``seq``: NO_SEQ
    for none. ``time``: seconds since 1970, NaN for none. ``row``: the store's. What a removed item
    had stays until the next base is made.
    """

    def __init__(self) -> None:
        """Make empty ones."""
        self.names = Names()
        self.collection = Column(np.int32, NO_NAME)
        self.conversation = Column(np.int32, NO_NAME)
        self.session = Column(np.int32, NO_NAME)
        self.parent = Column(np.int32, NO_NAME)
        self.seq = Column(np.int64, NO_SEQ)
        self.time = Column(np.float64, np.nan)
        self.row = Column(np.int64, 0)

    @property
    def codes(self) -> tuple[Column[np.int32], ...]:
        """Collection, conversation, session, parent."""
        return self.collection, self.conversation, self.session, self.parent

    def build(self, columns: Columns) -> None:
        """Fill the empty ones with many items at once."""
        names = (columns.collections, columns.conversations, columns.sessions, columns.parents)
        codes = self.names.build(names)
        times = np.array([seconds_of(one) for one in columns.timestamps], np.float64)
        self._fill({"codes": codes, "seq": columns.seq, "times": times, "rows": columns.rows})

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs, of places that were just built."""
        return {
            **self.names.arrays(),
            "codes": np.stack([column.base for column in self.codes]),
            "seq": self.seq.base,
            "times": self.time.base,
            "rows": self.row.base,
        }

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty ones with what ``arrays`` gave, which may stay mapped."""
        self.names.load(arrays)
        self._fill(arrays)

    def _fill(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        for column, codes in zip(self.codes, arrays["codes"], strict=True):
            column.build(codes)
        self.seq.build(arrays["seq"])
        self.time.build(arrays["times"])
        self.row.build(arrays["rows"])

    def extend(
        self,
        slots: npt.NDArray[np.int32],
        names: Sequence[Sequence[str | None]],
        seq: Sequence[int | None],
        timestamps: Sequence[str | None],
        rows: Sequence[int],
    ) -> None:
        """Say where new items stand; ``names`` of their collections, of their conversations, of
        their sessions and of their parents."""
        for column, own in zip(self.codes, names, strict=True):
            column.extend(slots, self.names.codes(own))
        self.seq.extend(slots, [NO_SEQ if one is None else one for one in seq])
        self.time.extend(slots, [seconds_of(one) for one in timestamps])
        self.row.extend(slots, rows)
