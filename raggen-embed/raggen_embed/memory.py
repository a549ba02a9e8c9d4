"""One owner's memory: everything that a search of theirs looks at, and nobody else's.

A memory of its own for each owner keeps statistics (document frequencies, lengths) apart as well as
texts: what others say shows in nobody's scores, and nobody's search waits for others' vectors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.catalogue import Catalogue
from raggen_embed.changes import Terms
from raggen_embed.dense import DenseIndex
from raggen_embed.fusion import LATE, Dense, Formula
from raggen_embed.lexical import Postings
from raggen_embed.loading import Placement
from raggen_embed.neighbours import Neighbours
from raggen_embed.script import SCRIPTS, Script
from raggen_embed.tokens import Tokens, Window


@dataclass(frozen=True, eq=False)
class Read:
    """A model's reading of an item: float32[windows, d], and their tokens."""

    vectors: npt.NDArray[np.float32]
    windows: Sequence[Window]


@dataclass(frozen=True, eq=False)
class Entry:
    """An item on its way into a memory."""

    placement: Placement
    terms: Terms
    read: Mapping[Dense, Read]


class Memory:
    """The catalogue and the lanes of one owner. Not thread-safe."""

    def __init__(self, dimensions: Mapping[Dense, int], formula: Formula) -> None:
        """Make an empty one; ``dimensions`` of the models that are switched on."""
        self._formula = formula
        self.catalogue = Catalogue()
        self.neighbours = Neighbours()
        self.words = Postings()
        self.grams = Postings()
        self.late: dict[Dense, Tokens] = {role: Tokens() for role in dimensions}
        # Apart by script: which vectors are compared depends on the scripts of question and item,
        # and a scan of the others would be wasted.
        self.dense: dict[tuple[Dense, Script], DenseIndex] = {
            (role, script): DenseIndex(size)
            for role, size in dimensions.items()
            for script in SCRIPTS
            if formula.keeps(role, script)
        }

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.catalogue)

    def build(self, entries: Sequence[Entry]) -> None:
        """Fill the empty memory with many items, much faster than one by one."""
        slots = [
            self.catalogue.place(entry.placement, entry.terms.script, entry.terms.asking)
            for entry in entries
        ]
        at = np.array(slots, dtype=np.int32)
        self.words.build(at, [entry.terms.words for entry in entries])
        self.grams.build(at, [entry.terms.grams for entry in entries])
        for slot, entry in zip(slots, entries, strict=True):
            self.neighbours.add(slot, entry.placement)
            self._keep_tokens(slot, entry)
        for (role, script), index in self.dense.items():
            own = [
                (slot, entry.read[role].vectors)
                for slot, entry in zip(slots, entries, strict=True)
                if entry.terms.script == script
            ]
            if own:
                sizes = [len(vectors) for _, vectors in own]
                owners = np.array([slot for slot, _ in own], dtype=np.int32)
                index.build(np.repeat(owners, sizes), np.concatenate([rows for _, rows in own]))

    def add(self, entry: Entry) -> None:
        """Put an item in."""
        script = entry.terms.script
        slot = self.catalogue.place(entry.placement, script, entry.terms.asking)
        self.neighbours.add(slot, entry.placement)
        self.words.add(slot, entry.terms.words)
        self.grams.add(slot, entry.terms.grams)
        self._keep_tokens(slot, entry)
        for role, read in entry.read.items():
            if (role, script) in self.dense:
                self.dense[role, script].add(slot, read.vectors)

    def remove(self, row: int, terms: Terms) -> None:
        """Forget an item, if it is here; ``terms`` are those it was put in with."""
        found = self.catalogue.displace(row)
        if found is None:
            return
        slot, placement = found
        self.neighbours.remove(slot, placement)
        self.words.remove(slot, terms.words)
        self.grams.remove(slot, terms.grams)
        for tokens in self.late.values():
            tokens.remove(slot)
        for index in self.dense.values():
            index.remove(slot)

    def _keep_tokens(self, slot: int, entry: Entry) -> None:
        for role, read in entry.read.items():
            if self._formula.keeps(LATE[role], entry.terms.script):
                self.late[role].add(slot, read.windows)
