"""A question as the lanes see it: what is asked, and an earlier turn that it points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.encoder import Encoding, Vectors, mean_vector
from raggen_embed.fusion import Lane
from raggen_embed.script import Script

# What the late lanes look at of a long question: as many tokens as two of MiniLM's windows hold.
LATE_TOKENS = 512


@dataclass(frozen=True, eq=False)
class Turn:
    """One thing said. ``weight`` is 1 for the question itself, less for an earlier turn.

    ``stems`` and ``grams`` are distinct, with their keys; ``main`` and ``multilingual`` are the
    models' encodings of its windows, empty where no lane asks for them; ``pieces`` int32[p] are the
    multilingual model's pieces.
    """

    text: str
    weight: float
    stems: dict[str, int]
    grams: dict[str, int]
    main: Sequence[Encoding]
    multilingual: Sequence[Encoding]
    pieces: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Question:
    """The turns, the question first, and the question's script."""

    turns: Sequence[Turn]
    script: Script

    def vector(self, lane: Lane) -> Vectors | None:
        """float32[d], unit: the turns' vectors of a dense lane added up by weight; None without."""
        parts = [
            (turn.weight, turn.main if lane == "main" else turn.multilingual) for turn in self.turns
        ]
        vectors = [
            np.float32(weight) * mean_vector(np.stack([one.vector for one in read]))
            for weight, read in parts
            if read
        ]
        return mean_vector(np.stack(vectors)) if vectors else None

    def main_tokens(self) -> tuple[Vectors, npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The main model's tokens of all turns: float32[q, d], ids int32[q], weights float32[q]."""
        tokens, ids, weights = [], [], []
        for turn in self.turns:
            for one in turn.main:
                tokens.append(one.tokens)
                ids.append(one.ids)
                weights.append(np.full(len(one.ids), turn.weight, np.float32))
        if not tokens:
            return np.zeros((0, 1), np.float32), np.zeros(0, np.int32), np.zeros(0, np.float32)
        return (
            np.concatenate(tokens)[:LATE_TOKENS],
            np.concatenate(ids)[:LATE_TOKENS],
            np.concatenate(weights)[:LATE_TOKENS],
        )

    def pieces(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The multilingual model's pieces of all turns: int32[q], weights float32[q]."""
        pieces = np.concatenate([turn.pieces for turn in self.turns])
        weights = np.concatenate(
            [np.full(len(turn.pieces), turn.weight, np.float32) for turn in self.turns]
        )
        return pieces[:LATE_TOKENS], weights[:LATE_TOKENS]
