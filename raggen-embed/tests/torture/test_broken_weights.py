"""Weights that are kept as the engine wants them, cut off or with a bit turned over, are noticed
and made again: the model reads as it did."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pytest
import structlog

from raggen_embed.multilingual import Multilingual
from torture.damage import makeable, put, some_damage
from torture.sentences_of import text_of
from torture.sizes import report, seed, sized

CASES: Final = sized(3, 60)
TEXTS: Final = [text_of(3), text_of(4)]


def read(folder: Path) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Load the model; its vectors of TEXTS, and what it complained of."""
    with structlog.testing.capture_logs() as logs:
        model = Multilingual.load(1, None, folder)
    vectors = np.stack([model.encode([text], ["plain"])[0].vector for text in TEXTS])
    return vectors, [one["event"] for one in logs if one["log_level"] != "info"]


@pytest.mark.timeout(sized(300, 1800))
def test_broken_weights_are_noticed_and_made_again(tmp_path: Path) -> None:
    expected, _ = read(tmp_path)
    whole = makeable(tmp_path)
    assert whole, "there is nothing to break"
    believed, complaints = read(tmp_path)
    assert complaints == []
    assert np.array_equal(believed, expected)
    rng = random.Random(seed())
    kinds: Counter[str] = Counter()
    for _ in range(CASES):
        damage = some_damage(whole, rng)
        kinds[damage.kind] += 1
        put(tmp_path, {damage.path: damage.done_to(whole[damage.path])})
        vectors, complaints = read(tmp_path)
        assert complaints, f"not noticed: {damage}"
        assert np.allclose(vectors, expected, atol=1e-5), damage
        assert makeable(tmp_path) == whole, damage
    report("broken-weights", cases=CASES, kinds=dict(kinds), megabytes=_megabytes(whole))


def _megabytes(files: dict[Path, bytes]) -> float:
    return round(sum(map(len, files.values())) / 1e6, 1)
