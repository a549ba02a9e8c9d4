"""The product's models, read in process; what they make of texts is kept on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from evaluation.study.cache import Array, Cache
from raggen_embed.encoder import PACKAGED, Encoder, Encoding, Identity
from raggen_embed.engine import Kind
from raggen_embed.fusion import Dense
from raggen_embed.multilingual import Multilingual
from raggen_embed.preparation import Preparation

BATCH = 8


@dataclass(frozen=True)
class Text:
    """A window as a model reads it, its length in the main model's tokens, and what it is."""

    window: str
    tokens: int
    kind: Kind


@dataclass(frozen=True, eq=False)
class Models:
    """The main model and the multilingual one (None: "MiniLM only"), and how texts are prepared.

    ``known`` holds the encodings of questions, by model and window.
    """

    encoder: Encoder
    multilingual: Multilingual | None
    preparation: Preparation
    cache: Cache
    known: dict[tuple[Dense, str], Encoding] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, threads: int) -> Models:
        """Both models of the product, with a cache in ``folder``.

        Raises:
            ModelUnusable: a package is missing or cannot be read.
        """
        encoder = Encoder.load(PACKAGED, threads)
        return cls(
            encoder, Multilingual.load(threads), Preparation(encoder.windower), Cache(folder)
        )

    def main_only(self) -> Models:
        """The same with the multilingual model switched off."""
        return replace(self, multilingual=None)

    @property
    def identities(self) -> Mapping[Dense, Identity]:
        """Of the models that are switched on."""
        found: dict[Dense, Identity] = {"main": self.encoder.identity}
        if self.multilingual is not None:
            found["multilingual"] = self.multilingual.identity
        return found

    @property
    def dimensions(self) -> Mapping[Dense, int]:
        """Of their vectors."""
        return {role: one.dimensions for role, one in self.identities.items()}

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """Theirs, by name."""
        return {one.name: one.fingerprint for one in self.identities.values()}

    def read(self, role: Dense, texts: Sequence[Text]) -> list[Encoding]:
        """Encodings, made once a cache. Only questions keep their tokens' vectors."""
        if not texts:
            return []
        identity = self.identities[role]
        name = f"{role}-{identity.fingerprint[:12]}"
        keys = [f"{text.kind} {text.window}" for text in texts]
        held = self.cache.get(name, keys, lambda: self._encode(role, texts))
        ids, bits, tokens = (
            np.split(held[part], held[ends])
            for part, ends in (("ids", "ends"), ("bits", "ends"), ("tokens", "token_ends"))
        )
        return [
            Encoding(vector, *own)
            for vector, *own in zip(held["vectors"], ids, bits, tokens, strict=True)
        ]

    def question(self, role: Dense, windows: Sequence[str]) -> list[Encoding]:
        """The encodings of a question's windows."""
        missing = [window for window in windows if (role, window) not in self.known]
        if missing:
            self.remember(missing)
        return [self.known[role, window] for window in windows]

    def remember(self, windows: Sequence[str]) -> None:
        """Encode many windows of questions at once, with every model that is on."""
        distinct = [*dict.fromkeys(windows)]
        texts = [Text(one, self.encoder.windower.count(one), "question") for one in distinct]
        for role in self.identities:
            encoded = self.read(role, texts)
            self.known.update({(role, w): e for w, e in zip(distinct, encoded, strict=True)})

    def _encode(self, role: Dense, texts: Sequence[Text]) -> Mapping[str, Array]:
        """vectors [n, d]; ids [t] and bits [t, d/8] of all windows one after another, which end at
        ``ends``; and tokens [q, d] of the questions, which end at ``token_ends``."""
        made: dict[int, Encoding] = {}
        order = sorted(range(len(texts)), key=lambda at: texts[at].tokens)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            for at, encoding in zip(
                batch, self._batch(role, [texts[at] for at in batch]), strict=True
            ):
                is_question = texts[at].kind == "question"
                made[at] = encoding if is_question else encoding.without_floats()
        ordered = [made[at] for at in range(len(texts))]
        return {
            "vectors": np.stack([one.vector for one in ordered]),
            "ids": np.concatenate([one.ids for one in ordered]),
            "bits": np.concatenate([one.bits for one in ordered]),
            "ends": np.cumsum([len(one.ids) for one in ordered])[:-1],
            "tokens": np.concatenate([one.tokens for one in ordered]),
            "token_ends": np.cumsum([len(one.tokens) for one in ordered])[:-1],
        }

    def _batch(self, role: Dense, texts: Sequence[Text]) -> list[Encoding]:
        windows = [text.window for text in texts]
        if role == "main":
            return self.encoder.encode(windows)
        if self.multilingual is None:
            raise ValueError("the multilingual model is switched off")
        return self.multilingual.encode(windows, [text.kind for text in texts])
