"""raggen-embed's own way from texts to vectors, in process and without HTTP or cache: each text's
windows, batches by tokens, the main model.

Started with a file of texts and a number of threads.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from benchmarks.programs.protocol import serve
from raggen_embed.batching import Batcher
from raggen_embed.encoder import PACKAGED, Encoder, Vectors, mean_vector
from raggen_embed.preparation import Preparation

LIMIT = 1 << 20  # windows that may wait


def main() -> None:
    """Load the model and encode what is asked for."""
    encoder = Encoder.load(PACKAGED, int(sys.argv[2]))
    preparation = Preparation(encoder.windower)
    batcher = Batcher(lambda texts, _: encoder.encode(texts), LIMIT)

    def encode(texts: Sequence[str]) -> list[Vectors]:
        prepared = [preparation.text(text) for text in texts]
        read = batcher.submit(
            [window for one in prepared for window in one.inputs],
            [count for one in prepared for count in one.tokens],
            [one.kind for one in prepared for _ in one.inputs],
            urgent=False,
        ).result()
        windows = iter(read)
        return [
            mean_vector(np.stack([next(windows).vector for _ in one.inputs])) for one in prepared
        ]

    serve(encode)
    batcher.close()


if __name__ == "__main__":
    main()
