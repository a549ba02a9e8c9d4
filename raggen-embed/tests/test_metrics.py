"""What Prometheus and the log are told."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from embed_service import Service, Start, item
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from raggen_embed.metrics import REGISTRY, ProcessMemory, Stages, State, count_request, render
from raggen_embed.middleware import Message, Requests, Scope

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def parsed(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def metrics(service: Service) -> Samples:
    answer = service.http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return parsed(answer.text)


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples.get((f"raggen_embed_{name}", frozenset(labels.items())), 0.0)


def test_requests_stages_and_sizes_are_counted(start: Start) -> None:
    service = start()
    loading = metrics(service)
    assert value(loading, "ready") == 0
    service.ready()
    before = metrics(service)
    assert value(before, "ready") == 1
    service.put(item("a", "The parcel lies in locker seven."))
    for k in (1, 2, 3, 3):  # the last of them was answered before
        service.search("Which locker?", k=k)
    service.http.post("/api/v1/embed", json={"text": "A new text to embed."})
    service.http.post("/api/v1/embed", json={"text": "A new text to embed."})
    service.http.post("/api/v1/embed", json={"text": ""})
    service.http.get("/somewhere/else")
    service.http.request("PROPFIND", "/somewhere/else")
    after = metrics(service)

    def grown(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    searched = {"route": "/api/v1/search"}
    assert grown("requests_total", method="POST", status="200", **searched) == 4
    assert grown("request_seconds_count", **searched) == 4
    assert 0 < grown("request_seconds_sum", **searched) < 60
    assert grown("requests_total", route="/api/v1/embed", method="POST", status="422") == 1
    assert grown("requests_total", route="none", method="GET", status="404") == 1
    # There are many methods, and none that we do not serve becomes a label.
    assert grown("requests_total", route="none", method="other", status="404") == 1
    assert grown("stage_seconds_count", stage="prepare") >= 2
    assert grown("stage_seconds_count", stage="embed") == 5
    assert grown("stage_seconds_count", stage="rank") == 3
    assert grown("cache_searches_total", result="miss") == 3
    assert grown("cache_searches_total", result="hit") == 1
    assert grown("stage_seconds_count", stage="read") >= 3
    assert grown("stage_seconds_count", stage="commit") == 1
    assert grown("stage_seconds_count", stage="index") == 1
    assert grown("stage_seconds_count", stage="encode") >= 2
    assert grown("stage_seconds_count", stage="encode_wait") >= 2
    assert grown("batch_windows_count", model="main") >= 2
    assert grown("write_items_sum") == 1
    assert grown("cache_windows_total", model="main", result="hit") >= 1
    assert grown("cache_windows_total", model="main", result="miss") >= 2
    assert (value(after, "items"), value(after, "generation")) == (1, 1)
    assert value(after, "store_bytes") > 4096
    assert value(after, "memory_bytes", kind="resident") > 100_000_000
    assert value(after, "memory_bytes", kind="anonymous") > 50_000_000
    assert value(after, "cpu_seconds") > value(before, "cpu_seconds") > 0
    assert value(after, "open_files") > 10


def test_labels_name_no_owner_no_id_and_no_text(service: Service) -> None:
    owner, name, words = uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex
    service.put(item(name, words, owner=owner, collection=words, conversation=words))
    service.search(words, owner=owner)
    service.get(name, owner)
    service.http.get(f"/{words}", params={"owner": owner})
    text = service.http.get("/metrics").text
    assert "/api/v1/items/{id" in text
    for secret in (owner, name, words):
        assert secret not in text


def test_a_state_is_shown_as_it_is_now() -> None:
    count_request("/here", "GET", 200, 0.01)
    labels = {"route": "/here", "method": "GET", "status": "200"}
    assert REGISTRY.get_sample_value("raggen_embed_requests_total", labels) == 1
    state = State(7, 8, 9, {"exact": 2, "scan": 1}, {"main": 5}, {"main": {"hit": 3, "miss": 4}})
    shown = parsed(render(state).decode())
    assert value(shown, "index_lanes", tier="scan") == 1
    assert value(shown, "queue_windows", model="main") == 5
    assert value(shown, "cache_windows_total", model="main", result="miss") == 4
    later = parsed(render(State(1, 9, 9, {"exact": 3}, {"main": 0})).decode())
    assert ("raggen_embed_index_lanes", frozenset({("tier", "scan")})) not in later
    assert value(later, "index_lanes", tier="exact") == 3
    assert value(parsed(render(None).decode()), "ready") == 0


def test_memory_is_what_the_system_says() -> None:
    before = ProcessMemory.now()
    held = bytearray(b"x" * 64_000_000)
    after = ProcessMemory.now()
    assert len(held) == 64_000_000
    assert 32_000_000 < after.anonymous - before.anonymous < 256_000_000
    assert after.resident >= after.anonymous


def test_stages_add_up() -> None:
    stages = Stages()
    stages.add("prepare", 0.25)
    stages.add("prepare", 0.5)
    with pytest.raises(ValueError, match="inside"), stages.stage("embed"):
        raise ValueError("inside")
    assert stages.seconds["prepare"] == 0.75
    assert 0 <= stages.seconds["embed"] < 1


def served(scope: Scope, seconds: float) -> list[Any]:
    """What a request that takes so long leaves in the log."""

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        scope["state"]["stages"].add("embed", seconds)
        await asyncio.sleep(seconds)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        pass

    with capture_logs() as lines:
        asyncio.run(Requests(app)(scope, receive, send))
    return lines


@pytest.mark.parametrize(("seconds", "level"), [(0.0, "info"), (1.01, "warning")])
def test_a_slow_request_is_a_warning(seconds: float, level: str) -> None:
    [line] = served({"type": "http", "method": "GET", "path": "/x", "headers": []}, seconds)
    assert (line["event"], line["log_level"], line["route"]) == ("request", level, "none")
    assert line["status"] == 200
    assert 1000 * seconds <= line["ms"] < 1000 * seconds + 5000
    assert line["embed_ms"] == 1000 * seconds
    assert set(line) == {
        *("event", "log_level", "request_id", "method", "route", "status", "ms", "embed_ms")
    }


def test_a_request_is_one_line(service: Service) -> None:
    identifier = uuid.uuid4().hex
    service.http.post(
        "/api/v1/embed", json={"text": "One line."}, headers={"x-request-id": identifier}
    )
    lines = [line for line in service.lines() if line.get("request_id") == identifier]
    assert len(lines) == 1
    [line] = lines
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/v1/embed", 200)
    assert line["prepare_ms"] >= 0
    assert line["ms"] >= line["embed_ms"] > 0
