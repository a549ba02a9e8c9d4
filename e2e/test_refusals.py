"""Every route that changes something refuses what another site's page could send (CSRF)."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.said import SaidChat
from e2e.stack import ROOT, Stack

API = ROOT / "raggen-web" / "src" / "app" / "api"
CHANGING = re.compile(
    r"^export (?:const|async function|function) (POST|PUT|PATCH|DELETE)\b", re.MULTILINE
)

# Take no body, so a program that says nothing of itself may call them; a browser always says.
BODYLESS = {
    "DELETE /api/chats/[chatId]",
    "POST /api/chats/[chatId]/restore",
    "POST /api/chats/[chatId]/stop",
    "DELETE /api/providers/[providerId]",
    "POST /api/providers/[providerId]/check",
    "DELETE /api/messages/[messageId]/golden",
    "POST /api/quality/replay",
}

JSON = {"content-type": "application/json"}
FOREIGN: dict[str, dict[str, str]] = {
    "another origin": {**JSON, "origin": "https://evil.example"},
    "another port": {**JSON, "origin": "http://127.0.0.1:1"},
    "an origin that hides": {**JSON, "origin": "null"},
    "another site": {**JSON, "sec-fetch-site": "cross-site"},
    "a site beside this": {**JSON, "sec-fetch-site": "same-site"},
    "another host": {**JSON, "host": "evil.example"},
    "a form": {"content-type": "application/x-www-form-urlencoded"},
    "a form with files": {"content-type": "multipart/form-data; boundary=x"},
    "plain text": {"content-type": "text/plain;charset=UTF-8"},
}


def changing_routes() -> list[str]:
    """Each `METHOD /path` that a route file exports, with its parameters in brackets."""
    return sorted(
        f"{method} /api/{file.parent.relative_to(API).as_posix()}"
        for file in API.rglob("route.ts")
        for method in CHANGING.findall(file.read_text())
    )


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("refusals") / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chat(stack: Stack) -> SaidChat:
    said = SaidChat(stack.web_url)
    said.say("My dog Archie is afraid of thunder.")
    stack.wait_until_remembered()
    return said


def rows(stack: Stack) -> list[str]:
    """Everything that raggen keeps, as SQL."""
    (path,) = Path(stack.data_dir).rglob("raggen.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return list(database.iterdump())


def call(stack: Stack, chat: SaidChat, route: str, headers: dict[str, str]) -> httpx.Response:
    """Call a route on what exists, with a body that says nothing."""
    method, path = route.split(" ")
    shown = httpx.get(f"{stack.web_url}/api/chats/{chat.chat_id}", timeout=10).json()
    path = path.replace("[chatId]", chat.chat_id)
    path = path.replace("[messageId]", shown["messages"][0]["id"])
    for name in ("[providerId]", "[itemId]"):
        path = path.replace(name, str(uuid.uuid4()))
    assert "[" not in path, f"the test does not know what to write for {path}"
    # httpx would write a content type by itself for anything but bytes.
    request = httpx.Request(method, stack.web_url + path, headers=headers, content=b"{}")
    with httpx.Client(timeout=20) as client:
        return client.send(request)


def test_routes_are_found() -> None:
    routes = changing_routes()
    assert "POST /api/import" in routes
    assert len(routes) >= 20
    assert set(routes) >= BODYLESS


@pytest.mark.parametrize("route", changing_routes())
def test_what_another_site_sends_is_refused(stack: Stack, chat: SaidChat, route: str) -> None:
    before = rows(stack)
    for what, headers in FOREIGN.items():
        response = call(stack, chat, route, headers)
        assert response.status_code == 403, f"{what}: {response.status_code} {response.text}"
        expected = {"another host": "forbidden_host"}.get(
            what, "forbidden_origin" if headers.get("content-type") == JSON["content-type"] else ""
        )
        code = response.json()["error"]["code"]
        assert code == (expected or "unsupported_media_type"), what
    if route not in BODYLESS:
        response = call(stack, chat, route, {})
        assert response.status_code == 422, f"nothing at all: {response.status_code}"
        assert response.json()["error"]["code"] == "unsupported_media_type"
    assert rows(stack) == before


def test_the_page_itself_is_not_refused(stack: Stack, chat: SaidChat) -> None:
    """What the test above calls is there and works: the refusal alone makes the difference."""
    own = {**JSON, "origin": stack.web_url, "sec-fetch-site": "same-origin"}
    before = rows(stack)
    answer = httpx.patch(
        f"{stack.web_url}/api/chats/{chat.chat_id}", json={"pinned": True}, headers=own, timeout=10
    )
    assert answer.status_code == 200
    assert rows(stack) != before
    assert call(stack, chat, "POST /api/chats/[chatId]/stop", {}).status_code == 204
