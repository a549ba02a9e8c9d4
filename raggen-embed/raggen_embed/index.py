"""Everything in memory that a search looks at: catalogue and lanes, changed and read under one
lock."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.catalogue import Catalogue, Filter
from raggen_embed.changes import Encoded
from raggen_embed.dense import DenseIndex
from raggen_embed.lexical import WordLane
from raggen_embed.reader import WINDOW_BITS, Everything, Placement

# How many candidates each lane puts forward at least; the other lanes score them too.
CANDIDATES = 200


@dataclass(frozen=True, eq=False)
class Candidates:
    """What the lanes put forward, arrays of the same length, and the state they were read in.

    ``rows`` and ``sequences`` name the stored versions; ``windows`` the window that ``cosines`` are
    of; ``coverages`` are ``scores`` (BM25) over the sum of ``idf``, which is of the question's
    terms.
    """

    rows: npt.NDArray[np.int64]
    sequences: npt.NDArray[np.int64]
    windows: npt.NDArray[np.int32]
    cosines: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float32]
    coverages: npt.NDArray[np.float32]
    idf: npt.NDArray[np.float32]
    total: int
    generation: int


class Index:
    """A search sees all of a commit or nothing of it."""

    def __init__(self, dimensions: int) -> None:
        self._lock = threading.Lock()
        self._catalogue = Catalogue()
        self._dense = DenseIndex(dimensions)
        self._words = WordLane()
        self._keys: dict[int, npt.NDArray[np.int64]] = {}
        self._generation = 0

    @property
    def generation(self) -> int:
        """The commit that this index shows."""
        return self._generation

    def __len__(self) -> int:
        """How many items there are, of all owners."""
        return len(self._catalogue)

    def build(self, everything: Everything, generation: int) -> None:
        """Fill the empty index from the store."""
        with self._lock:
            placed = {item.row: self._catalogue.place(item) for item in everything.placements}
            rows = everything.vector_keys >> WINDOW_BITS
            windows = (everything.vector_keys & ((1 << WINDOW_BITS) - 1)).astype(np.int32)
            slots = np.array([placed[row][0] for row in rows.tolist()], dtype=np.int32)
            self._dense.build(slots, windows, everything.vectors)
            # In the order of the slots, which are given out in the order of the rows.
            terms = [everything.terms[item.row] for item in everything.placements]
            for item, (keys, _) in zip(everything.placements, terms, strict=True):
                self._keys[placed[item.row][0]] = keys
            at = np.array([slot for slot, _ in placed.values()], dtype=np.int32)
            self._words.build(at, [owner for _, owner in placed.values()], terms)
            self._generation = generation

    def apply(
        self,
        removed: Sequence[int | tuple[Placement, Encoded]],
        generation: int,
    ) -> None:
        """Apply one commit, in order: a row to remove, or an item to put in the place of its
        row."""
        with self._lock:
            for change in removed:
                if isinstance(change, int):
                    self._remove(change)
                else:
                    placement, encoded = change
                    self._remove(placement.row)
                    slot, owner = self._catalogue.place(placement)
                    self._dense.add(slot, encoded.vectors)
                    self._words.add(slot, owner, encoded.keys, encoded.counts)
                    self._keys[slot] = encoded.keys
            self._generation = generation

    def _remove(self, row: int) -> None:
        slot = self._catalogue.displace(row)
        if slot is not None:
            self._dense.remove(slot)
            self._words.remove(slot, self._keys.pop(slot))

    def search(
        self,
        vector: npt.NDArray[np.float32],
        keys: npt.NDArray[np.int64],
        wanted: Filter,
        count: int,
    ) -> Candidates:
        """Let each lane put forward its best, and score them all in every lane.

        Args:
            vector: the question's, float32[d].
            keys: the question's distinct terms, int64[n].
            wanted: where to look.
            count: how many results are wanted; each lane puts forward more.
        """
        most = max(CANDIDATES, 2 * count)
        with self._lock:
            mask = self._catalogue.mask(wanted)
            matches = self._words.search(keys, self._catalogue.owner_code(wanted.owner), mask)
            near = self._dense.search(vector, mask, most)
            matching = np.flatnonzero(matches.scores).astype(np.int32)
            if len(matching) > most:
                matching = matching[np.argpartition(-matches.scores[matching], most)[:most]]
            others = self._dense.score(vector, np.setdiff1d(matching, near.slots))
            slots = np.concatenate([near.slots, others.slots])
            scores = matches.scores[slots]
            placed = [self._catalogue.at(slot) for slot in slots.tolist()]
            return Candidates(
                rows=np.array([one.row for one in placed], dtype=np.int64),
                sequences=np.array([one.sequence for one in placed], dtype=np.int64),
                windows=np.concatenate([near.windows, others.windows]),
                cosines=np.concatenate([near.cosines, others.cosines]),
                scores=scores,
                coverages=scores / (matches.idf.sum() or np.float32(1)),
                idf=matches.idf,
                total=int(np.count_nonzero(mask)),
                generation=self._generation,
            )
