"""What an engine is: it runs a model's network, and encoder.py makes encodings of what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
# What a text is to a model: a question, or something kept, with a header before it or without.
Kind = Literal["question", "headed", "plain"]
# Of a network's products, where the engine leaves a choice.
Precision = Literal["bf16", "f32"]


class Weight(NamedTuple):
    """A tensor, named and typed as in torch's state dict, which fingerprints are made of."""

    name: str
    dtype: str
    array: npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Reading:
    """What a model makes of b texts, padded to the longest of t tokens.

    ``vectors`` float32[b, d] of the texts. Where the model has vectors of tokens: ``ids``
    int64[b, t] and ``mask`` [b, t], 0 for padding, and ``states`` float32[b, t, d], which the next
    reading may overwrite.
    """

    vectors: Vectors
    ids: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    mask: npt.NDArray[Any] = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    states: Vectors | None = None


class Engine(Protocol):
    """A model that is loaded. Not thread-safe."""

    @property
    def tokenizer(self) -> Any:
        """Its tokenizers.Tokenizer, as its file has it."""

    @property
    def max_tokens(self) -> int:
        """The most tokens that it reads of a text, the special ones included."""

    @property
    def dimensions(self) -> int:
        """Of its vectors."""

    @property
    def special(self) -> Ints:
        """Ids of tokens that stand for no part of a text."""

    def weights(self) -> Iterator[Weight]:
        """Every tensor, sorted by name."""

    def read(self, texts: list[str]) -> Reading:
        """Run the model over at least one text, as one batch."""
