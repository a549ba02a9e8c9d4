"""Sentences with exact offsets."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from raggen_embed.sentences import sentences_of


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(["Да. ", "No? ", "😀", "\r\n", "т.е. ", "a"])).map("".join)
)
def test_offsets_are_exact(text: str) -> None:
    for sentence in sentences_of(text):
        assert text[sentence.start : sentence.end] == sentence.text


def test_thousands_of_question_marks_take_no_time() -> None:
    began = time.perf_counter()
    assert [s.is_question for s in sentences_of("?" * 100_000 + "a")] == [False]
    assert time.perf_counter() - began < 5


def test_lines_end_sentences() -> None:
    text = "To buy:\n- milk\n- bread\n\n😀\nЧто ещё?! А. С. Пушкин родился в Москве."
    assert [(s.text, s.is_question) for s in sentences_of(text)] == [
        ("To buy:", False),
        ("- milk", False),
        ("- bread", False),
        ("Что ещё?!", True),
        ("А. С. Пушкин родился в Москве.", False),
    ]
