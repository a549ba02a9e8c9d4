"""Everything the search keeps of a set's items, in arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evaluation.study.background import Background
from evaluation.study.header import header
from evaluation.study.minilm import VOCABULARY, MiniLM
from evaluation.study.multilingual import Multilingual
from evaluation.study.postings import Postings
from evaluation.study.script import SCRIPTS, script
from evaluation.study.strengths import Floats, Ints
from evaluation.study.terms import grams, stems

NEIGHBOURS: Final = (1, 2)  # places away; 3 … 5 add .1


@dataclass(frozen=True)
class Models:
    """The encoders; without the second the search is "MiniLM only"."""

    minilm: MiniLM
    multilingual: Multilingual | None


def with_header(item: Mapping[str, Any]) -> str:
    """What is embedded and searched of an item."""
    when = datetime.fromisoformat(item["timestamp"]) if item.get("timestamp") else None
    return header(item["text"], item.get("speaker"), when) + str(item["text"])


def _groups(items: Sequence[Mapping[str, Any]]) -> Ints:
    """[n]: a number for each item's session, or parent; −1 for none."""
    names = [
        (item.get("conversation"), item.get("session") or item.get("parent")) for item in items
    ]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] if name[1] else -1 for name in names], np.int64)


def _neighbours(group: Ints, away: int) -> Ints:
    """[n]: the item `away` places on (negative: back) in the same group, −1 where there is none."""
    count = len(group)
    place = np.arange(count) + away
    inside = (place >= 0) & (place < count)
    same = group[np.clip(place, 0, count - 1)] == group
    return np.where(inside & same & (group >= 0), place, -1)


class Memory:
    """Items in the order of their conversation, as the search sees them.

    An item is a dict with `text` and, where known, `speaker`, `timestamp` (ISO), `session` or
    `parent`, `conversation`.
    """

    def __init__(self, items: Sequence[Mapping[str, Any]], models: Models) -> None:
        texts = [with_header(item) for item in items]
        self.background = Background.load()
        self.count = len(items)
        self.scripts: NDArray[np.str_] = np.array([script(item["text"]) for item in items])
        self.by_script = {name: int((self.scripts == name).sum()) for name in SCRIPTS}
        self.words = Postings([stems(text) for text in texts])
        self.grams = Postings([grams(text) for text in texts])
        self.minilm = models.minilm.items(texts)
        item_of = np.repeat(np.arange(self.count), np.diff(self.minilm.offsets))
        seen = np.unique(np.stack([item_of, self.minilm.ids]), axis=1)
        self.wordpiece_frequency = np.bincount(seen[1], minlength=VOCABULARY).astype(np.float32)
        if models.multilingual:
            self.multilingual = models.multilingual.items(texts)
            size = len(self.background.pieces)
            self.piece_frequency = np.bincount(self.multilingual.pieces, minlength=size)
            known = np.flatnonzero(self.piece_frequency)
            self.piece_row = np.full(size, -1, np.int64)  # piece id → row of `piece_vectors`
            self.piece_row[known] = np.arange(len(known))
            self.piece_vectors: Floats = models.multilingual.static(known)
        self.group = _groups(items)
        self.before = [_neighbours(self.group, -away) for away in NEIGHBOURS]
        self.after = [_neighbours(self.group, away) for away in NEIGHBOURS]
        # Columns of the items in a candidate list; −1, and so "no neighbour", stays −1.
        self._column = np.full(self.count + 1, -1, np.int64)

    def with_neighbours(self, items: Ints) -> Ints:
        """Sorted `items` and what stands beside them, which shares their conversation."""
        near = np.concatenate([items, *(column[items] for column in (*self.before, *self.after))])
        return np.unique(near[near >= 0])

    def columns(self, items: Ints) -> tuple[list[Ints], list[Ints]]:
        """Neighbours before and after, as places within `items`; −1 where they are not in it."""
        self._column[items] = np.arange(len(items))
        before = [self._column[column[items]] for column in self.before]
        after = [self._column[column[items]] for column in self.after]
        self._column[items] = -1
        return before, after
