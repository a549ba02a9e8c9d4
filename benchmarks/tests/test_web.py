"""A small run of raggen-web's benchmark, and the client that it measures with."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from benchmarks.browser import Browser, called
from benchmarks.peers import ROOT
from benchmarks.processes import BrokenError
from benchmarks.tests.quick_run import measured
from benchmarks.web import instant_model

# raggen-web may have to be built first.
pytestmark = pytest.mark.timeout(600)
# Every question is one; these carry all of memory.
APART = {
    "POST /api/chats/:id/messages",
    "GET /api/export",
    "POST /api/import",
    "POST /api/reconcile",
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return measured(tmp_path_factory.mktemp("bench"), "web", seconds=540)


def test_each_figure_is_there(figures: dict[str, Any]) -> None:
    rows = {row["name"]: row for row in figures["rows"]}
    first = rows["web, before the first token: p95"]
    assert first["value"] > 0, first
    assert first["target"] == "≤ 60"
    beside = first["beside"]
    assert beside["questions"] == 20
    # It goes out, waits for memory within that, and comes in.
    assert beside["outward p50 ms"] > beside["retrieval p50 ms"] > 0
    assert beside["added p99 ms"] >= beside["outward p50 ms"]
    assert beside["inward p50 ms"] > 0
    assert beside["processor ms a question, raggen-web"] > 1
    assert beside["processor ms a question, raggen-embed"] > 1
    assert beside["from caches %"] == 0
    assert rows["web, all of memory"]["beside"]["POST /api/import s"] > 0


def test_no_route_is_left_out(figures: dict[str, Any]) -> None:
    measured = {
        row["name"].removeprefix("web, ").removesuffix(": p99").split("?")[0]
        for row in figures["rows"]
        if row["target"] == "≤ 100"
    }
    there = set()
    api = ROOT / "raggen-web" / "src" / "app"
    for file in (*api.glob("api/**/route.ts"), *api.glob("*/route.ts")):
        path = "/".join(
            ":id" if part.startswith("[") else part for part in file.parent.relative_to(api).parts
        )
        source = file.read_text("utf-8")
        there |= {
            f"{method} /{path}"
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
            if f"export const {method}" in source or f"export function {method}" in source
        }
    assert there - measured == APART


def test_the_client_reads_streams_and_answers(tmp_path: Path) -> None:
    async def talk(port: int) -> None:
        async with Browser(port) as browser:
            listed = await called(browser, "GET", "/v1/models")
            assert [one["id"] for one in listed["data"]] == ["instant"]
            messages = [
                {"role": "user", "content": "<<memory x>>\nnotes\n<<end of memory x>>\nWhy?"}
            ]
            asked = await browser.call("POST", "/v1/chat/completions", {"messages": messages})
            assert asked.body.endswith(b"data: [DONE]\n\n")
            assert asked.parts[0]["choices"][0]["delta"] == {"content": "Noted: "}
            assert asked.parts[-1]["choices"][0]["finish_reason"] == "stop"
            times = await called(browser, "GET", "/times")
            arrived, sent = times["Why?"]
            assert asked.sent < arrived < sent < asked.ended
            with pytest.raises(BrokenError, match="400"):
                await called(browser, "PUT", "/v1/models")

    with instant_model(tmp_path) as port:
        asyncio.run(talk(port))
