"""The sentences of the results that answer the question."""

from __future__ import annotations

import pytest
from embed_service import Service, Start, item


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("My dog is called Archie. He is afraid of thunder.", "What is my dog afraid of?",
         "He is afraid of thunder."),
        ("Мою собаку зовут Арчи. Он боится грозы.", "Чего боится моя собака?", "Он боится грозы."),
        ("Hello!\n\n😀😀 We rented a car. It costs 40 euros a day.\nSee you",
         "How much does the car cost?", "It costs 40 euros a day."),
        ("Do you know what my dog is afraid of? My dog is afraid of thunder.",
         "What is my dog afraid of?", "My dog is afraid of thunder."),
    ],
)  # fmt: skip
def test_the_answer_is_the_first_highlight(
    service: Service, owner: str, text: str, question: str, answer: str
) -> None:
    service.put(item("a", text, owner=owner))
    [found] = service.search(question, owner=owner, highlights=3)
    assert found["highlights"][0]["text"] == answer
    for highlight in found["highlights"]:
        assert text[highlight["start"] : highlight["end"]] == highlight["text"]
        assert not highlight["text"].endswith("?")
        assert 0 <= highlight["relevance"] <= 1


def test_an_item_of_one_sentence_is_its_highlight(service: Service, owner: str) -> None:
    service.put(item("a", "The piano tuner comes on Thursday", owner=owner))
    [found] = service.search("When does the piano tuner come?", owner=owner, highlights=2)
    [highlight] = found["highlights"]
    assert highlight["text"] == "The piano tuner comes on Thursday"
    assert highlight["relevance"] == pytest.approx(found["relevance"])


def test_a_question_is_no_highlight(service: Service, owner: str) -> None:
    service.put(item("a", "When does the piano tuner come? 🎹", owner=owner))
    [found] = service.search("When does the piano tuner come?", owner=owner, highlights=2)
    assert found["highlights"] == []


def test_no_highlights_unless_asked_for(service: Service, owner: str) -> None:
    service.put(item("a", "The piano tuner comes on Thursday", owner=owner))
    assert service.search("When does the piano tuner come?", owner=owner)[0]["highlights"] == []


def test_many_sentences_are_capped(service: Service, owner: str) -> None:
    text = " ".join(f"The train number {n} to Vienna is late." for n in range(60))
    service.put(*[item(f"t{n}", f"{text} Gate {n}.", owner=owner) for n in range(10)])
    answer = service.search_whole("Which train to Vienna is late?", owner=owner, highlights=5)
    assert len(answer["results"]) == 10
    assert sum(len(result["highlights"]) for result in answer["results"]) > 0


def test_sentences_without_end_are_read_in_part(start: Start) -> None:
    """All their windows would be more than may wait for the model."""
    service = start(queue_windows="64").ready()
    long = "Жук" + " паук лев слон жук" * 300
    for number in range(3):
        service.put(item(f"a{number}", f"{long}. Собака боится грозы. {long}!"))
    found = service.search("Чего боится собака?", highlights=1, min_relevance=0)
    assert {one["highlights"][0]["text"] for one in found} == {"Собака боится грозы."}
