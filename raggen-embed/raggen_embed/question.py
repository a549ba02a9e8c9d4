"""A question as the lanes see it: what is asked, and an earlier turn that it points to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from raggen_embed.encoder import Encoding, Vectors, mean_vector
from raggen_embed.fusion import DENSE, Dense
from raggen_embed.script import Script

# What the late lanes look at of a long question: as many tokens as two of MiniLM's windows hold.
LATE_TOKENS = 512


@dataclass(frozen=True, eq=False)
class Tokens:
    """A question's tokens: float32[q, d], unit and centred; ids int32[q]; and what each weighs by
    its turn, float32[q]."""

    vectors: Vectors
    ids: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Turn:
    """One thing said. ``weight`` is 1 for the question itself, less for an earlier turn.

    ``stems`` and ``grams`` are distinct, with their keys; ``read`` are the models' encodings of its
    windows, of the models that some lane asks.
    """

    weight: float
    stems: dict[str, int]
    grams: dict[str, int]
    read: Mapping[Dense, Sequence[Encoding]]


@dataclass(frozen=True, eq=False)
class Question:
    """The turns, the question first, and the question's script."""

    turns: Sequence[Turn]
    script: Script

    @cached_property
    def vectors(self) -> Mapping[Dense, Vectors]:
        """float32[d], unit: the turns' vectors added up by weight, of each model that read any."""
        found: dict[Dense, Vectors] = {}
        for role in DENSE:
            parts = [
                np.float32(turn.weight) * mean_vector(np.stack([one.vector for one in read]))
                for turn in self.turns
                if (read := turn.read.get(role))
            ]
            if parts:
                found[role] = mean_vector(np.stack(parts))
        return found

    def tokens(self, role: Dense) -> Tokens:
        """A model's tokens of all turns."""
        vectors, ids, weights = [], [], []
        for turn in self.turns:
            for one in turn.read.get(role, ()):
                vectors.append(one.tokens)
                ids.append(one.ids)
                weights.append(np.full(len(one.ids), turn.weight, np.float32))
        if not ids:
            return Tokens(
                np.zeros((0, 1), np.float32), np.zeros(0, np.int32), np.zeros(0, np.float32)
            )
        ends = _ends(sum(map(len, ids)))
        return Tokens(
            np.concatenate(vectors)[ends], np.concatenate(ids)[ends], np.concatenate(weights)[ends]
        )


def _ends(count: int) -> npt.NDArray[np.intp]:
    """Places of all tokens, or half of LATE_TOKENS from each end: what is asked stands at one."""
    places = np.arange(count)
    half = LATE_TOKENS // 2
    return places if count <= LATE_TOKENS else np.concatenate([places[:half], places[-half:]])
