"""The product's models, read in process; what they make of texts is kept on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from evaluation.study.cache import Array, Cache
from raggen_embed.encoder import PACKAGED, Encoder, Encoding, Identity
from raggen_embed.engine import Kind
from raggen_embed.fusion import DENSE, Dense
from raggen_embed.multilingual import Multilingual
from raggen_embed.preparation import Preparation

BATCH = 32


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
        multilingual = Multilingual.load(threads)
        preparation = Preparation(encoder.windower)
        return cls(encoder, multilingual, preparation, Cache(folder))

    def main_only(self) -> Models:
        """The same with the multilingual encoder switched off."""
        return replace(self, multilingual=None)

    @property
    def dimensions(self) -> Mapping[Dense, int]:
        """Of the models that are switched on."""
        return {role: one.dimensions for role, one in self._identities.items()}

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """Of the models that are switched on, by name."""
        return {one.name: one.fingerprint for one in self._identities.values()}

    @property
    def _identities(self) -> Mapping[Dense, Identity]:
        on: dict[Dense, Identity] = {"main": self.encoder.identity}
        if self.multilingual is not None:
            on["multilingual"] = self.multilingual.identity
        return on

    def read(
        self, role: Dense, windows: Sequence[str], lengths: Sequence[int], kinds: Sequence[Kind]
    ) -> list[Encoding]:
        """The encodings of windows, ``lengths`` in the main model's tokens; made once a cache.

        The tokens' vectors of questions alone are kept: an item needs their bits alone.
        """
        identity = self._identities[role]
        floats = "question" in kinds
        name = f"{role}-{identity.fingerprint[:12]}{'-floats' if floats else ''}"
        marked = [f"{kind}:{window}" for kind, window in zip(kinds, windows, strict=True)]
        held = self.cache.get(
            name, marked, lambda: self._encode(role, windows, lengths, kinds, floats=floats)
        )
        parts = {name: np.split(held[name], held["offsets"]) for name in ("ids", "bits")}
        tokens = np.split(held["tokens"], held["offsets"]) if floats else []
        nothing = np.zeros((0, identity.dimensions), np.float32)
        return [
            Encoding(vector, parts["ids"][at], parts["bits"][at], tokens[at] if floats else nothing)
            for at, vector in enumerate(held["vectors"])
        ]

    def question(self, role: Dense, windows: Sequence[str]) -> list[Encoding]:
        """The encodings of a question's windows, with their tokens; empty where a model is off."""
        if role not in self.dimensions:
            return []
        missing = [window for window in windows if (role, window) not in self.known]
        if missing:
            self.remember(missing)
        return [self.known[role, window] for window in windows]

    def remember(self, windows: Sequence[str]) -> None:
        """Encode many windows of questions at once; one set's cost seconds instead of minutes."""
        distinct = [*dict.fromkeys(windows)]
        lengths = [self.preparation.tokens(window) for window in distinct]
        for role in DENSE:
            if role in self.dimensions and distinct:
                kinds: list[Kind] = ["question"] * len(distinct)
                encoded = self.read(role, distinct, lengths, kinds)
                self.known.update({(role, w): e for w, e in zip(distinct, encoded, strict=True)})

    def _encode(
        self,
        role: Dense,
        windows: Sequence[str],
        lengths: Sequence[int],
        kinds: Sequence[Kind],
        *,
        floats: bool,
    ) -> Mapping[str, Array]:
        """vectors [n, d], ids [t], bits [t, d/8], offsets [n - 1] into the tokens, and tokens
        [t, d] with ``floats``."""
        made: dict[int, Encoding] = {}
        order = np.argsort(lengths, kind="stable").tolist()
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            texts = [windows[at] for at in batch]
            if role == "main":
                encoded = self.encoder.encode(texts)
            elif self.multilingual is not None:
                encoded = self.multilingual.encode(texts, [kinds[at] for at in batch])
            else:
                raise ValueError("the multilingual encoder is switched off")
            kept = encoded if floats else [one.without_floats() for one in encoded]
            made |= dict(zip(batch, kept, strict=True))
        ordered = [made[at] for at in range(len(windows))]
        arrays = {
            "vectors": np.stack([one.vector for one in ordered]),
            "ids": np.concatenate([one.ids for one in ordered]),
            "bits": np.concatenate([one.bits for one in ordered]),
            "offsets": np.cumsum([len(one.ids) for one in ordered])[:-1],
        }
        if floats:
            arrays["tokens"] = np.concatenate([one.tokens for one in ordered])
        return arrays
