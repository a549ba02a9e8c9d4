"""OpenAI's own Python client against the real service."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import openai
import pytest
from embed_service import Service, Start, Zygote
from openai import OpenAI

KEY = "openai-test-key-0123456789"
MAIN, MULTILINGUAL = "all-MiniLM-L6-v2", "multilingual-e5-small"
TEXTS = ["Archie is afraid of thunder.", "Арчи боится грозы.", "The lake is calm. " * 300]


@pytest.fixture(scope="module")
def service(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service.forked(zygote, tmp_path_factory.mktemp("openai") / "data", api_keys=KEY)
    service.http.headers["x-api-key"] = KEY
    yield service.ready()
    service.stop()


def client_of(service: Service, **options: Any) -> OpenAI:
    base = f"{service.http.base_url}/v1"
    return OpenAI(**{"api_key": KEY, "base_url": base, "max_retries": 0, **options})


@pytest.fixture
def client(service: Service) -> Iterator[OpenAI]:
    with client_of(service) as client:
        yield client


@pytest.mark.parametrize("model", [MAIN, MULTILINGUAL])
def test_embeddings_are_the_same_as_floats_and_as_base64(client: OpenAI, model: str) -> None:
    # Left to itself, the client asks for base64 and decodes it.
    packed = client.embeddings.create(model=model, input=TEXTS)
    floats = client.embeddings.create(model=model, input=TEXTS, encoding_format="float")
    raw = client.embeddings.create(model=model, input=TEXTS, encoding_format="base64")
    assert [one.index for one in floats.data] == [0, 1, 2]
    for one, other, text in zip(packed.data, floats.data, raw.data, strict=True):
        assert len(one.embedding) == 384
        assert np.linalg.norm(other.embedding) == pytest.approx(1, abs=1e-5)
        assert one.embedding == pytest.approx(other.embedding, abs=1e-5)
        # The client's types know of no text.
        decoded = np.frombuffer(base64.b64decode(str(text.embedding), validate=True), "<f4")
        assert decoded == pytest.approx(np.array(other.embedding), abs=1e-5)
    assert packed.model == model
    # The long text alone has some 1,500 tokens.
    assert 1_200 < packed.usage.prompt_tokens == packed.usage.total_tokens < 3_000


def test_one_string_is_one_embedding_and_counts_its_tokens(
    client: OpenAI, service: Service
) -> None:
    answer = client.embeddings.create(model=MAIN, input="thunder", dimensions=384, user="somebody")
    [one] = answer.data
    own = service.http.post("/api/v1/embed", json={"text": "thunder"}).json()
    assert one.embedding == pytest.approx(own["vector"], abs=1e-6)
    assert answer.usage.prompt_tokens == 1


def test_the_multilingual_model_brings_translations_together(client: OpenAI) -> None:
    others = ["Поезд уходит в полночь.", "Мы варим варенье из слив."]
    texts = [TEXTS[0], TEXTS[1], *others]
    vectors = np.array(
        [one.embedding for one in client.embeddings.create(model=MULTILINGUAL, input=texts).data]
    )
    assert np.argmax(vectors[1:] @ vectors[0]) == 0


def test_models(client: OpenAI) -> None:
    assert [one.id for one in client.models.list()] == [MAIN, MULTILINGUAL]
    model = client.models.retrieve(MULTILINGUAL)
    assert (model.id, model.owned_by) == (MULTILINGUAL, "raggen-embed")
    assert model.created > 1_700_000_000


def body_of(error: openai.APIStatusError) -> dict[str, Any]:
    assert isinstance(error.body, dict)
    assert set(error.body) == {"message", "type", "param", "code", "request_id"}
    assert error.request_id == error.body["request_id"]
    return error.body


@pytest.mark.parametrize(
    ("options", "kind", "param"),
    [
        ({"model": "text-embedding-3-small"}, openai.NotFoundError, "model"),
        ({"dimensions": 256}, openai.UnprocessableEntityError, "dimensions"),
        ({"input": ""}, openai.UnprocessableEntityError, "input"),
        ({"input": []}, openai.UnprocessableEntityError, "input"),
        ({"input": [" \n"]}, openai.UnprocessableEntityError, "input"),
        ({"input": [101, 2054, 102]}, openai.UnprocessableEntityError, "input"),
        ({"input": [[101, 102], [103]]}, openai.UnprocessableEntityError, "input"),
        ({"input": ["a"] * 2049}, openai.UnprocessableEntityError, "input"),
        ({"encoding_format": "binary"}, openai.UnprocessableEntityError, "encoding_format"),
    ],
)
def test_errors_are_the_clients_own(
    client: OpenAI, options: dict[str, Any], kind: type[openai.APIStatusError], param: str
) -> None:
    with pytest.raises(kind) as raised:
        client.embeddings.create(**{"model": MAIN, "input": "a", **options})
    body = body_of(raised.value)
    assert (body["type"], body["param"]) == ("invalid_request_error", param)
    assert body["message"].endswith((".", ".)"))
    if "input" in options and options["input"] and not isinstance(options["input"][0], str):
        assert "send texts, not ids of tokens" in body["message"]
    if "model" in options:
        assert body["code"] == "model_not_found"
        assert MULTILINGUAL in body["message"]


def test_a_model_that_is_not_there(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        client.models.retrieve("gpt-4")
    assert body_of(raised.value)["code"] == "model_not_found"


def test_a_wrong_key(service: Service) -> None:
    with (
        client_of(service, api_key="not-the-key-0123456789") as client,
        pytest.raises(openai.AuthenticationError) as raised,
    ):
        client.embeddings.create(model=MAIN, input="a")
    assert body_of(raised.value)["type"] == "authentication_error"


def test_too_much_text(start: Start) -> None:
    service = start(queue_windows="64").ready()
    with client_of(service) as client, pytest.raises(openai.APIStatusError) as raised:
        client.embeddings.create(model=MAIN, input=["The lake is calm. " * 2000] * 8)
    assert raised.value.status_code == 413
    assert body_of(raised.value)["code"] == "too_much_text"


def test_a_full_queue_is_a_rate_limit(start: Start) -> None:
    service = start(queue_windows="64").ready()
    refused: list[openai.RateLimitError] = []
    taken: list[int] = []

    def ask(number: int) -> None:
        # Long enough that the model takes seconds for 60 of them, and no two alike.
        texts = [f"{number}.{n} {TEXTS[2][:900]}" for n in range(60)]
        with client_of(service) as client:
            try:
                taken.append(len(client.embeddings.create(model=MAIN, input=texts).data))
            except openai.RateLimitError as error:
                refused.append(error)

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert set(taken) == {60}
    assert refused, "the queue was never full"
    assert len(taken) + len(refused) == len(askers)
    for error in refused:
        assert body_of(error)["type"] == "rate_limit_error"
        assert int(error.response.headers["retry-after"]) >= 1


def test_addresses_that_are_not_there_answer_in_openais_shape(service: Service) -> None:
    answer = service.http.post("/v1/chat/completions", json={})
    assert answer.status_code == 404
    assert set(answer.json()["error"]) == {"message", "type", "param", "code", "request_id"}
    assert service.http.get("/v1/embeddings").status_code == 405
    plain = service.http.post("/v1/embeddings", content="a", headers={"content-type": "text/plain"})
    assert (plain.status_code, plain.json()["error"]["code"]) == (415, "not_json")
