"""fastembed on an ONNX file of the same weights.

Started with a file of texts, a folder with model.onnx and the tokenizer's files, and a number of
threads. Its own download of this model is such a file too: it cannot be had without the hub.
"""

import sys

from fastembed import TextEmbedding
from fastembed.common.model_description import ModelSource, PoolingType

from benchmarks.programs.protocol import serve

BATCH = 32  # its own 256 pads more, and was slower


def main() -> None:
    """Load the model and encode what is asked for."""
    name, threads = "local/all-MiniLM-L6-v2", int(sys.argv[3])
    TextEmbedding.add_custom_model(
        model=name,
        pooling=PoolingType.MEAN,
        normalization=True,
        sources=ModelSource(url="file:///nowhere"),
        dim=384,
        model_file="model.onnx",
    )
    model = TextEmbedding(name, specific_model_path=sys.argv[2], threads=threads)
    serve(lambda texts: list(model.embed(list(texts), batch_size=BATCH)))


if __name__ == "__main__":
    main()
