"""The memories of all owners, changed and read under one lock."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.changes import Encoded, Terms
from raggen_embed.fusion import DENSE, Dense, Formula
from raggen_embed.loading import Everything, Placement
from raggen_embed.memory import Entry, Memory, Read
from raggen_embed.question import Question
from raggen_embed.ranking import Ranked, Ranker, Wanted
from raggen_embed.script import SCRIPTS, Script
from raggen_embed.tokens import Window


@dataclass(frozen=True, eq=False)
class Removal:
    """An item to forget: its owner and row, and the terms it was indexed with."""

    owner: str
    row: int
    terms: Terms


@dataclass(frozen=True, eq=False)
class Addition:
    """An item to put in, in the place of what its row held before (``before``)."""

    placement: Placement
    encoded: Encoded
    before: Terms | None


@dataclass(frozen=True, eq=False)
class Candidates:
    """What one search found in one state of the index.

    ``rows`` and ``sequences`` name the stored versions of ``ranked``'s items.
    """

    ranked: Ranked
    rows: npt.NDArray[np.int64]
    sequences: npt.NDArray[np.int64]
    generation: int


class Index:
    """A search sees all of a commit or nothing of it."""

    def __init__(self, models: Mapping[Dense, int], dimensions: Mapping[Dense, int]) -> None:
        """Make an empty one.

        Args:
            models: the store's numbers of the models that are switched on.
            dimensions: of their vectors.
        """
        self._lock = threading.Lock()
        self._roles = {number: role for role, number in models.items()}
        self._dimensions = dimensions
        self._formula = Formula.of(dimensions)
        self._memories: dict[str, Memory] = {}
        self._items = 0
        self._generation = 0

    @property
    def generation(self) -> int:
        """The commit that this index shows."""
        return self._generation

    def __len__(self) -> int:
        """How many items there are, of all owners."""
        return self._items

    def build(self, everything: Everything, generation: int) -> None:
        """Fill the empty index from the store."""
        read: dict[int, dict[Dense, Read]] = {one.row: {} for one in everything.placements}
        for model, vectors in everything.vectors.items():
            starts = np.flatnonzero(np.diff(vectors.rows, prepend=-1))
            ends = np.append(starts, len(vectors.rows))[1:]
            for row, start, end in zip(
                vectors.rows[starts].tolist(), starts.tolist(), ends.tolist(), strict=True
            ):
                windows = [
                    Window(ids, bits)
                    for ids, bits in zip(
                        vectors.ids[start:end], vectors.bits[start:end], strict=True
                    )
                ]
                read[row][self._roles[model]] = Read(vectors.vectors[start:end], windows)
        by_owner: defaultdict[str, list[Entry]] = defaultdict(list)
        for one in everything.placements:
            by_owner[one.owner].append(Entry(one, everything.terms[one.row], read[one.row]))
        with self._lock:
            for owner, entries in by_owner.items():
                self._memory(owner).build(entries)
            self._items = len(everything.placements)
            self._generation = generation

    def apply(self, changes: Sequence[Removal | Addition], generation: int) -> None:
        """Apply one commit, in order."""
        with self._lock:
            for change in changes:
                if isinstance(change, Removal):
                    self._remove(change.owner, change.row, change.terms)
                    continue
                placement, encoded = change.placement, change.encoded
                if change.before is not None:
                    self._remove(placement.owner, placement.row, change.before)
                read = {
                    self._roles[one.model]: Read(
                        one.vectors, [Window(window.ids, window.bits) for window in one.windows]
                    )
                    for one in encoded.readings
                }
                self._memory(placement.owner).add(Entry(placement, encoded.terms, read))
                self._items += 1
            self._generation = generation

    def _remove(self, owner: str, row: int, terms: Terms) -> None:
        memory = self._memory(owner)
        self._items -= len(memory)
        memory.remove(row, terms)
        self._items += len(memory)
        if not len(memory):
            del self._memories[owner]

    def _memory(self, owner: str) -> Memory:
        if owner not in self._memories:
            self._memories[owner] = Memory(self._dimensions, self._formula)
        return self._memories[owner]

    def roles(self, owner: str, question: Script) -> set[Dense]:
        """The models whose reading of a question says anything about an owner's items."""
        with self._lock:
            memory = self._memories.get(owner)
            return {
                role
                for role in DENSE
                for script in SCRIPTS
                if memory is not None
                and memory.catalogue.count(script)
                and self._formula.asks(role, question, script)
                and role in self._dimensions
            }

    def search(
        self, owner: str, question: Question, wanted: Wanted, ranker: Ranker
    ) -> Candidates | None:
        """Rank an owner's items for a question; None where there are none."""
        with self._lock:
            memory = self._memories.get(owner)
            if memory is None:
                return None
            ranked = ranker.rank(memory, question, wanted)
            return Candidates(ranked, *memory.catalogue.versions(ranked.slots), self._generation)
