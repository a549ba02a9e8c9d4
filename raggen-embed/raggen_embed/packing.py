"""Vectors on their way out: numbers, or OpenAI's base64, which is a quarter of the size."""

from __future__ import annotations

import base64

import numpy as np
import numpy.typing as npt

from raggen_embed.wire import EncodingFormat


def packed(vector: npt.NDArray[np.float32], encoding: EncodingFormat) -> list[float] | str:
    """A vector float32[d] as JSON can hold it.

    base64 is of d little-endian 32-bit floats, as in OpenAI's ``encoding_format``
    (https://platform.openai.com/docs/api-reference/embeddings/create).
    """
    if encoding == "float":
        numbers: list[float] = vector.tolist()
        return numbers
    return base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii")
