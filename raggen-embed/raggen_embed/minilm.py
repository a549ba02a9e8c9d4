"""all-MiniLM-L6-v2 on OpenVINO, without torch: its network is built here from its weights.

The network is BERT (Devlin et al. 2019, https://arxiv.org/abs/1810.04805), six layers of it, as
transformers' BertModel computes it; the vector of a text is the mean of its tokens' last states.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import safe_open
from tokenizers import Tokenizer

from raggen_embed.bert import Precision, Shape, compiled
from raggen_embed.engine import Ints, Reading, Weight

TORCH_PREFIX: Final = "0.model."  # sentence-transformers' name of its first module
NOT_A_WEIGHT: Final = "embeddings.position_ids"  # 0, 1, 2, … which torch's state dict leaves out


class MiniLM:
    """The packaged model. Not thread-safe."""

    def __init__(self, folder: Path, threads: int, precision: Precision | None = None) -> None:
        """Build and compile the network, which takes half a second.

        Args:
            folder: config.json, sentence_bert_config.json, tokenizer.json, model.safetensors.
            threads: processor threads that ``read`` may use.
            precision: of the network's products; by default what suits the processor.
        """
        config = json.loads((folder / "config.json").read_text())
        limits = json.loads((folder / "sentence_bert_config.json").read_text())
        self._file = folder / "model.safetensors"
        self.max_tokens = int(limits["max_seq_length"])
        self.dimensions = int(config["hidden_size"])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        added = self.tokenizer.get_added_tokens_decoder()
        self.special: Ints = np.array([key for key, one in added.items() if one.special], np.int64)
        self._padded = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._padded.enable_truncation(self.max_tokens)
        self._padded.enable_padding(pad_id=config["pad_token_id"], pad_token="[PAD]")  # noqa: S106
        weights = {name.removeprefix(TORCH_PREFIX): array for name, _, array in self.weights()}
        self._request = compiled(weights, _shape(config), threads, precision)

    def weights(self) -> Iterator[Weight]:
        """Every tensor, sorted by name, one at a time from the file."""
        with safe_open(self._file, "np") as opened:
            for name in sorted(set(opened.keys()) - {NOT_A_WEIGHT}):
                array = opened.get_tensor(name)
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


def _shape(config: dict[str, Any]) -> Shape:
    if config["hidden_act"] != "gelu" or config["position_embedding_type"] != "absolute":
        raise ValueError("config.json describes another network")
    return Shape(
        hidden=config["hidden_size"],
        heads=config["num_attention_heads"],
        layers=config["num_hidden_layers"],
        epsilon=float(config["layer_norm_eps"]),
    )
