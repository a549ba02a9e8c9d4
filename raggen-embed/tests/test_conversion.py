"""Weights that were converted are kept, and damaged files are made anew."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from raggen_embed.conversion import Weights, converted
from raggen_embed.multilingual import Multilingual
from raggen_embed.tensors import Tensors

WEIGHTS = {
    f"layer.{number}": np.random.default_rng(number).normal(size=(7, 5)).astype(np.float32)
    for number in range(4)
}


class Maker:
    """Makes the weights, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Weights:
        self.times += 1
        return WEIGHTS


def check(folder: Path, make: Maker, source: str = "source") -> None:
    found = converted(folder, "model", source, make)
    assert {name: array.tolist() for name, array in found.items()} == {
        name: array.tolist() for name, array in WEIGHTS.items()
    }


def only(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_it_is_done_once(tmp_path: Path) -> None:
    make = Maker()
    for _ in range(3):
        check(tmp_path / "new" / "cache", make)
    assert make.times == 1
    assert isinstance(converted(tmp_path / "new" / "cache", "model", "source", make), Tensors)


def test_another_source_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    make = Maker()
    (tmp_path / "other-0123.weights").write_bytes(b"of another model")
    for source in ("one", "two", "one"):
        check(tmp_path, make, source)
    assert make.times == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "model-one.weights",
        "other-0123.weights",
    ]


def test_the_whole_source_counts(tmp_path: Path) -> None:
    """The name of the file has only its beginning."""
    make = Maker()
    check(tmp_path, make, "0123456789abcdef first")
    check(tmp_path, make, "0123456789abcdef second")
    assert make.times == 2


def test_every_damage_is_noticed(tmp_path: Path) -> None:
    make = Maker()
    check(tmp_path, make)
    file = only(tmp_path)
    whole = file.read_bytes()
    draw = random.Random(4)
    places = [0, 63, 64, 71, 72, len(whole) - 1, *draw.choices(range(len(whole)), k=60)]
    damaged = [whole[:at] for at in places]
    damaged += [whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :] for at in places]
    damaged.append(whole + b"\0")
    for number, content in enumerate(damaged):
        file.write_bytes(content)
        with capture_logs() as logged:
            check(tmp_path, make)
        assert [line["log_level"] for line in logged] == ["warning"]
        assert make.times == number + 2
        assert file.read_bytes() == whole


def test_a_disk_that_takes_nothing_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    make = Maker()
    with capture_logs() as logged:
        check(tmp_path, make)
    assert "cannot be written" in logged[0]["event"]
    assert [*tmp_path.iterdir()] == []
    (tmp_path / "file").write_bytes(b"")
    check(tmp_path / "file", make)
    assert make.times == 2


def test_the_multilingual_model_is_the_same_with_and_without(tmp_path: Path) -> None:
    plain = Multilingual.load(1)
    made, kept = (Multilingual.load(1, cache=tmp_path) for _ in range(2))
    assert only(tmp_path).stat().st_size > 80_000_000
    expected = plain.encode(["Лиссабон в мае", "a"], ["question", "plain"])
    for model in (made, kept):
        assert model.identity == plain.identity
        found = model.encode(["Лиссабон в мае", "a"], ["question", "plain"])
        for one, other in zip(found, expected, strict=True):
            assert (one.vector == other.vector).all()
            assert (one.tokens == other.tokens).all()
