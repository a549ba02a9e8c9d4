"""The models, the main one and the multilingual one, and the threads that work for them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Protocol

import numpy as np

from raggen_embed.batching import Batcher, Encode
from raggen_embed.encoder import Encoder, Encoding, Identity
from raggen_embed.memory import Dense
from raggen_embed.multilingual import Multilingual

# Windows, no more than the smallest queue holds.
PIECE = 64


class Inputs(Protocol):
    """Windows of a text: what a model reads, and how long each is in the main model's tokens."""

    @property
    def inputs(self) -> list[str]:
        """The windows with their header."""

    @property
    def tokens(self) -> list[int]:
        """Their lengths."""


class Models:
    """Reads texts with the models that are switched on. For any thread."""

    def __init__(self, encoder: Encoder, multilingual: Multilingual | None, limit: int) -> None:
        """Start a thread a model; at most ``limit`` windows may wait for each."""
        self.encoder = encoder
        self.multilingual = multilingual
        self.identities: dict[Dense, Identity] = {"main": encoder.identity}
        self._batchers: dict[Dense, Batcher] = {"main": Batcher(encoder.encode, limit)}
        if multilingual is not None:
            self.identities["multilingual"] = multilingual.identity
            self._batchers["multilingual"] = Batcher(_vectors_alone(multilingual), limit)

    @property
    def dimensions(self) -> Mapping[Dense, int]:
        """Of each model's vectors."""
        return {role: identity.dimensions for role, identity in self.identities.items()}

    def close(self) -> None:
        """Refuse what waits and stop the threads."""
        for batcher in self._batchers.values():
            batcher.close()

    async def read(
        self,
        role: Dense,
        texts: Sequence[Inputs],
        *,
        urgent: bool,
        floats: bool = False,
    ) -> list[list[Encoding]]:
        """The encodings of each text's windows."""
        future = self._submit(role, texts, urgent=urgent, floats=floats)
        return _split(texts, await asyncio.wrap_future(future))

    def read_now(self, role: Dense, texts: Sequence[Inputs]) -> list[list[Encoding]]:
        """The same for a thread that may wait; in pieces, which fit into the queue."""
        inputs, tokens = _flat(texts)
        read: list[Encoding] = []
        for at in range(0, len(inputs), PIECE):
            piece = self._batchers[role].submit(
                inputs[at : at + PIECE], tokens[at : at + PIECE], urgent=False
            )
            read += piece.result()
        return _split(texts, read)

    def _submit(
        self, role: Dense, texts: Sequence[Inputs], *, urgent: bool, floats: bool
    ) -> Future[list[Encoding]]:
        return self._batchers[role].submit(*_flat(texts), urgent=urgent, floats=floats)


def _vectors_alone(model: Multilingual) -> Encode:
    ids, bits = np.zeros(0, np.int32), np.zeros((0, 0), np.uint8)
    tokens = np.zeros((0, 0), np.float32)

    def encode(texts: list[str]) -> list[Encoding]:
        return [Encoding(vector, ids, bits, tokens) for vector in model.encode(texts)]

    return encode


def _flat(texts: Sequence[Inputs]) -> tuple[list[str], list[int]]:
    inputs = [window for text in texts for window in text.inputs]
    return inputs, [count for text in texts for count in text.tokens]


def _split(texts: Sequence[Inputs], read: list[Encoding]) -> list[list[Encoding]]:
    found: list[list[Encoding]] = []
    at = 0
    for text in texts:
        found.append(read[at : at + len(text.inputs)])
        at += len(text.inputs)
    return found
