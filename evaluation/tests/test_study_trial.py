"""What is switched off, and where that can change anything; derived questions; the cache."""

from pathlib import Path

import numpy as np
import pytest
from evaluation.sets import Query, RetrievalSet
from evaluation.study.cache import Array, Cache
from evaluation.study.derived import follow_ups
from evaluation.study.rows import foreign_questions
from evaluation.study.small import small_memories
from evaluation.study.table import table
from evaluation.study.trial import pair_of, parts, without

from raggen_embed.fusion import Formula


def passages(name: str, text: str, question: str, number: int = 2) -> RetrievalSet:
    return RetrievalSet(
        name,
        tuple({"id": f"p{row}", "text": text} for row in range(number)),
        tuple(Query(f"{name}{row}", f"{question} {row}", "", None) for row in range(number)),
        {f"{name}{row}": {f"p{row}": 1} for row in range(number)},
    )


def chat() -> RetrievalSet:
    said = ("Anna drives a red car.", "Anna lives in Rome.", "Boris plays the flute.")
    asked = ("Which car does Anna drive?", "Where does Anna live?", "Which instrument is Boris's?")
    return RetrievalSet(
        "chat",
        tuple(
            {"id": f"m{row}", "text": text, "conversation": "c", "session": "s", "seq": row,
             "speaker": text.split()[0]}
            for row, text in enumerate(said)
        ),
        tuple(Query(f"q{row}", text, "", "c") for row, text in enumerate(asked)),
        {f"q{row}": {f"m{row}": 1} for row in range(len(said))},
    )  # fmt: skip


def test_a_lane_off_leaves_the_other_weights_as_they_are() -> None:
    formula = Formula()
    less = without(formula, "words")
    assert "words" not in less.weights["latin"]
    for pair, weights in less.weights.items():
        assert all(formula.weights[pair][lane] == share for lane, share in weights.items())


def test_only_what_can_change_a_set_is_switched_off() -> None:
    formula = Formula()
    english, russian = passages("e", "a text", "what"), passages("r", "текст", "что")
    assert set(parts(english, formula)) == {"late_main", "main", "words", "grams", "shortlist"}
    assert {"late_multilingual", "shortlist"} <= set(parts(russian, formula))
    assert {"lift", "session share", "neighbours", "asking"} <= set(parts(chat(), formula))
    assert pair_of(passages("x", "текст", "what")) == "cross"


def test_a_dependent_question_loses_its_subject_and_what_came_before_names_it() -> None:
    kinds = follow_ups(chat())
    pronoun = {one.full.id: one for one in kinds["pronoun"]}
    assert pronoun["q0"].asked == "Which car does they drive?"
    assert pronoun["q0"].before == "Where does Anna live?"
    elliptic = {one.full.id: one for one in kinds["elliptic"]}
    assert (elliptic["q1"].asked, elliptic["q1"].before) == (
        "And where was that?",
        "Where does Anna live?",
    )
    assert all(one.before != one.full.text for one in kinds["standalone"] + kinds["distant"])


def test_passages_give_standalone_questions_alone() -> None:
    assert set(follow_ups(passages("e", "a text", "what"))) == {"standalone"}


def test_foreign_questions_share_neither_text_nor_id() -> None:
    own, other = passages("a", "a text", "what"), passages("b", "a text", "why")
    translated = RetrievalSet(
        "c", own.items, tuple(Query(q.id, "что", "", None) for q in own.queries), own.relevant
    )
    found = foreign_questions(own, [own, other, translated])
    assert found == {"latin": ["why 0", "why 1"], "cyrillic": []}


def test_small_memories_ask_for_facts_in_four_directions() -> None:
    found = {one.chosen.name: one for one in small_memories()}
    assert list(found) == ["en-to-en", "ru-to-ru", "en-to-ru", "ru-to-en"]
    for one in found.values():
        assert (len(one.chosen.items), len(one.chosen.queries), len(one.unrelated)) == (60, 30, 12)
        assert one.chosen.is_chat
    crossing = found["en-to-ru"].chosen
    [fact] = crossing.relevant["q0"]
    assert "Арчи" in next(item["text"] for item in crossing.items if item["id"] == fact)


def test_the_cache_makes_arrays_once_and_keeps_nothing_half_made(tmp_path: Path) -> None:
    cache, made = Cache(tmp_path), []

    def make() -> dict[str, Array]:
        made.append(1)
        return {"a": np.arange(3)}

    for _ in range(2):
        assert cache.get("kind", ["x"], make)["a"].tolist() == [0, 1, 2]
    assert len(made) == 1
    cache.get("kind", ["y"], make)
    assert len(made) == 2

    def fail() -> dict[str, Array]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.get("kind", ["z"], fail)
    assert cache.get("kind", ["z"], make)["a"].tolist() == [0, 1, 2]


def test_a_table_has_a_row_an_entry_and_leaves_gaps_empty() -> None:
    text = table("set", {"a": {"ece": 0.1234, "x": 5}, "b": {"x": 6}}, ["x", "ece"])
    assert text.splitlines()[2:] == ["| a | 5.00 | 0.123 |", "| b | 6.00 |  |"]
