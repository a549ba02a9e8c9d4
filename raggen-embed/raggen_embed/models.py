"""The models, the main one and the multilingual one, and the threads that work for them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

from raggen_embed.batching import Batcher
from raggen_embed.embedding_cache import EmbeddingCache
from raggen_embed.encoder import Encoder, Encoding, Identity
from raggen_embed.engine import Kind
from raggen_embed.freed import give_back
from raggen_embed.fusion import Dense
from raggen_embed.multilingual import Multilingual
from raggen_embed.settings import Settings

# Windows, no more than the smallest queue holds.
PIECE = 64
# A word that the main model does not know is one token to it, however long; the other one reads it
# piece by piece. Batches are made by length, so a window counts for a token in so many letters.
LETTERS = 5
CACHE_BYTES: Final = 32 << 20


class Inputs(Protocol):
    """Windows of a text: what a model reads, and how long each is in the main model's tokens."""

    @property
    def inputs(self) -> list[str]:
        """The windows with their header."""

    @property
    def tokens(self) -> list[int]:
        """Their lengths."""

    @property
    def kind(self) -> Kind:
        """What the text is."""


class Models:
    """Reads texts with the models that are switched on. For any thread."""

    def __init__(
        self,
        encoder: Encoder,
        multilingual: Multilingual | None,
        limit: int,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        """Start a thread a model.

        Args:
            encoder: the main model.
            multilingual: the other one, where it is switched on.
            limit: windows that may wait for each.
            cache_bytes: that the encodings asked for lately may take, of both together.
        """
        self.encoder = encoder
        self.multilingual = multilingual
        self.identities: dict[Dense, Identity] = {"main": encoder.identity}
        self._batchers: dict[Dense, Batcher] = {
            "main": Batcher(lambda texts, _: encoder.encode(texts), limit)
        }
        if multilingual is not None:
            self.identities["multilingual"] = _windowed(multilingual.identity, encoder)
            self._batchers["multilingual"] = Batcher(multilingual.encode, limit, "multilingual")
        share = cache_bytes // len(self.identities)
        self.caches: dict[Dense, EmbeddingCache] = {
            role: EmbeddingCache(identity.fingerprint, share)
            for role, identity in self.identities.items()
        }

    @classmethod
    def load(
        cls, settings: Settings, model: str | None = None, *, multilingual: bool | None = None
    ) -> Models:
        """Load the models that the settings name. Takes a second or two.

        Args:
            settings: with the data directory, where weights are kept as the engine wants them.
            model: another main model than they name.
            multilingual: with the multilingual model or without, where they do not say it.

        Raises:
            ModelUnusable: one of them cannot be used.
        """
        precision = None if settings.precision == "auto" else settings.precision
        encoder = Encoder.load(model or settings.model, settings.threads, precision)
        other = None
        if settings.multilingual if multilingual is None else multilingual:
            other = Multilingual.load(settings.threads, precision, settings.data_dir / "cache")
        give_back()
        return cls(encoder, other, settings.queue_windows, settings.cache_mb << 20)

    @property
    def dimensions(self) -> Mapping[Dense, int]:
        """Of each model's vectors."""
        return {role: identity.dimensions for role, identity in self.identities.items()}

    @property
    def waiting(self) -> dict[str, int]:
        """How many windows wait for each model."""
        return {str(role): batcher.waiting for role, batcher in self._batchers.items()}

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
    ) -> list[list[Encoding]]:
        """The encodings of each text's windows, read-only."""
        submit = partial(self._batchers[role].submit, urgent=urgent)
        future = self.caches[role].read(*_flat(texts), submit, urgent=urgent)
        return _split(texts, await asyncio.wrap_future(future))

    def read_now(self, role: Dense, texts: Sequence[Inputs]) -> list[list[Encoding]]:
        """The same for a thread that may wait; in pieces, which fit into the queue.

        Nothing of it is kept for others: it is all that a memory holds, each text once.
        """
        inputs, tokens, kinds = _flat(texts)
        read: list[Encoding] = []
        for at in range(0, len(inputs), PIECE):
            here = slice(at, at + PIECE)
            piece = self._batchers[role].submit(
                inputs[here], tokens[here], kinds[here], urgent=False
            )
            read += piece.result()
        return _split(texts, read)


def _windowed(identity: Identity, encoder: Encoder) -> Identity:
    """The multilingual model reads windows that the main one's tokenizer cuts: cut otherwise, they
    are other vectors."""
    both = f"{identity.fingerprint} {encoder.windower.fingerprint}"
    return replace(identity, fingerprint=hashlib.sha256(both.encode()).hexdigest())


def _flat(texts: Sequence[Inputs]) -> tuple[list[str], list[int], list[Kind]]:
    inputs = [window for text in texts for window in text.inputs]
    counts = [count for text in texts for count in text.tokens]
    tokens = [
        max(count, len(window) // LETTERS) for count, window in zip(counts, inputs, strict=True)
    ]
    return inputs, tokens, [text.kind for text in texts for _ in text.inputs]


def _split(texts: Sequence[Inputs], read: list[Encoding]) -> list[list[Encoding]]:
    found: list[list[Encoding]] = []
    at = 0
    for text in texts:
        found.append(read[at : at + len(text.inputs)])
        at += len(text.inputs)
    return found
