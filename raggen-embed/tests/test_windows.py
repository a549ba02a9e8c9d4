"""Windows cover the whole text, and each fits the model."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.e5_image import E5Image
from raggen_embed.encoder import Encoder
from raggen_embed.multilingual import PREFIX as E5_PREFIXES
from raggen_embed.multilingual import packaged
from raggen_embed.unigram import Unigram
from raggen_embed.windows import OVERLAP, Windower

PREFIX = "On 8 May 2023, the user said: "
LIMIT = 256
E5_LIMIT = 512
THAI = "ในวันที่แปดพฤษภาคมเราย้ายไปลิสบอนเพราะค่าเช่าถูกกว่าและทะเลอยู่ใกล้แมวของฉันเกลียดการบินมาก"
DUMP = hashlib.sha512(b"a dump of numbers").hexdigest()


def check(windower: Windower, text: str, prefix: str) -> None:
    used, cuts = windower.cut(text, prefix)
    assert cuts[0].start == 0
    assert cuts[-1].end == len(text)
    for one, following in itertools.pairwise(cuts):
        assert one.start < following.start <= one.end < following.end
    for cut in cuts:
        tokens = len(windower._encode(used + text[cut.start : cut.end]))
        assert tokens == cut.tokens
        assert tokens <= LIMIT - 2


@pytest.mark.parametrize(
    "text",
    ["", " \n", "word " * 3000, "собака, " * 2000, "😀" * 2000, "汉" * 2000, "x" * 9000,
     "a-b_c " * 999],
)  # fmt: skip
def test_long_texts(encoder: Encoder, text: str) -> None:
    check(encoder.windower, text, PREFIX)


pieces = st.text(max_size=30) | st.sampled_from(
    ["word ", "длинноеслово", "\n", "e\u0301", "x" * 120]
)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(pieces, max_size=40), times=st.integers(1, 20), headed=st.booleans())
def test_any_text(encoder: Encoder, parts: list[str], times: int, headed: bool) -> None:
    prefix = PREFIX if headed else ""
    check(encoder.windower, "".join(parts) * times, prefix)


def test_neighbours_share_text(encoder: Encoder) -> None:
    text = " ".join(f"Sentence {n} is here." for n in range(300))
    _, cuts = encoder.windower.cut(text)
    for one, following in itertools.pairwise(cuts):
        shared = text[following.start : one.end]
        assert OVERLAP - 5 <= len(encoder.windower._encode(shared)) <= OVERLAP + 5


def test_a_header_that_is_too_long_is_left_out(encoder: Encoder) -> None:
    prefix, [cut] = encoder.windower.cut("Hello", "汉" * 200)
    assert prefix == ""
    assert cut.tokens == 1


@pytest.fixture(scope="module")
def unigram() -> Unigram:
    return E5Image(packaged()).unigram()


@pytest.mark.parametrize(
    "text",
    [
        THAI * 60,
        " ".join([THAI] * 60),
        f"Before it. {THAI * 9} Between them. {DUMP * 9} {DUMP * 8} After it, {THAI}.",
        DUMP * 40,
        " ".join([DUMP] * 40),
        "😀😺🐶" * 700,
        "ꙮ" * 2000 + " end",
        "start " + "ᚠᚢᚦ" * 900,
        f"{'word ' * 240}{DUMP}{' word' * 240}",
    ],
)
@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_unknown_words_are_read_whole_by_the_other_model(
    encoder: Encoder, unigram: Unigram, text: str, prefix: str
) -> None:
    check(encoder.windower, text, prefix)
    used, cuts = encoder.windower.cut(text, prefix)
    before = E5_PREFIXES["headed"][0]
    for cut in cuts:
        window = f"{before}{used}{text[cut.start : cut.end]}"
        assert len(unigram.ids(window)) <= E5_LIMIT - 2, window


def test_parts_of_a_long_word_share_letters(encoder: Encoder) -> None:
    _, cuts = encoder.windower.cut(DUMP * 20)
    assert len(cuts) > 5
    for one, following in itertools.pairwise(cuts):
        assert one.end - following.start >= OVERLAP
    assert all(cut.tokens == 1 for cut in cuts)


def test_a_text_without_unknown_words_is_cut_by_its_tokens_alone(encoder: Encoder) -> None:
    text = "word " * 1000
    _, cuts = encoder.windower.cut(text)
    assert [cut.tokens for cut in cuts][:-1] == [LIMIT - 2] * (len(cuts) - 1)
