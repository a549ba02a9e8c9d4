"""Words to terms."""

from __future__ import annotations

import unicodedata

import pytest

from raggen_embed.analysis import Analyser, script_of


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("собаки", "собаку"),
        ("грозы", "ГРОЗУ"),
        ("ёлка", "елки"),
        ("dogs", "Dog's"),
        ("running", "runs"),
        ("йод", unicodedata.normalize("NFD", "йод")),
        ("café", "cafe\u0301"),
    ],
)
def test_forms_of_a_word_are_one_term(analyser: Analyser, one: str, other: str) -> None:
    assert [t.key for t in analyser.terms(one)] == [t.key for t in analyser.terms(other)] != []


def test_stop_words_and_punctuation_are_no_terms(analyser: Analyser) -> None:
    assert list(analyser.terms("What is it? — Что это такое?! … 😀")) == []
    assert [term.word for term in analyser.terms("Is the DOG here, дома?")] == ["DOG", "дома"]


@pytest.mark.parametrize(("text", "courtesy"), [
    ("Hi!", True), ("thank you very much", True), ("Добрый вечер", True), ("спасибо 😀", True),
    ("what is it", False), ("", False), ("hi, where is my dog?", False),
    ("привет, где собака", False),
])  # fmt: skip
def test_courtesy(analyser: Analyser, text: str, courtesy: bool) -> None:
    assert analyser.is_courtesy(text) is courtesy


@pytest.mark.parametrize(
    ("text", "script"),
    [("dog", "latin"), ("собака", "cyrillic"), ("Почему падает Python?", "cyrillic"),
     ("1 + 1", "latin")],
)  # fmt: skip
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script
