"""What a search can be told, and what it tells, through the API."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from embed_service import Json, Service, Start, item

CHAT = [
    ("Anna", "What did the vet say about the cat?"),
    ("Boris", "Give her the drops twice a day."),
    ("Anna", "And what do they cost?"),
    ("Boris", "Forty euros a bottle."),
    ("Anna", "Тогда куплю завтра."),
    ("Boris", "The old ferry to Naxos leaves at seven in the morning."),
    ("Anna", "We need a bigger suitcase."),
    ("Boris", "I painted the balcony white last weekend."),
]
LANES = {"late_main", "main", "late_multilingual", "multilingual", "words", "grams"}


@pytest.fixture(scope="module")
def chat(service: Service) -> str:
    """The owner of a chat of one session, and of a note outside of it."""
    service.put(
        *[
            item(
                f"m{n}", text, owner="searching", conversation="c", session="s", seq=n,
                speaker=speaker,
            )
            for n, (speaker, text) in enumerate(CHAT)
        ],
        item("note", "The vet's number is on the fridge.", owner="searching"),
    )  # fmt: skip
    return "searching"


def everything(service: Service, text: str, **options: Any) -> dict[str, Json]:
    found = service.search(text, min_relevance=0, explain=True, k=100, **options)
    return {one["id"]: one for one in found}


def score(one: Json) -> float:
    return float(one["explanation"]["score"])


@pytest.mark.parametrize("text", ["What did the vet say?", "Что сказал ветеринар?", "Ναξος?"])
def test_an_explanation_adds_up(service: Service, chat: str, text: str) -> None:
    found = everything(service, text, owner=chat, recency=1, pinned_ids=["m5"])
    assert len(found) == len(CHAT) + 1
    for one in found.values():
        why = one["explanation"]
        assert set(why["lanes"]) == LANES
        assert set(why["shares"]) > LANES
        assert sum(why["shares"].values()) == pytest.approx(why["score"], abs=1e-5)
        logit = sum(why["log_odds"].values())
        assert one["relevance"] == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-4)
        own = "cyrillic" if one["id"] == "m4" else "latin"
        assert why["script"] == ("cyrillic" if text.startswith("Ч") else "latin")
        assert why["pair"] == (own if own == why["script"] else "cross")
        assert why["window"] == {"start": 0, "end": len(one["text"])}
        assert one["lexical"] == pytest.approx(why["lanes"]["words"])
        for lane in LANES:
            assert (why["shares"][lane] == 0) or why["lanes"][lane] > 0
    [plain] = service.search(text, owner=chat, min_relevance=0, k=1)
    assert plain["explanation"] is None


def test_a_budget_of_tokens_passes_over_what_does_not_fit(service: Service, owner: str) -> None:
    long = "The recipe for plum cake is this: " + "stone the plums and roll the dough, " * 12
    service.put(
        item("long", long, owner=owner),
        item("short", "My plum cake needs an hour.", owner=owner),
        item("other", "The plum tree blossoms.", owner=owner),
    )
    query: dict[str, Any] = {
        "text": "How is the recipe for plum cake?",
        "owner": owner,
        "min_relevance": 0,
    }
    assert service.ids(**query)[0] == "long"
    size = {"long": 150, "short": 20, "other": 20}
    assert service.ids(**query, max_tokens=1) == []
    assert service.ids(**query, max_tokens=size["short"] + size["other"]) == ["short", "other"]
    assert service.ids(**query, max_tokens=1000) == ["long", "short", "other"]
    assert service.ids(**query, max_tokens=1000, k=1) == ["long"]
    # What is passed over does not take one of the k places.
    found = service.search(**query, max_tokens=size["short"], k=1, highlights=1)
    assert [(one["id"], one["rank"]) for one in found] == [("short", 1)]
    assert found[0]["highlights"][0]["text"] == "My plum cake needs an hour."


def test_the_budget_is_in_tokens_of_the_model(service: Service, owner: str) -> None:
    service.put(item("a", "tea and milk and tea", owner=owner))
    query: dict[str, Any] = {"text": "tea with milk", "owner": owner, "min_relevance": 0}
    assert service.ids(**query, max_tokens=4) == []
    assert service.ids(**query, max_tokens=5) == ["a"]
    # Words are counted first, because that is cheap; pieces of words and signs count as well.
    service.put(item("a", "unfathomable tea, 茶!", 2, owner=owner))
    assert service.ids(**query, max_tokens=7) == []
    assert service.ids(**query, max_tokens=8) == ["a"]


def test_the_least_relevance(service: Service, chat: str) -> None:
    query: dict[str, Any] = {"text": "When does the ferry to Naxos leave?", "owner": chat}
    answer = service.search_whole(**query, min_relevance=0)
    relevances = [one["relevance"] for one in answer["results"]]
    assert relevances == sorted(relevances, reverse=True)
    assert answer["results"][0]["id"] == "m5"
    for least in (1e-6, 0.02, 0.5, relevances[0] - 1e-6):
        wanted = [r for r in relevances if r >= least]
        found = [one["relevance"] for one in service.search(**query, min_relevance=least)]
        assert found == pytest.approx(wanted)
    assert service.search(**query, min_relevance=1) == []
    # Messages and passages have a minimum each; the note is a passage, so the lower one is told.
    standard = service.search_whole(**query)
    in_chat = service.search_whole(**query, conversations=["c"])
    assert 0 < standard["default_min_relevance"] < in_chat["default_min_relevance"] < 0.2
    assert {one["id"] for one in standard["results"]} == {
        one["id"] for one in answer["results"]
        if one["relevance"] >= (standard if one["id"] == "note" else in_chat)[
            "default_min_relevance"
        ]
    }  # fmt: skip


def test_the_setting_stands_in_for_the_default(start: Start) -> None:
    service = start(min_relevance="0.9", multilingual="off").ready()
    service.put(
        item("a", "The ferry to Naxos leaves at seven.", conversation="c"),
        item("b", "The harbour cafe on Naxos opens early."),
    )
    answer = service.search_whole("When does the ferry to Naxos leave?")
    assert answer["default_min_relevance"] == pytest.approx(0.9)
    assert all(one["relevance"] >= 0.9 for one in answer["results"])
    assert len(service.ids("When does the ferry to Naxos leave?", min_relevance=0)) == 2


def test_recency_is_bounded_and_halves(service: Service, owner: str) -> None:
    now = datetime.now(UTC)
    ages = {"now": 0, "month": 30, "quarter": 90, "future": -400}
    text = "We talked about the new roof."
    service.put(
        *[
            item(name, text, owner=owner, timestamp=(now - timedelta(days=age)).isoformat())
            for name, age in ages.items()
        ],
        item("never", text, owner=owner),
    )
    query = {"text": "the roof", "owner": owner}
    plain = everything(service, **query)
    assert {one["explanation"]["shares"]["recency"] for one in plain.values()} == {0}
    for strength, half_life in [(1.0, 30), (0.4, 30), (1.0, 90)]:
        found = everything(service, **query, recency=strength, recency_half_life_days=half_life)
        bonus = {name: one["explanation"]["shares"]["recency"] for name, one in found.items()}
        assert bonus["never"] == 0
        for name, age in ages.items():
            expected = 0.05 * strength * 0.5 ** (max(age, 0) / half_life)
            assert bonus[name] == pytest.approx(expected, abs=1e-4)
            # And it is all that changes.
            assert score(found[name]) - score(plain[name]) == pytest.approx(expected, abs=1e-4)


def test_a_pinned_item_gains_a_tenth(service: Service, owner: str) -> None:
    service.put(
        item("a", "Tomatoes ripen in the greenhouse.", owner=owner),
        item("b", "Cucumbers ripen in the greenhouse.", owner=owner),
        item("c", "The cat sleeps.", owner=owner),
    )
    query = {"text": "tomatoes in the greenhouse", "owner": owner}
    plain = everything(service, **query)
    found = everything(service, **query, pinned_ids=["b", "c", "nobody"])
    for name, one in found.items():
        gain = 0.0 if name == "a" else 0.1
        assert one["explanation"]["shares"]["pinned"] == pytest.approx(gain)
        assert score(one) - score(plain[name]) == pytest.approx(gain, abs=1e-5)
    assert set(everything(service, **query, pinned_ids=["c"], exclude_ids=["c"])) == {"a", "b"}


def test_filters_together(service: Service, owner: str) -> None:
    text = "The budget of the bridge was approved."
    service.put(
        *[
            item(
                f"{collection}-{talk}-{month}", text, owner=owner, collection=collection,
                conversation=talk, timestamp=f"2026-0{month}-01T00:00:00Z",
            )
            for collection in ("messages", "documents")
            for talk in ("a", "b", "c")
            for month in (1, 2, 3)
        ]
    )  # fmt: skip
    answer = service.search_whole(
        "budget of the bridge", owner=owner, min_relevance=0, k=100, collections=["messages", "x"],
        conversations=["a", "b"], exclude_conversations=["b"], after="2026-01-01T00:00:00Z",
        before="2026-03-01T00:00:00+00:00",
    )  # fmt: skip
    assert [one["id"] for one in answer["results"]] == ["messages-a-2"]
    assert answer["total_items"] == 1
    none = service.search_whole("budget", owner=owner, min_relevance=0, collections=["nobody"])
    assert (none["results"], none["total_items"]) == ([], 0)


def test_what_others_say_shows_in_nobodys_scores(service: Service, owner: str) -> None:
    """Neither in the weights of words, nor in lengths, sessions, neighbours, candidates."""
    mine = [
        item("a", "The harpsichord is out of tune.", conversation="c", session="s", seq=1),
        item("b", "Клавесин расстроен.", conversation="c", session="s", seq=2),
        item("c", "The plumber comes at noon.", conversation="c", session="s", seq=3),
    ]
    questions = ["Is the harpsichord in tune?", "Что с клавесином?", "plumber"]
    service.put(*[{**one, "owner": owner} for one in mine])
    before = [everything(service, text, owner=owner) for text in questions]
    service.put(*[
        item(f"x{n}", f"Harpsichord, harpsichord; клавесин и plumber {n}. " * (1 + n % 5),
             owner=f"{owner}-2", conversation="c", session="s", seq=n)
        for n in range(100)
    ])  # fmt: skip
    service.put(*[{**one, "owner": f"{owner}-2", "text": "plumber"} for one in mine])
    assert [everything(service, text, owner=owner) for text in questions] == before
    answer = service.search_whole(questions[0], owner=owner)
    assert answer["total_items"] == 3
    assert all(one["owner"] == owner for one in answer["results"])
    pinned = everything(service, "harpsichord", owner=owner, pinned_ids=["x1", "x2"])
    assert set(pinned) == {"a", "b", "c"}


def test_what_stands_beside_is_found_too(service: Service, owner: str) -> None:
    """The answer shares no word with the question, but what was said before it does."""
    filler = [f"The weather in week {n} was mild and grey." for n in range(240)]
    service.put(*[item(f"f{n}", text, owner=owner) for n, text in enumerate(filler)])
    said = [
        "What did the vet prescribe for the parrot?",
        "Ask me again later.",
        "Five drops in the water dish, twice daily.",
    ]
    service.put(*[
        item(f"a{n}", text, owner=owner, conversation="c", session="s", seq=n)
        for n, text in enumerate(said)
    ])  # fmt: skip
    service.put(*[
        item(f"b{n}", text, owner=owner, conversation=f"alone{n}") for n, text in enumerate(said)
    ])  # fmt: skip
    found = everything(service, "What did the vet prescribe for the parrot?", owner=owner)
    for n in (1, 2):
        # The very same text outside of that session is worth less.
        assert score(found[f"a{n}"]) > (score(found[f"b{n}"]) if f"b{n}" in found else 0) + 0.05
    lanes = {name: one["explanation"]["lanes"]["words"] for name, one in found.items()}
    assert lanes["a0"] > lanes["a1"] > lanes["a2"] > 0


def test_an_excluded_item_lifts_nobody(service: Service, chat: str) -> None:
    query = {"text": "What did the vet say about the cat?", "owner": chat}
    with_it, without = (
        everything(service, **query),
        everything(service, **query, exclude_ids=["m0"]),
    )
    assert "m0" not in without
    assert score(with_it["m1"]) > score(without["m1"]) + 0.05
    assert score(with_it["note"]) == pytest.approx(score(without["note"]))


def test_a_deleted_item_leaves_no_trace_in_scores(service: Service, owner: str) -> None:
    texts = ["The violin teacher lives upstairs.", "She plays the viola too.", "Music on Sundays."]
    said = [
        item(f"m{n}", text, owner=owner, conversation="c", seq=n) for n, text in enumerate(texts)
    ]
    service.put(*said)
    before = everything(service, "Where does the violin teacher live?", owner=owner)
    gone = [
        item(f"x{n}", f"The violin teacher number {n}. Скрипка!", owner=owner, conversation="c",
             seq=n) for n in range(40)
    ]  # fmt: skip
    service.put(*gone)
    changed = everything(service, "Where does the violin teacher live?", owner=owner)
    assert changed["m1"]["explanation"] != before["m1"]["explanation"]
    for one in gone:
        service.delete(one["id"], 1, owner)
    assert everything(service, "Where does the violin teacher live?", owner=owner) == before
