"""BERT on OpenVINO, without torch: a network built from weights.

Devlin et al. 2019 (https://arxiv.org/abs/1810.04805), as transformers' BertModel computes it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

# `import openvino` would report itself to Google Analytics where this package is installed; the
# locks leave it out, and where something else has brought it along, it is hidden.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino  # noqa: E402
from openvino import opset13 as op  # noqa: E402

from raggen_embed.engine import Precision  # noqa: E402
from raggen_embed.errors import ModelUnusable  # noqa: E402

Weights = Mapping[str, npt.NDArray[np.float32]]

WORDS: Final = "embeddings.word_embeddings.weight"
MASKED: Final = -1e4  # added to the attention to padding: e^-10000 is 0, in bf16 too


@dataclass(frozen=True)
class Shape:
    """The sizes of a network: ``hidden`` dimensions in ``heads`` parts, ``layers``, and the epsilon
    of its normalisations."""

    hidden: int
    heads: int
    layers: int
    epsilon: float


def compiled(
    weights: Weights, shape: Shape, threads: int, precision: Precision | None = None
) -> Any:
    """The network, ready to run on the processor: an infer request, that has run once.

    By then it has copied most weights into a form of its own, half as large in bf16; what is left,
    it reads where it is.

    Its inputs are token ids int64[b, t], or where the weights hold no word embeddings, these
    themselves, float32[b, t, d]; and the mask float32[b, t], 0 for padding. Its output is the last
    states float32[b, t, d].

    Args:
        weights: by transformers' names.
        shape: the sizes.
        threads: processor threads that it may use.
        precision: of its products; by default what suits the processor.

    Raises:
        ModelUnusable: bf16 is asked for and the processor has none.
    """
    if precision == "bf16" and not has_bf16():
        raise ModelUnusable(
            "RAGGEN_EMBED_PRECISION: this processor has no bf16: write auto or f32."
        )
    # bf16 is 1.7 times as fast as f32 where the processor has it, and no sentence's cosine to the
    # reference falls below .9995. Left alone OpenVINO would take f16 on ARM, which is not measured.
    options = {
        "INFERENCE_PRECISION_HINT": precision or ("bf16" if has_bf16() else "f32"),
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": threads,
        # A thread that may not leave its processor waits there for whatever else is running on it.
        "ENABLE_CPU_PINNING": False,
        # Or two threads of one core would count as one.
        "ENABLE_HYPER_THREADING": True,
    }
    network = _network(weights, shape)
    request = openvino.Core().compile_model(network, "CPU", options).create_infer_request()
    mask = np.ones((1, 8), np.float32)
    text = np.zeros((1, 8), np.int64) if WORDS in weights else np.zeros((1, 8, shape.hidden), "f4")
    request.infer([text, mask])
    return request


def has_bf16() -> bool:
    """Tell whether this processor multiplies in bf16."""
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _network(weights: Weights, shape: Shape) -> Any:
    build = _Builder(weights, shape)
    if WORDS in weights:
        read = op.parameter([-1, -1], np.int64, "ids")
        words = op.gather(build.constant(WORDS), read, _ints(0))
    else:
        read = op.parameter([-1, -1, shape.hidden], np.float32, "words")
        words = read
    mask = op.parameter([-1, -1], np.float32, "mask")
    hidden = build.embedded(words, mask)
    padding = op.multiply(op.subtract(_floats(1), mask), _floats(MASKED))
    padding = op.unsqueeze(padding, _ints(1, 2))  # [b, 1 head, 1 asking token, t]
    for layer in range(shape.layers):
        hidden = build.layer(hidden, padding, f"encoder.layer.{layer}.")
    return openvino.Model([hidden], [read, mask], "bert")


class _Builder:
    """The parts of the network; names are those of the weights."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        self._weights = weights
        self._epsilon = shape.epsilon
        self._apart = _ints(0, 0, shape.heads, shape.hidden // shape.heads)
        self._together = _ints(0, 0, shape.hidden)
        self._heads_first = _ints(0, 2, 1, 3)

    def embedded(self, words: Any, mask: Any) -> Any:
        """What each token is and where it stands; every token is of the first text, type 0."""
        name = "embeddings."
        types = self._weights[name + "token_type_embeddings.weight"]
        places = op.constant(self._weights[name + "position_embeddings.weight"] + types[0])
        length = op.gather(op.shape_of(mask), op.constant(1), op.constant(0))
        count = op.range(op.constant(0), length, op.constant(1), output_type="i64")
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
        product = op.matmul(hidden, self.constant(name + ".weight"), False, True)
        return op.add(product, self.constant(name + ".bias"))

    def _normalised(self, hidden: Any, name: str) -> Any:
        scaled = op.mvn(hidden, _ints(-1), True, self._epsilon, "inside_sqrt")
        scaled = op.multiply(scaled, self.constant(name + ".weight"))
        return op.add(scaled, self.constant(name + ".bias"))

    def constant(self, name: str) -> Any:
        """A tensor of the weights."""
        return op.constant(self._weights[name], shared_memory=True)


def _ints(*numbers: int) -> Any:
    return op.constant(np.array(numbers, np.int64))


def _floats(number: float) -> Any:
    return op.constant(np.float32(number))
