"""Windows cover the whole text, and each fits the model."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.encoder import Encoder
from raggen_embed.windows import OVERLAP, Windower

PREFIX = "On 8 May 2023, the user said: "
LIMIT = 256


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
