"""NFKC, as Python makes it, but in time that grows with the text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.normalisation import MARKS, nfkc

LONG = 200_000


@given(st.text())
def test_it_is_pythons(text: str) -> None:
    assert nfkc(text) == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize("marks", ["\u0301\u0316" * (MARKS // 2), "-" * 500, "ﾞ" * (MARKS - 1)])
def test_it_is_pythons_as_long_as_there_are_few_marks(marks: str) -> None:
    text = f"ё и\u0306 ﬁ {marks} a{marks}"
    assert nfkc(text) == unicodedata.normalize("NFKC", text)


@pytest.mark.parametrize(
    "unit",
    ["\u0301\u0316", "\u0f73", "\u0f75\u0301", "ﾞ\u0301\u0316", "\u0344\u0316", "\u1dfa\u0301"],
)
def test_marks_without_end_take_no_time(unit: str) -> None:
    """Python alone takes minutes, in which no other thread runs."""
    text = "а" + unit * (LONG // len(unit))
    started = time.process_time()
    assert len(nfkc(text)) > LONG // 2
    assert time.process_time() - started < 2
