"""What the encoding programs have in common. Only the standard library: it runs beside any peer."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

# Texts → their vectors, in whatever a library makes them of.
Encode = Callable[[Sequence[str]], Iterable[Any]]


def serve(encode: Encode) -> None:
    """Answer orders until stdin ends. ``encode`` makes vectors of texts, in their order."""
    texts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    encode(texts["checked"][:1])
    print("ready", flush=True)
    for order in map(str.strip, sys.stdin):
        if order == "vectors":
            vectors = [[float(number) for number in one] for one in encode(texts["checked"])]
            print(json.dumps(vectors), flush=True)
            continue
        started = time.perf_counter()
        encode(texts[order])
        print(time.perf_counter() - started, flush=True)
