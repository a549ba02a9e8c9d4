"""One owner's memory: everything that a search of theirs looks at, and nobody else's.

A memory of its own for each owner keeps statistics (document frequencies, lengths) apart as well as
texts: what others say shows in nobody's scores, and nobody's search waits for others' vectors.

Each part has a *base*, made of many items at once or taken from a snapshot, and grows by a *delta*
of what is put in afterwards. An item's slot is never used again; what was removed is dead until a
new base is made.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Bag
from raggen_embed.catalogue import Catalogue
from raggen_embed.changes import Terms
from raggen_embed.csr import Bags
from raggen_embed.dense import DenseIndex
from raggen_embed.fusion import LATE, Dense, Formula
from raggen_embed.lexical import Postings
from raggen_embed.loading import Stock, Vectors
from raggen_embed.neighbours import Neighbours
from raggen_embed.placement import Placement
from raggen_embed.script import SCRIPTS, Script
from raggen_embed.strengths import Bits
from raggen_embed.tokens import Tokens

Slots = npt.NDArray[np.int32]
Place = tuple[int, int]


class Signs(Protocol):
    """Where the signs of tokens are kept."""

    def __call__(self, role: Dense, places: Sequence[Place]) -> Mapping[Place, bytes]:
        """The signs of windows as a model read them, by row and number; those there are."""


@dataclass(frozen=True, eq=False)
class Read:
    """A model's reading of an item: vectors float32[windows, d], the ids of its tokens, each once
    and sorted, and how many of them each window has."""

    vectors: npt.NDArray[np.float32]
    distinct: Sequence[int]
    sizes: Sequence[int]

    @classmethod
    def of(cls, vectors: npt.NDArray[np.float32], ids: Sequence[npt.NDArray[np.int32]]) -> Read:
        """From the ids of the tokens of each window."""
        # A message has some thirty: a set is five times as fast as NumPy.
        distinct = sorted(set[int]().union(*(one.tolist() for one in ids)))
        return cls(vectors, distinct, [len(one) for one in ids] if distinct else [])


@dataclass(frozen=True, eq=False)
class Entry:
    """An item on its way into a memory."""

    placement: Placement
    terms: Terms
    read: Mapping[Dense, Read]


class Memory:
    """The catalogue and the lanes of one owner. Whoever uses it holds ``lock``."""

    def __init__(self, dimensions: Mapping[Dense, int], formula: Formula, signs: Signs) -> None:
        """Make an empty one; ``dimensions`` of the models that are switched on."""
        self.lock = threading.Lock()
        self._formula = formula
        self._dimensions = dimensions
        self._signs = signs
        self._base = 0
        self._dead = 0
        self.base_is_mapped = False  # from a snapshot's file, not made in this process
        self.catalogue = Catalogue()
        self.neighbours = Neighbours(self.catalogue.places)
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

    @property
    def base(self) -> int:
        """How many items its base was made of."""
        return self._base

    @property
    def delta(self) -> int:
        """How many items were put in since, removed ones included."""
        return self.catalogue.room - self._base

    @property
    def dead(self) -> int:
        """How many removed items of the base it still passes over."""
        return self._dead

    # The base

    def build(self, stock: Stock, roles: Mapping[Dense, int]) -> None:
        """Fill the empty memory with many items; ``roles`` are the models' numbers in the stock."""
        self.catalogue.build(stock.columns)
        self.neighbours.build()
        self.words.build(stock.words)
        self.grams.build(stock.grams)
        for role, number in roles.items():
            read = stock.vectors[number]
            self.late[role].build(read.distinct, read.sizes)
            self._build_dense(role, read, stock.columns.scripts)
        self._base = len(stock)

    def _build_dense(self, role: Dense, read: Vectors, scripts: npt.NDArray[np.int8]) -> None:
        for script in SCRIPTS:
            index = self.dense.get((role, script))
            if index is not None:
                own = scripts[read.items] == SCRIPTS.index(script)
                if own.all():
                    index.build(read.items, read.vectors)
                elif own.any():
                    index.build(read.items[own], read.vectors[own])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs, of a memory that has only just been built."""
        return {
            f"{name}/{key}": array
            for name, part in self._parts()
            for key, array in part.arrays().items()
        }

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty memory from a snapshot's arrays."""
        apart: dict[str, dict[str, npt.NDArray[Any]]] = {}
        for whole, array in arrays.items():
            name, _, key = whole.rpartition("/")
            apart.setdefault(name, {})[key] = array
        for name, part in self._parts():
            part.load(apart[name])
        self._base = len(self.catalogue)
        self.base_is_mapped = True

    def _parts(self) -> Iterator[tuple[str, Any]]:
        yield "catalogue", self.catalogue
        yield "neighbours", self.neighbours
        yield "words", self.words
        yield "grams", self.grams
        for role, tokens in self.late.items():
            yield f"late/{role}", tokens
        for (role, script), index in self.dense.items():
            yield f"dense/{role}/{script}", index

    # The delta

    def add(self, entry: Entry) -> None:
        """Put an item in."""
        self.extend([entry])

    def extend(self, entries: Sequence[Entry]) -> None:
        """Put items in, none of whose rows is here: together, which is cheaper than one by one."""
        terms = [entry.terms for entry in entries]
        slots = self.catalogue.place(
            [entry.placement for entry in entries],
            [one.script for one in terms],
            [one.asking for one in terms],
        )
        self.neighbours.extend(slots)
        self.words.extend(slots, [one.words for one in terms])
        self.grams.extend(slots, [one.grams for one in terms])
        for role in self._dimensions:
            read = [
                (place, entry.terms.script, entry.read[role])
                for place, entry in enumerate(entries)
                if role in entry.read
            ]
            late = [one for one in read if self._formula.keeps(LATE[role], one[1])]
            self.late[role].extend(
                slots[[place for place, _, _ in late]],
                [one.distinct for _, _, one in late],
                [one.sizes for _, _, one in late],
            )
            for script in SCRIPTS:
                if (role, script) in self.dense:
                    own = [one for one in read if one[1] == script]
                    self.dense[role, script].extend(
                        slots[[place for place, _, _ in own]], [one.vectors for _, _, one in own]
                    )

    def remove(self, row: int) -> bool:
        """Forget an item; False where it is not here."""
        slot = self.catalogue.displace(row)
        if slot is None:
            return False
        self._dead += slot < self._base
        self.neighbours.remove(slot)
        self.words.remove(slot)
        self.grams.remove(slot)
        for tokens in self.late.values():
            tokens.remove(slot)
        for index in self.dense.values():
            index.remove(slot)
        return True

    # Tokens, which are not kept here

    def signs(self, role: Dense, slots: Slots, best: Slots, limit: int) -> list[Bits | None]:
        """For each item the signs of its tokens: of all of them, or of the windows around ``best``,
        the nearest one, of at most ``limit`` tokens. None where it has none, or is gone."""
        late, width = self.late[role], -(-self._dimensions[role] // 8)
        rows, _ = self.catalogue.versions(slots)
        chosen = [
            [(row, number) for number in numbers]
            for row, numbers in zip(rows.tolist(), late.nearest(slots, best, limit), strict=True)
        ]
        found = self._signs(role, [place for own in chosen for place in own])
        joined = [
            found.get(own[0], b"")
            if len(own) == 1
            else b"".join([found.get(place, b"") for place in own])
            for own in chosen
        ]
        return [
            np.frombuffer(bits, np.uint8).reshape(-1, width) if bits else None for bits in joined
        ]


def entries(stock: Stock, owner: str, roles: Mapping[Dense, int]) -> Iterator[Entry]:
    """The items of a stock one by one."""
    columns, starts = stock.columns, {}
    for number in roles.values():
        items = stock.vectors[number].items
        starts[number] = np.searchsorted(items, np.arange(len(stock) + 1))
    for place in range(len(stock)):
        read = {}
        for role, number in roles.items():
            own, (first, last) = stock.vectors[number], starts[number][place : place + 2]
            if first < last:
                vectors = own.vectors[first:last].astype(np.float32)
                distinct, sizes = own.distinct[place].tolist(), own.sizes[place].tolist()
                read[role] = Read(vectors, distinct, sizes)
        terms = Terms(
            SCRIPTS[columns.scripts[place]],
            _bag(stock.words, place),
            _bag(stock.grams, place),
            float(columns.asking[place]),
        )
        yield Entry(Placement.at(columns, place, owner), terms, read)


def _bag(bags: Bags, place: int) -> Bag:
    own = slice(bags.starts[place], bags.starts[place + 1])
    return Bag(bags.keys[own], bags.counts[own])
