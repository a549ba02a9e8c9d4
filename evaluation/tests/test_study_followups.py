"""When a question borrows from the turn before it, and the terms both languages share."""

import pytest
from evaluation.study.followups import WEIGHT_EMPTY, WEIGHT_POINTING, history_for, history_weight
from evaluation.study.terms import folded, grams, words


@pytest.mark.parametrize("question", ["And why?", "When was that?", "А почему?", "Расскажи ещё"])
def test_a_question_without_content_needs_history(question: str) -> None:
    assert history_weight(question) == WEIGHT_EMPTY


@pytest.mark.parametrize(
    "question", ["Which instruments does she play?", "Какие книги он читает?", "Did it break down?"]
)
def test_a_pointing_question_borrows(question: str) -> None:
    assert history_weight(question) == WEIGHT_POINTING


@pytest.mark.parametrize(
    "question",
    [
        "Which instruments does Anna play?",
        "Which city did the company move to?",
        "На каких музыкальных инструментах играет Анна?",
    ],
)
def test_a_question_with_a_name_or_enough_words_stands_alone(question: str) -> None:
    assert history_weight(question) == 0


def test_history_is_the_latest_turn_that_stands_alone() -> None:
    turns = ["Where does Boris live?", "Which car does Anna drive?", "And why?"]
    assert history_for("And since when?", turns) == (turns[1], WEIGHT_EMPTY)
    assert history_for("And since when?", ["And why?"]) == ("And why?", WEIGHT_EMPTY)
    assert history_for("And since when?", []) == (None, 0)
    assert history_for("Which car does Anna drive?", turns) == (None, 0)


def test_a_name_is_spelt_alike_in_both_scripts() -> None:
    assert folded("москва") == folded("moskva") == "moskva"
    assert folded("виктор") == folded("victor")
    assert set(grams("Берлин")) == set(grams("Berlin"))
    assert grams("a") == ["_a_"]


def test_words_are_normalised() -> None:
    assert words("Ёлка, it’s ＡＢＣ") == ["елка", "it's", "abc"]
