"""Chats, passages and the two baselines, without a service."""

import httpx
import pytest
from evaluation.baselines import bm25_alone, minilm_alone
from evaluation.client import Client, StartError, running_embed
from evaluation.measure import Found, score, to_item
from evaluation.sets import Query, RetrievalSet

CHAT = RetrievalSet(
    "any name",
    (
        {"id": "a", "text": "a red car", "conversation": "c1", "speaker": "Anna"},
        {"id": "b", "text": "a red flute", "conversation": "c2"},
        {"id": "c", "text": "a blue house", "conversation": "c2"},
    ),
    (
        Query("q1", "red", "one", "c1"),
        Query("q2", "red", "two", "c2"),
        Query("q3", "red", "two", None),
        Query("q4", "red", "two", "nowhere"),
    ),
    {"q1": {"a": 1}, "q2": {"b": 1}, "q3": {"a": 1, "b": 1}, "q4": {"a": 1}},
)


def embedding(request: httpx.Request) -> httpx.Response:
    """A service whose vectors say whether a text is red."""
    import json

    texts = json.loads(request.content)["texts"]
    vectors = [[float("red" in text), float("blue" in text)] for text in texts]
    windows = [[{"start": 0, "end": len(text)}] for text in texts]
    return httpx.Response(200, json={"vectors": vectors, "windows": windows})


def test_baselines_look_where_the_question_may_look() -> None:
    client = Client(httpx.Client(transport=httpx.MockTransport(embedding), base_url="http://x"))
    for ranked in (bm25_alone(CHAT), minilm_alone(client, CHAT)):
        assert ranked["q1"] == ["a"]
        assert ranked["q2"][0] == "b"
        assert ranked["q3"][:2] == ["a", "b"]
        assert ranked["q4"] == []


def test_chats_get_the_figures_of_chats_whatever_they_are_called() -> None:
    found = {
        query.id: Found([*CHAT.relevant[query.id]], [0.9] * len(CHAT.relevant[query.id]),
                        [400] * len(CHAT.relevant[query.id]), 0.5, 1.0)
        for query in CHAT.queries
    }  # fmt: skip
    figures = score(CHAT, found)
    assert figures["macro_ndcg@10"] == figures["ndcg@10"] == 100
    assert figures["evidence@1000"] == 100
    plain = RetrievalSet("locomo", ({"id": "a", "text": "x"},), CHAT.queries[:1], CHAT.relevant)
    assert "macro_ndcg@10" not in score(plain, {"q1": found["q1"]})


def test_a_time_without_an_offset_is_utc() -> None:
    def at(moment: str) -> str:
        return str(to_item({"id": "a", "text": "x", "timestamp": moment}, "o")["timestamp"])

    assert at("2025-05-08T10:00:00") == "2025-05-08T10:00:00Z"
    assert at("2025-05-08T10:00:00+03:00") == "2025-05-08T10:00:00+03:00"


def test_a_service_that_cannot_start_is_a_clear_failure() -> None:
    with (
        pytest.raises(StartError, match=r"(?s)stopped with status .*make doctor.*PORT"),
        running_embed({"RAGGEN_EMBED_PORT": "nonsense"}),
    ):
        pass
