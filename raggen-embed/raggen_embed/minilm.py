"""all-MiniLM-L6-v2 on OpenVINO, without torch: its network is built here from its weights.

The network is BERT (Devlin et al. 2019, https://arxiv.org/abs/1810.04805), six layers of it, as
transformers' BertModel computes it; the vector of a text is the mean of its tokens' last states.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from safetensors import safe_open
from tokenizers import Tokenizer

from raggen_embed.engine import Ints, Reading, Weight

# `import openvino` would report itself to Google Analytics where this package is installed; the
# locks leave it out, and where something else has brought it along, it is hidden.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino  # noqa: E402
from openvino import opset13 as op  # noqa: E402

Precision = Literal["bf16", "f32"]
Weights = dict[str, npt.NDArray[np.float32]]

TORCH_PREFIX: Final = "0.model."  # sentence-transformers' name of its first module
NOT_A_WEIGHT: Final = "embeddings.position_ids"  # 0, 1, 2, … which torch's state dict leaves out
MASKED: Final = -1e4  # added to the attention to padding: e^-10000 is 0, in bf16 too


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
        self._request = _compiled(_network(weights, config), threads, precision)

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


def _compiled(network: Any, threads: int, precision: Precision | None) -> Any:
    """The network, ready to run on the processor, with its own memory."""
    core = openvino.Core()
    # bf16 is 1.7 times as fast as f32 where the processor has it, and no sentence's cosine to the
    # reference falls below .9995. Left alone OpenVINO would take f16 on ARM, which is not measured.
    has_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    options = {
        "INFERENCE_PRECISION_HINT": precision or ("bf16" if has_bf16 else "f32"),
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": threads,
        # A thread that may not leave its processor waits there for whatever else is running on it.
        "ENABLE_CPU_PINNING": False,
        # Or two threads of one core would count as one.
        "ENABLE_HYPER_THREADING": True,
    }
    return core.compile_model(network, "CPU", options).create_infer_request()


def _network(weights: Weights, config: dict[str, Any]) -> Any:
    """Ids int64[b, t] and mask float32[b, t] → the last states float32[b, t, d]."""
    ids = op.parameter([-1, -1], np.int64, "ids")
    mask = op.parameter([-1, -1], np.float32, "mask")
    build = _Builder(weights, config)
    hidden = build.embedded(ids)
    padding = op.multiply(op.subtract(_floats(1), mask), _floats(MASKED))
    padding = op.unsqueeze(padding, _ints(1, 2))  # [b, 1 head, 1 asking token, t]
    for layer in range(config["num_hidden_layers"]):
        hidden = build.layer(hidden, padding, f"encoder.layer.{layer}.")
    return openvino.Model([hidden], [ids, mask], "all-MiniLM-L6-v2")


class _Builder:
    """The parts of the network; names are those of the weights."""

    def __init__(self, weights: Weights, config: dict[str, Any]) -> None:
        if config["hidden_act"] != "gelu" or config["position_embedding_type"] != "absolute":
            raise ValueError("config.json describes another network")
        self._weights = weights
        self._epsilon = float(config["layer_norm_eps"])
        size, heads = config["hidden_size"], config["num_attention_heads"]
        self._apart = _ints(0, 0, heads, size // heads)
        self._together = _ints(0, 0, size)
        self._heads_first = _ints(0, 2, 1, 3)

    def embedded(self, ids: Any) -> Any:
        """What each token is and where it stands; every token is of the first text, type 0."""
        name = "embeddings."
        types = self._weights[name + "token_type_embeddings.weight"]
        places = op.constant(self._weights[name + "position_embeddings.weight"] + types[0])
        length = op.gather(op.shape_of(ids), op.constant(1), op.constant(0))
        count = op.range(op.constant(0), length, op.constant(1), output_type="i64")
        words = op.gather(self._constant(name + "word_embeddings.weight"), ids, _ints(0))
        hidden = op.add(words, op.gather(places, count, _ints(0)))
        return self._normalised(hidden, name + "LayerNorm")

    def layer(self, hidden: Any, padding: Any, name: str) -> Any:
        """Attention, then each token alone, both added to what came in."""
        asking, asked, told = (
            self._heads(self._linear(hidden, f"{name}attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        found = op.scaled_dot_product_attention(asking, asked, told, padding)
        found = op.reshape(op.transpose(found, self._heads_first), self._together, True)
        found = self._linear(found, name + "attention.output.dense")
        hidden = self._normalised(op.add(hidden, found), name + "attention.output.LayerNorm")
        wide = op.gelu(self._linear(hidden, name + "intermediate.dense"), "erf")
        narrow = self._linear(wide, name + "output.dense")
        return self._normalised(op.add(hidden, narrow), name + "output.LayerNorm")

    def _heads(self, hidden: Any) -> Any:
        return op.transpose(op.reshape(hidden, self._apart, True), self._heads_first)

    def _linear(self, hidden: Any, name: str) -> Any:
        product = op.matmul(hidden, self._constant(name + ".weight"), False, True)
        return op.add(product, self._constant(name + ".bias"))

    def _normalised(self, hidden: Any, name: str) -> Any:
        scaled = op.mvn(hidden, _ints(-1), True, self._epsilon, "inside_sqrt")
        scaled = op.multiply(scaled, self._constant(name + ".weight"))
        return op.add(scaled, self._constant(name + ".bias"))

    def _constant(self, name: str) -> Any:
        return op.constant(self._weights[name], shared_memory=True)


def _ints(*numbers: int) -> Any:
    return op.constant(np.array(numbers, np.int64))


def _floats(number: float) -> Any:
    return op.constant(np.float32(number))
