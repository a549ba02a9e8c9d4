"""What the files that the product ships are made of."""

import numpy as np
import pytest
from evaluation.study.make_background import by_id, cyrillic_runs, probabilities
from evaluation.study.make_e5_means import ordinary_texts


def test_what_is_headed_says_when_and_who() -> None:
    texts = {(kind, script): texts for script, kind, texts in ordinary_texts()}
    assert len(texts["headed", "latin"]) == len(texts["plain", "latin"])
    assert texts["headed", "cyrillic"][0].endswith(texts["plain", "cyrillic"][0])
    assert " 2019 " in texts["headed", "cyrillic"][0]


def test_probabilities_are_of_a_message_and_leave_out_the_rare() -> None:
    found = probabilities({"often": 0.1, "rarely": 1e-6})
    assert found == {"often": pytest.approx(1 - np.exp(-1.5), abs=1e-5)}
    assert by_id({3: 0.1}, 9, "x") == {"x": {"ids": [3], "p": [found["often"]]}, "x_size": 9}


def test_runs_of_cyrillic_pieces() -> None:
    assert cyrillic_runs(["a", "б", "▁вг", "d", "е"]) == [[1, 3], [4, 5]]
