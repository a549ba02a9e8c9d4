"""BERT of a sentence-transformers folder on OpenVINO, without torch: all-MiniLM-L6-v2 above all.

The network is built here from its weights: BERT (Devlin et al. 2019,
https://arxiv.org/abs/1810.04805), as transformers' BertModel computes it; the vector of a text is
the mean of its tokens' last states.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from tokenizers import Tokenizer

from raggen_embed.bert import Shape, compiled
from raggen_embed.engine import Ints, Precision, Reading, Weight
from raggen_embed.tensors import Tensors

TORCH_PREFIX: Final = "0.model."  # sentence-transformers' name of its first module
NOT_A_WEIGHT: Final = "embeddings.position_ids"  # 0, 1, 2, … which torch's state dict leaves out
_PARTS: Final = ["Transformer", "Pooling", "Normalize"]
_FILES: Final = ("model.safetensors", "tokenizer.json", "sentence_bert_config.json")


def is_plain(folder: Path) -> bool:
    """Tell whether a folder holds just that; every other model is for the reference."""
    try:
        parts = _read(folder, "modules.json")
        config = _read(folder, "config.json")
        limits = _read(folder, "sentence_bert_config.json")
        pooling = _read(folder, f"{parts[1]['path']}/config.json")
        names = [part["type"].rpartition(".")[2] for part in parts]
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return (
        len(names) >= 2
        and all(isinstance(one, dict) for one in (config, limits, pooling))
        and names == _PARTS[: len(names)]
        and _is_mean(pooling)
        and _is_bert(config)
        and not limits.get("do_lower_case")
        and all((folder / file).is_file() for file in _FILES)
    )


class SentenceBert:
    """The model. Not thread-safe."""

    def __init__(self, folder: Path, threads: int, precision: Precision | None = None) -> None:
        """Build and compile the network, which takes half a second for six layers.

        Args:
            folder: as sentence-transformers writes it.
            threads: processor threads that ``read`` may use.
            precision: of the network's products; by default what suits the processor.

        Raises:
            ValueError: the folder describes another network.
        """
        config = _read(folder, "config.json")
        if not _is_bert(config):
            raise ValueError("config.json describes another network")
        self._file = folder / "model.safetensors"
        self.max_tokens = _max_tokens(folder, config)
        self.dimensions = int(config["hidden_size"])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        added = self.tokenizer.get_added_tokens_decoder()
        self.special: Ints = np.array([key for key, one in added.items() if one.special], np.int64)
        self._padded = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._padded.enable_truncation(self.max_tokens)
        self._padded.enable_padding(pad_id=config["pad_token_id"], pad_token="[PAD]")  # noqa: S106
        tensors = Tensors(self._file)
        self._request = compiled(tensors, _shape(config), threads, precision)
        tensors.forget()

    def weights(self) -> Iterator[Weight]:
        """Every tensor, sorted by name."""
        for name, array in Tensors(self._file).items():
            if name != NOT_A_WEIGHT:
                yield Weight(TORCH_PREFIX + name, f"torch.{array.dtype}", array)

    def read(self, texts: list[str]) -> Reading:
        """Run the model over at least one text, as one batch."""
        encoded = self._padded.encode_batch_fast(texts)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.float32)
        # Neither copied on its way in nor on its way out.
        states = self._request.infer([ids, mask], share_inputs=True, share_outputs=True)[0]
        vectors = (mask[:, None] @ states)[:, 0] / mask.sum(axis=1, keepdims=True)
        return Reading(vectors, ids, mask, states)


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text("utf-8"))


def _is_mean(pooling: dict[str, Any]) -> bool:
    # Until its release 6 sentence-transformers wrote a switch for each way.
    ways = {name for name, on in pooling.items() if name.startswith("pooling_mode_") and on is True}
    return pooling.get("pooling_mode") == "mean" or ways == {"pooling_mode_mean_tokens"}


def _is_bert(config: dict[str, Any]) -> bool:
    wanted = {"model_type": "bert", "architectures": ["BertModel"], "hidden_act": "gelu"}
    usual = {
        "position_embedding_type": "absolute",
        "is_decoder": False,
        "dtype": "float32",
        "torch_dtype": "float32",
    }
    return all(config.get(name) == value for name, value in wanted.items()) and all(
        config.get(name, value) == value for name, value in usual.items()
    )


def _max_tokens(folder: Path, config: dict[str, Any]) -> int:
    """Where both say so, since release 6 in the tokenizer's settings; never more than it was built
    for."""
    found = _read(folder, "sentence_bert_config.json").get("max_seq_length")
    if found is None:
        found = _read(folder, "tokenizer_config.json").get("model_max_length")
    places = int(config["max_position_embeddings"])
    return places if found is None else min(int(found), places)


def _shape(config: dict[str, Any]) -> Shape:
    return Shape(
        hidden=config["hidden_size"],
        heads=config["num_attention_heads"],
        layers=config["num_hidden_layers"],
        epsilon=float(config["layer_norm_eps"]),
    )
