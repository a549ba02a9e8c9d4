"""Our cutter and the tokenizers library's, with the vocabulary of multilingual-e5-small."""

from __future__ import annotations

import random
import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from raggen_embed.e5_image import E5Image
from raggen_embed.multilingual import packaged
from raggen_embed.unigram import LONG, SPACE, Unigram

TEXTS = [
    "The train to the coast leaves at half past six in the morning.",
    "Поезд к морю отходит в половине седьмого утра.",
    "  two  spaces ,  and\ttabs\nand lines ",
    "ﬁ ½ … Ⅷ e\u0301\u0302\u200d й ё",
    "今日は良い天気です。漢字仮名交じり文のテスト。",
    "😀👩‍👩‍👧 \U0010ffff\U0010ffff\ufffe x\U0010ffff",
    "a▁b▁▁c",
    "<s> </s> <pad> <mask> <unk>",
    "x" * (LONG + 1) + " " + "ъ" * LONG,
]  # fmt: skip


@pytest.fixture(scope="module")
def image() -> E5Image:
    return E5Image(packaged())


@pytest.fixture(scope="module")
def unigram(image: E5Image) -> Unigram:
    return image.unigram()


@pytest.fixture(scope="module")
def theirs(image: E5Image) -> Tokenizer:
    vocabulary = [*zip(image.pieces(), image.scores.tolist(), strict=True)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=image.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="always")
    return tokenizer


def expected(theirs: Tokenizer, image: E5Image, text: str) -> list[int]:
    plain = re.sub(" +", " ", unicodedata.normalize("NFKC", text).translate(image.normal))
    ids: list[int] = theirs.encode(plain, add_special_tokens=False).ids
    return ids


def test_every_piece_is_found_and_nothing_else(unigram: Unigram, image: E5Image) -> None:
    known = {piece: identifier for identifier, piece in enumerate(image.pieces())}
    assert [piece for piece, at in known.items() if unigram._pieces.get(piece) != at] == []
    draw, pieces = random.Random(3), [*known]
    for _ in range(200_000):
        text = (draw.choice(pieces) + draw.choice(pieces))[: draw.randrange(1, 9)]
        assert unigram._pieces.get(text) == known.get(text)


@pytest.mark.parametrize("text", TEXTS)
def test_the_ids_are_those_of_the_library(
    unigram: Unigram, theirs: Tokenizer, image: E5Image, text: str
) -> None:
    # As the model reads it: something always stands before the text.
    text = f"query: {text}"
    assert unigram.ids(text) == expected(theirs, image, text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_of_any_text(unigram: Unigram, theirs: Tokenizer, image: E5Image, text: str) -> None:
    text = f"passage: {text}"
    assert unigram.ids(text) == expected(theirs, image, text)


def test_a_word_is_cut_alike_the_second_time(unigram: Unigram) -> None:
    assert unigram.ids("Лиссабон") == unigram.ids("Лиссабон")
    both = unigram.ids("Лиссабон Lisbon")
    assert both == [*unigram.ids("Лиссабон"), *unigram.ids("Lisbon")]


def test_the_most_probable_pieces_win() -> None:
    pieces = ["<unk>", "▁", "a", "b", "▁a", "ab", "▁ab"]
    scores = [0.0, -3.0, -3.0, -3.0, -1.0, -2.0, -9.0]
    small = Unigram(pieces, scores, 0, {ord("A"): "a"})
    assert small.ids("ab") == [4, 3]
    assert small.ids("Ab") == [4, 3]
    assert small.ids("aab") == [4, 5]
    # What has no piece is one unknown token a run.
    assert small.ids("a??b") == [4, 0, 3]


@pytest.mark.parametrize("text", [*TEXTS, "deadbeef0123" * 20_000, "слово " * 5000])
@pytest.mark.parametrize("most", [1, 7, 510])
def test_the_first_ids_are_those_of_the_whole(unigram: Unigram, text: str, most: int) -> None:
    assert unigram.ids(text, most) == unigram.ids(text)[:most]


def test_nothing_is_cut_behind_the_last_id(unigram: Unigram) -> None:
    """Or one pasted key would hold up the model for seconds."""
    started = time.process_time()
    unigram.ids("0123456789abcdef" * 500_000, 510)
    assert time.process_time() - started < 2
