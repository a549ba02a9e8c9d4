"""Questions that need the turn before them: the rule, and what a search makes of it."""

from __future__ import annotations

from typing import Any

import pytest
from embed_service import Json, Service, item

from raggen_embed.followups import history_for, history_weight

EMPTY, POINTING, ALONE = 0.8, 0.5, 0.0


@pytest.mark.parametrize(
    ("question", "weight"),
    [
        ("and why?", EMPTY),
        ("And when was that?", EMPTY),
        ("How long?", EMPTY),
        ("Tell me more", EMPTY),
        ("and how much?", EMPTY),
        ("Where is she now?", EMPTY),
        ("а почему?", EMPTY),
        ("Расскажи подробнее", EMPTY),
        ("А когда это было?", EMPTY),
        ("И сколько ещё?", EMPTY),
        ("…", EMPTY),
        ("Which car do they drive every day?", POINTING),
        ("What breed is it exactly, big?", POINTING),
        ("Где она купила билеты на концерт?", POINTING),
        ("Кто подарил ей красную вазу?", POINTING),
        ("What's her mother's favourite flower?", POINTING),
        ("What is my dog afraid of?", ALONE),
        ("Чего боится моя собака?", ALONE),
        ("And where did Olga buy her ticket?", ALONE),
        ("А где Ольга купила ей вазу?", ALONE),
        ("Which museum did we visit in spring?", ALONE),
        # A thing's pronoun in a long question mostly points within the question itself.
        ("Is it true that the ferry to the northern islands leaves early?", ALONE),
    ],
)
def test_how_much_of_the_turn_before_a_question_needs(question: str, weight: float) -> None:
    assert history_weight(question) == weight


@pytest.mark.parametrize(
    ("turns", "place"),
    [
        (["Where did Olga study?"], 0),
        (["Where did Olga study?", "What is my dog afraid of?"], 1),
        (["Where did Olga study?", "and when?"], 0),
        (["Where did Olga study?", "and when?", "  "], 0),
        (["Where did Olga study?", "and when?", "why?", "and who?"], 3),  # too far back
        (["why?", "and when?"], 1),
    ],
)
def test_which_turn_is_borrowed_from(turns: list[str], place: int) -> None:
    assert history_for("and why?", turns) == (place, EMPTY)


def test_a_question_that_stands_alone_and_one_that_nothing_came_before() -> None:
    assert history_for("What is my dog afraid of?", ["Where did Olga study?"]) is None
    assert history_for("and why?", []) is None


FACTS = {
    "leaves": ("en", "Marta quit her job at the bakery because the flour gave her asthma."),
    "boat": ("en", "The old rowing boat leaks near the stern."),
    "dentist": ("en", "The dentist moved my appointment to Friday."),
    "shed": ("en", "We painted the garden shed green."),
    "гроза": ("ru", "Наша собака прячется под кроватью: её напугал гром."),
    "ремонт": ("ru", "Ремонт кухни обошёлся дороже, чем мы думали."),
    "поезд": ("ru", "Поезд в Казань опоздал на два часа."),
}


@pytest.fixture(scope="module")
def memory(service: Service) -> str:
    service.put(*[
        item(name, text, owner="followups", language=language)
        for name, (language, text) in FACTS.items()
    ])  # fmt: skip
    return "followups"


def without_time(answer: Json) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "took_ms"}


@pytest.mark.parametrize(
    ("question", "before", "wanted"),
    [
        ("and why?", "When did Marta quit her job at the bakery?", "leaves"),
        ("And why was that?", "When did Marta quit her job at the bakery?", "leaves"),
        ("а почему?", "Где прячется наша собака?", "гроза"),
        ("и на сколько?", "Куда опоздал поезд?", "поезд"),
    ],
)
def test_what_was_asked_before_finds_what_the_question_alone_does_not(
    service: Service, memory: str, question: str, before: str, wanted: str
) -> None:
    alone = service.search_whole(question, owner=memory)
    assert wanted not in [one["id"] for one in alone["results"]]
    assert alone["follow_up"] is None
    together = service.search_whole(
        question, owner=memory, previous=["What colour is the shed?", before]
    )
    assert together["results"][0]["id"] == wanted
    assert together["follow_up"] == {"previous": 1, "weight": EMPTY}


@pytest.mark.parametrize(
    "question", ["Why did Marta leave the bakery?", "Почему наша собака прячется под кроватью?"]
)
def test_a_question_that_stands_alone_is_not_touched(
    service: Service, memory: str, question: str
) -> None:
    alone = service.search_whole(question, owner=memory, min_relevance=0, explain=True)
    assert alone["results"]
    together = service.search_whole(
        question, owner=memory, min_relevance=0, explain=True,
        previous=["When does the dentist see me?", "Сколько стоил ремонт кухни?"],
    )  # fmt: skip
    assert without_time(together) == without_time(alone)


def test_the_earlier_turn_weighs_less_than_the_question(service: Service, memory: str) -> None:
    """What both turns ask for separately: the question's own words win."""
    answer = service.search_whole(
        "Did she paint that shed?", owner=memory, previous=["Where does the old boat leak?"],
        min_relevance=0, explain=True,
    )  # fmt: skip
    assert answer["follow_up"] == {"previous": 0, "weight": POINTING}
    ids = [one["id"] for one in answer["results"]]
    assert ids.index("shed") < ids.index("boat") < ids.index("dentist")


def test_limits_of_the_turns(service: Service, memory: str) -> None:
    body = {"text": "and why?", "owner": memory}
    for previous in (["x"] * 21, [" "], [1], "x"):
        answer = service.http.post("/api/v1/search", json={**body, "previous": previous})
        assert answer.status_code == 422, previous
    assert service.search_whole("and why?", owner=memory, previous=["?"] * 20)["follow_up"] == {
        "previous": 19, "weight": EMPTY,
    }  # fmt: skip
