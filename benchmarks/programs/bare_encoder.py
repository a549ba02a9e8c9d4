"""The main model alone, without windows, batching or queue: what a search can at best take.

Started with a file of texts and a number of threads.
"""

from __future__ import annotations

import sys

from benchmarks.programs.protocol import serve
from raggen_embed.encoder import PACKAGED, Encoder


def main() -> None:
    """Load the model and encode what is asked for."""
    encoder = Encoder.load(PACKAGED, int(sys.argv[2]))
    serve(lambda texts: [one.vector for one in encoder.encode(list(texts))])


if __name__ == "__main__":
    main()
