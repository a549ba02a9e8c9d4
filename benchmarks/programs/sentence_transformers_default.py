"""sentence-transformers as its documentation starts it: torch, fp32, batches of 32.

Started with a file of texts and the folder of the model.
"""

import sys

from sentence_transformers import SentenceTransformer

from benchmarks.programs.protocol import serve


def main() -> None:
    """Load the model and encode what is asked for."""
    model = SentenceTransformer(sys.argv[2], device="cpu", local_files_only=True)
    serve(lambda texts: model.encode(list(texts), show_progress_bar=False))


if __name__ == "__main__":
    main()
