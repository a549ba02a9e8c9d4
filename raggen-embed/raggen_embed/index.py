"""The memories of all owners: made from the store, and kept equal to it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.changes import Encoded
from raggen_embed.fusion import DENSE, Dense, Formula
from raggen_embed.memory import Entry, Memory, Place, Read, entries
from raggen_embed.placement import Placement
from raggen_embed.question import Question
from raggen_embed.ranking import Ranked, Ranker, Wanted
from raggen_embed.script import SCRIPTS, Script
from raggen_embed.shelf import Shelf, Suite
from raggen_embed.sources import Sources

# Up to so many items, or this share of what is there, are put in one by one; more make a new base.
FEW = 2000
FEW_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class Removal:
    """An item to forget: its owner and row."""

    owner: str
    row: int


@dataclass(frozen=True, eq=False)
class Addition:
    """An item to put in, in the place of what its row held before."""

    placement: Placement
    encoded: Encoded


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
    """A search sees all that a commit did to its owner's memory, or nothing of it."""

    def __init__(self, sources: Sources, shelf: Shelf, suite: Suite) -> None:
        """Make an empty one; ``fill`` fills it.

        Args:
            sources: the store's side of it.
            shelf: where snapshots are.
            suite: the models that have read the items.
        """
        self._sources = sources
        self.shelf = shelf
        self.suite = suite
        self._names = {number: role for role, number in suite.roles.items()}
        self._dimensions = {self._names[one.model]: one.dimensions for one in suite.reads}
        self._formula = Formula.of(suite.roles)
        self._lock = threading.Lock()
        self._memories: dict[str, Memory] = {}
        self._generation = 0

    @property
    def generation(self) -> int:
        """A commit that this index shows, as it shows all before."""
        return self._generation

    def __len__(self) -> int:
        """How many items there are, of all owners."""
        return sum(map(len, self.memories().values()))

    def memories(self) -> dict[str, Memory]:
        """The memories by owner, as they are now."""
        with self._lock:
            return dict(self._memories)

    def tiers(self) -> Counter[str]:
        """How many dense lanes are searched in which way."""
        return Counter(
            lane.tier for memory in self.memories().values() for lane in memory.dense.values()
        )

    # From the store

    def fill(self, generation: int) -> None:
        """Make every owner's memory equal to the store.

        Nobody may write meanwhile, or this has to be called again.

        Raises:
            DatabaseUnusable: the store is damaged.
        """
        owners, present = self._sources.owners(), self.memories()
        for owner in present.keys() - owners.keys():
            self._put(owner, None)
        for owner in owners:
            memory = present.get(owner)
            self._put(owner, self.level(owner, memory) if memory else self.from_store(owner))
        self._generation = generation

    def refill(self, generation: int) -> None:
        """Make every owner's memory anew, whatever is there now."""
        with self._lock:
            self._memories.clear()
        self.fill(generation)

    def from_store(self, owner: str) -> Memory:
        """A memory of all that an owner has stored, from its snapshot where that is of use."""
        memory = self._empty()
        arrays = self.shelf.read(owner)
        if arrays is not None:
            memory.load(arrays)
        return self.level(owner, memory)

    def level(self, owner: str, memory: Memory) -> Memory:
        """Put in and take out what the store has changed; where that is much, a new memory."""
        rows, sequences = self._sources.versions(owner)
        with memory.lock:
            own_rows, own_sequences = memory.catalogue.stored()
            stale = _absent(own_rows, own_sequences, rows, sequences)
            missing = _absent(rows, sequences, own_rows, own_sequences)
            if len(missing) <= max(FEW, int(FEW_SHARE * len(memory))) and len(memory):
                for row in stale.tolist():
                    memory.remove(row)
                stock = self._sources.stock(missing.tolist(), self.suite.reads)
                added = [*entries(stock, owner, self.suite.roles)]
                for entry in added:
                    memory.remove(entry.placement.row)
                memory.extend(added)
                return memory
        return self.built(owner)

    def built(self, owner: str) -> Memory:
        """A memory whose base is all that an owner has stored."""
        rows, _ = self._sources.versions(owner)
        memory = self._empty()
        memory.build(self._sources.stock(rows.tolist(), self.suite.reads), self.suite.roles)
        return memory

    def replace(self, owner: str, memory: Memory) -> None:
        """Let searches use another memory of an owner. Called by the thread that commits."""
        memory = self.level(owner, memory)
        self._put(owner, memory if len(memory) else None)

    def _put(self, owner: str, memory: Memory | None) -> None:
        with self._lock:
            if memory is None:
                self._memories.pop(owner, None)
                self.shelf.drop(owner)
            else:
                self._memories[owner] = memory

    def _empty(self) -> Memory:
        return Memory(self._dimensions, self._formula, self._signs)

    def _signs(self, role: Dense, places: Sequence[Place]) -> dict[Place, bytes]:
        return self._sources.signs(self.suite.roles[role], places)

    # Changes

    def apply(self, changes: Sequence[Removal | Addition], generation: int) -> None:
        """Apply one commit, in order."""
        by_owner: dict[str, list[Removal | Addition]] = {}
        for change in changes:
            owner = change.owner if isinstance(change, Removal) else change.placement.owner
            by_owner.setdefault(owner, []).append(change)
        for owner, own in by_owner.items():
            with self._lock:
                memory = self._memories.get(owner)
            if memory is None:
                memory = self._empty()
            with memory.lock:
                self._change(memory, own)
            self._put(owner, memory if len(memory) else None)
        self._generation = generation

    def _change(self, memory: Memory, changes: Sequence[Removal | Addition]) -> None:
        added: dict[int, Addition] = {}  # by row
        for change in changes:
            row = change.row if isinstance(change, Removal) else change.placement.row
            added.pop(row, None)
            memory.remove(row)
            if isinstance(change, Addition):
                added[row] = change
        memory.extend([self._entry(one) for one in added.values()])

    def _entry(self, addition: Addition) -> Entry:
        read = {
            self._names[one.model]: Read.of(one.vectors, [window.ids for window in one.windows])
            for one in addition.encoded.readings
            if one.model in self._names
        }
        return Entry(addition.placement, addition.encoded.terms, read)

    # Searching

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
            memory, generation = self._memories.get(owner), self._generation
        if memory is None:
            return None
        with memory.lock:
            ranked = ranker.rank(memory, question, wanted)
            return Candidates(ranked, *memory.catalogue.versions(ranked.slots), generation)


def _absent(
    rows: npt.NDArray[np.int64],
    sequences: npt.NDArray[np.int64],
    others: npt.NDArray[np.int64],
    their_sequences: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """The rows that are not among the others with the same sequence; ``others`` rise."""
    if not len(others):
        return rows
    at = np.minimum(np.searchsorted(others, rows), len(others) - 1)
    absent: npt.NDArray[np.bool_] = (others[at] != rows) | (their_sequences[at] != sequences)
    return rows[absent]
