"""Readiness that means it: loading, ready, broken."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from embed_service import START_SECONDS, Start, item
from fastapi import FastAPI

from raggen_embed.app import Memory, create_app
from raggen_embed.progress import Progress
from raggen_embed.settings import Settings
from raggen_embed.writer import Writer


def test_it_says_what_it_waits_for(start: Start) -> None:
    service = start()
    answer = service.http.get("/readyz")
    assert answer.status_code == 503
    error = answer.json()["error"]
    assert error["message"] == "The model is loading: send this again in 2 seconds."
    assert error["details"] == {"step": "models", "done": 0, "total": 0}
    assert service.http.head("/readyz").status_code == 503
    assert service.http.get("/v1/models").json()["error"]["type"] == "server_error"
    service.ready()
    assert service.http.get("/v1/models").status_code == 200


@pytest.mark.parametrize(
    ("progress", "sentence"),
    [
        (Progress(), "The model is loading"),
        (Progress("index"), "The index is being made"),
        (Progress("index", 128, 4000), "The index is being made (128 of 4000 items)"),
    ],
)
def test_progress_in_words(progress: Progress, sentence: str) -> None:
    assert progress.sentence == sentence


def test_a_writer_knows_whether_it_lives() -> None:
    writer = Writer(lambda _: [], lambda: True)
    assert writer.is_alive
    writer.close()
    assert not writer.is_alive


@contextlib.asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The application in this process, with what is under it."""
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http,
    ):
        async with asyncio.timeout(START_SECONDS):
            while (await http.get("/readyz")).status_code != 200:  # noqa: ASYNC110 - HTTP has no event
                await asyncio.sleep(0.02)
        yield http


async def test_without_its_writer_it_is_not_ready(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, multilingual=False, threads=1))
    async with opened(app) as http:
        stored = await http.put("/api/v1/items", json={"items": [item("a", "Still here.")]})
        assert stored.status_code == 200
        memory: Memory = app.state.memory
        # As if an error had ended the thread.
        memory.collection()._writer.close()
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        error = answer.json()["error"]
        assert error["code"] == "broken"
        assert "restart raggen-embed" in error["message"]
        assert "retry-after" not in answer.headers
        # Searches go on, and so does the probe that tells whether the process lives.
        found = await http.post("/api/v1/search", json={"text": "Who is here?"})
        assert [one["id"] for one in found.json()["results"]] == ["a"]
        assert (await http.get("/healthz")).status_code == 200
        refused = await http.put("/api/v1/items", json={"items": [item("b", "Too late.")]})
        assert refused.status_code == 503
