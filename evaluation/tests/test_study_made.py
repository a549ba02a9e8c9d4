"""The files that the product ships are what these commands make."""

from importlib.resources import files

import numpy as np
import pytest
from evaluation.study.make_background import by_id, cyrillic_runs, probabilities
from evaluation.study.make_e5_means import means, ordinary_texts


def test_the_means_are_those_of_the_ordinary_texts() -> None:
    made = means()
    with (files("raggen_embed") / "e5_means.npz").open("rb") as opened, np.load(opened) as shipped:
        assert set(made) == set(shipped)
        for name, mean in made.items():
            # Without bf16 they are made a little differently.
            assert mean == pytest.approx(shipped[name], abs=1e-3), name


def test_what_is_headed_says_when_and_who() -> None:
    texts = ordinary_texts()
    assert len(texts["headed", "latin"]) == len(texts["plain", "latin"])
    first = texts["plain", "cyrillic"][0]
    assert texts["headed", "cyrillic"][0] == f"1 января 2019 г. Павел говорит: {first}"


def test_probabilities_are_of_a_message_and_leave_out_the_rare() -> None:
    found = probabilities({"often": 0.1, "rarely": 1e-6})
    assert found == {"often": pytest.approx(1 - np.exp(-1.5), abs=1e-5)}
    assert by_id({3: 0.1}, 9, "x") == {"x": {"ids": [3], "p": [found["often"]]}, "x_size": 9}


def test_runs_of_cyrillic_pieces() -> None:
    assert cyrillic_runs(["a", "б", "▁вг", "d", "е"]) == [[1, 3], [4, 5]]
