"""Vectors for whoever asks: as numbers, as base64, and no longer than the queue is long."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from embed_service import Json, Service, Start, item

from raggen_embed.allowance import within
from raggen_embed.errors import TooMuchText
from raggen_embed.packing import packed
from raggen_embed.preparation import Prepared
from raggen_embed.wire import Window

EMBED, BATCH = "/api/v1/embed", "/api/v1/embed/batch"


def asked(service: Service, path: str, **body: Any) -> Json:
    answer = service.http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_base64_is_the_same_vector_in_a_quarter_of_the_size(service: Service) -> None:
    text = "Archie is afraid of thunder."
    numbers = asked(service, EMBED, text=text, encoding_format="float")
    packed = asked(service, EMBED, text=text, encoding_format="base64")
    assert numbers == asked(service, EMBED, text=text)
    decoded = np.frombuffer(base64.b64decode(packed["vector"], validate=True), "<f4")
    assert decoded.tolist() == pytest.approx(numbers["vector"], abs=1e-6)
    assert len(packed["vector"]) == 2048
    many = asked(service, BATCH, texts=[text, "Арчи боится грозы."], encoding_format="base64")
    assert [len(one) for one in many["vectors"]] == [2048, 2048]
    assert np.frombuffer(base64.b64decode(many["vectors"][0]), "<f4") @ decoded > 0.999


def test_packing_keeps_every_bit() -> None:
    vector = np.array([0.1, -1e-38, 1 / 3, 0.0], dtype=np.float32)
    text = packed(vector, "base64")
    assert isinstance(text, str)
    assert np.frombuffer(base64.b64decode(text), "<f4").tobytes() == vector.tobytes()
    assert np.array(packed(vector, "float"), np.float32).tobytes() == vector.tobytes()
    swapped = vector.astype(">f4")
    assert packed(swapped, "base64") == text


@pytest.mark.parametrize("encoding", ["hex", "", None, 5])
def test_no_other_encoding(service: Service, encoding: object) -> None:
    answer = service.http.post(EMBED, json={"text": "a", "encoding_format": encoding})
    assert answer.status_code == 422
    assert "encoding_format" in answer.json()["error"]["message"]


@dataclass
class Counted:
    """Texts of three windows each, and how many were prepared."""

    made: int = 0

    def __iter__(self) -> Iterator[Prepared]:
        for _ in range(1000):
            self.made += 1
            yield Prepared([Window(start=0, end=1)] * 3, ["a"] * 3, [1] * 3, "plain")


def test_preparation_stops_where_the_queue_ends() -> None:
    texts = Counted()
    with pytest.raises(TooMuchText) as raised:
        within(64, texts)
    assert texts.made == 22
    assert raised.value.details == {"limit": 64, "texts": 22}
    assert len(within(3000, Counted())) == 1000


def test_eight_megabytes_of_russian_are_refused_soon(start: Start) -> None:
    service = start(max_body_bytes=str(16 << 20)).ready()
    sentence = "Сегодня мы обсуждали ремонт крыши и решили позвонить мастеру завтра утром. "
    texts = [f"{number} {sentence * 2500}"[:190_000] for number in range(22)]
    assert sum(len(text.encode()) for text in texts) > 7_000_000
    # As long as this machine takes for a share of it that is not refused, without the model.
    began = time.perf_counter()
    refused = service.http.post(BATCH, json={"texts": texts})
    embedding = time.perf_counter() - began
    began = time.perf_counter()
    items = [item(f"r{number}", text) for number, text in enumerate(texts)]
    stored = service.http.put("/api/v1/items", json={"items": items})
    storing = time.perf_counter() - began
    for answer in (refused, stored):
        assert answer.status_code == 413, answer.text
        assert answer.json()["error"]["code"] == "too_much_text"
        # Of 22 texts, with some 800 windows each, three fill the queue.
        assert answer.json()["error"]["details"]["texts"] == 3
    # On a quiet machine 2 s, and 12 to 15 s if all were analysed.
    assert max(embedding, storing) < 10
    assert service.http.get("/readyz").json()["items"] == 0
