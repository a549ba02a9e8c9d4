"""Every route of raggen-web but the one that answers, called again and again and timed."""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from benchmarks.browser import Browser
from benchmarks.processes import BrokenError

DEFAULTS: Final = "/api/settings"
# They carry everything that is remembered, so they take as long as that takes.
WHOLE: Final = ("GET /api/export", "POST /api/import", "POST /api/reconcile")


@dataclass
class Known:
    """What calls are about: some chats with their messages, and answers with receipts."""

    chats: list[str]
    messages: list[str]
    answers: list[str]
    answered: list[str]  # the chats of these answers
    questions: Iterator[str]
    model: int  # port


@dataclass
class Caller:
    """Calls routes and keeps how long each call took, in milliseconds by route."""

    browser: Browser
    known: Known
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def call(self, route: str, path: str, body: Any = None) -> Any:
        """Call ``route``, a method and a path with its names, as ``path`` fills them in.

        Raises:
            BrokenError: it refused or failed.
        """
        answer = await self.browser.call(route.split()[0], path, body)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise BrokenError(f"{route}: {answer.status} {answer.body[:300]!r}")
        self.took[route].append(1000 * (answer.ended - answer.sent))
        is_json = answer.body[:1] in {b"{", b"["}
        return answer.json if is_json else None

    async def round(self, number: int) -> None:
        """Call every route once."""
        await self._pages(number)
        await self._chats(number)
        await self._branches(number)
        await self._quality(number)
        await self._memory()
        await self._rules(number)
        await self._settings(number)
        await self._providers(number)

    async def _pages(self, number: int) -> None:
        for page in ("/", "/memory", "/settings", "/healthz", "/readyz", "/metrics"):
            await self.call(f"GET {page}", page)
        await self.call("GET /chats/:id", f"/chats/{_of(self.known.chats, number)}")

    async def _chats(self, number: int) -> None:
        own = f"/api/chats/{_of(self.known.chats, number)}"
        await self.call("GET /api/chats", "/api/chats")
        await self.call("GET /api/chats/:id", own)
        await self.call("GET /api/chats/:id?last", f"{own}?last=100")
        await self.call("GET /api/chats/:id/stream", f"{own}/stream")
        await self.call("POST /api/chats/:id/stop", f"{own}/stop")
        await self.call("GET /api/chats/:id/export", f"{own}/export?format=markdown")
        await self.call("PATCH /api/chats/:id", own, {"title": f"Renamed {number}"})
        await self.call("DELETE /api/chats/:id", own)
        await self.call("POST /api/chats/:id/restore", f"{own}/restore")
        found = {"text": next(self.known.questions), "limit": 20}
        await self.call("POST /api/search", "/api/search", found)

    async def _branches(self, number: int) -> None:
        known = self.known
        answer, chat = _of(known.answers, number), _of(known.answered, number)
        asked = {"text": next(known.questions)}
        await self.call("POST /api/chats/:id/preview", f"/api/chats/{chat}/preview", asked)
        leaf = {"messageId": answer}
        await self.call("PUT /api/chats/:id/leaf", f"/api/chats/{chat}/leaf", leaf)
        await self.call("GET /api/messages/:id/receipt", f"/api/messages/{answer}/receipt")
        await self.call("GET /api/messages/:id/misses", f"/api/messages/{answer}/misses")

    async def _quality(self, number: int) -> None:
        answer, chat = _of(self.known.answers, number), _of(self.known.answered, number)
        own, thumb = f"/api/messages/{answer}", {"rating": 1}
        await self.call("PUT /api/messages/:id/rating", f"{own}/rating", thumb)
        said = await self.call("GET /api/chats/:id", f"/api/chats/{chat}")
        items = [
            item["itemId"]
            for message in said["messages"]
            if message["id"] == answer
            for part in message["parts"]
            if part["type"] == "data-memory"
            for item in part["data"].get("items", [])
            if item["text"]  # what an earlier round forgot has none
        ]
        if items:
            rated = f"{own}/context/{_quoted(items[0])}/rating"
            await self.call("PUT /api/messages/:id/context/:id/rating", rated, thumb)
            wanted = {"expected": items[:1]}
            await self.call("PUT /api/messages/:id/golden", f"{own}/golden", wanted)
        await self.call("GET /api/messages/:id/golden", f"{own}/golden")
        await self.call("GET /api/quality", "/api/quality")
        await self.call("GET /api/quality/golden", "/api/quality/golden")
        await self.call("POST /api/quality/replay", "/api/quality/replay", {})
        await self.call("DELETE /api/messages/:id/golden", f"{own}/golden")
        await self.call("GET /api/statistics", "/api/statistics")

    async def _memory(self) -> None:
        first = await self.call("GET /api/memory", "/api/memory?limit=60")
        after = f"/api/memory?limit=60&cursor={first['nextCursor']}"
        await self.call("GET /api/memory?cursor", after)
        word = next(self.known.questions).split()[-1].strip("?")
        await self.call("GET /api/memory?query", f"/api/memory?query={_quoted(word)}")
        await self.call("GET /api/status", "/api/status")

    async def _rules(self, number: int) -> None:
        # From the other end than `_chats`: what is forgotten here is not asked about there.
        message = self.known.messages[-1 - number % len(self.known.messages)]
        own = f"/api/memory/{message}"
        route = "PATCH /api/memory/:id"
        for change in ({"pinned": True}, {"pinned": False}, {"text": f"Corrected {number}."}):
            await self.call(route, own, change)
        many = {"action": "include", "messageIds": [message]}
        await self.call("POST /api/memory/bulk", "/api/memory/bulk", many)
        away = {"eraseFromChat": True}
        await self.call("POST /api/memory/:id/forget", f"{own}/forget", away)
        await self.call("GET /api/memory/:id/proof", f"{own}/proof")
        asked = {"words": f"Corrected {number}."}
        await self.call("POST /api/memory/:id/proof", f"{own}/proof", asked)

    async def _settings(self, number: int) -> None:
        read = await self.call(f"GET {DEFAULTS}", DEFAULTS)
        await self.call(f"PUT {DEFAULTS}", DEFAULTS, read["defaults"])
        own = f"/api/chats/{_of(self.known.chats, number)}/settings"
        await self.call("GET /api/chats/:id/settings", own)
        await self.call("PUT /api/chats/:id/settings", own, {"context": {"count": 8}})

    async def _providers(self, number: int) -> None:
        listed = await self.call("GET /api/providers", "/api/providers")
        await self.call("PUT /api/selection", "/api/selection", listed["selection"])
        await self.call("GET /api/providers/discovered", "/api/providers/discovered")
        # Another address each time: the same server cannot be added twice.
        url = f"http://127.0.0.1:{self.known.model}/{uuid.uuid4().hex}/v1"
        server = {"kind": "openai", "name": "Another", "baseUrl": url}
        added = await self.call("POST /api/providers", "/api/providers", server)
        own = f"/api/providers/{added['provider']['id']}"
        await self.call("PATCH /api/providers/:id", own, {"name": f"Another {number}"})
        await self.call("POST /api/providers/:id/check", f"{own}/check", {})
        await self.call("DELETE /api/providers/:id", own)


async def whole(caller: Caller) -> dict[str, float]:
    """Seconds that the routes take which carry everything that is remembered."""
    started = time.monotonic()
    kept = await caller.browser.call("GET", "/api/export")
    read = time.monotonic()
    told = await caller.browser.call("POST", "/api/import", kept.json)
    taken = time.monotonic()
    compared = await caller.browser.call("POST", "/api/reconcile", {"repair": False})
    if {kept.status, told.status, compared.status} != {HTTPStatus.OK}:
        raise BrokenError(f"{kept.status}, {told.status} {told.body[:300]!r}, {compared.status}")
    ended = time.monotonic()
    seconds = (read - started, taken - read, ended - taken)
    return {f"{route} s": round(took, 2) for route, took in zip(WHOLE, seconds, strict=True)}


def _of(some: list[str], number: int) -> str:
    return some[number % len(some)]


def _quoted(word: str) -> str:
    return "".join(f"%{byte:02x}" for byte in word.encode())
