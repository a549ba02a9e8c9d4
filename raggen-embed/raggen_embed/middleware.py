"""What happens to every request: an id, a log line, a limit on the body, an error in our shape.

Plain ASGI: Starlette's BaseHTTPMiddleware would run each request in a task of its own.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from raggen_embed.errors import BodyTooLarge

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADER = b"x-request-id"
_PORT = re.compile(r":\d+$")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Probes come every few seconds and say nothing: they are logged at debug level.
_QUIET = frozenset({"/healthz", "/readyz"})


def error_bytes(
    code: str, message: str, request_id: str, details: dict[str, int | str] | None = None
) -> bytes:
    """The error shape as JSON; lone surrogates are escaped, so that it can always be encoded."""
    body: dict[str, Any] = {"code": code, "message": message, "request_id": request_id}
    if details is not None:
        body["details"] = details
    return json.dumps({"error": body}).encode("ascii")


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == HEADER and _ID.fullmatch(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return uuid.uuid4().hex


class Requests:
    """Gives each request an id, logs it, and answers 500 where a handler fails unexpectedly."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._log = structlog.get_logger("raggen_embed.request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER, request_id.encode())]
            await send(message)

        try:
            with structlog.contextvars.bound_contextvars(request_id=request_id):
                await self._app(scope, receive, send_with_id)
        except Exception:
            # The traceback holds code, never the request's texts.
            self._log.exception("unexpected", request_id=request_id)
            if status:
                raise
            sentence = (
                "Something went wrong: raggen-embed's log has the reason under this request_id."
            )
            await _answer(send_with_id, 500, error_bytes("internal_error", sentence, request_id))
        finally:
            route = getattr(scope.get("route"), "path", None)
            log = self._log.debug if route in _QUIET else self._log.info
            took = round((time.perf_counter() - started) * 1000, 1)
            log(
                "request",
                request_id=request_id,
                method=scope["method"],
                # The template, not the path: a path holds an item's id.
                route=route or "none",
                status=status,
                ms=took,
            )


class AllowedHosts:
    """Refuses requests that are addressed to a name which is not this service's."""

    def __init__(self, app: App, hosts: tuple[str, ...]) -> None:
        self._app = app
        self._any = "*" in hosts
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or self._any:
            await self._app(scope, receive, send)
            return
        named = [value for name, value in scope["headers"] if name == b"host"]
        host = named[0].decode("latin-1").lower() if len(named) == 1 else ""
        if _PORT.sub("", host) in self._hosts:
            await self._app(scope, receive, send)
            return
        message = "This host name is not in RAGGEN_EMBED_ALLOWED_HOSTS: add it there, or use http://127.0.0.1."
        await _answer(
            send, 400, error_bytes("host_not_allowed", message, scope["state"]["request_id"])
        )


class BodyLimit:
    """Reads the body, as long as it stays under the limit, whether or not its length was
    announced."""

    def __init__(self, app: App, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._max_bytes:
            await self._refuse(scope, send)
            return
        chunks: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self._max_bytes:
                await self._refuse(scope, send)
                return
            more = message.get("more_body", False)
        body: bytes | None = b"".join(chunks)

        async def replay() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            whole, body = body, None
            return {"type": "http.request", "body": whole, "more_body": False}

        await self._app(scope, replay, send)

    async def _refuse(self, scope: Scope, send: Send) -> None:
        message = (
            f"The body is larger than {self._max_bytes} bytes: send fewer or shorter texts at once."
        )
        details: dict[str, int | str] = {"max_bytes": self._max_bytes}
        body = error_bytes(BodyTooLarge.code, message, scope["state"]["request_id"], details)
        # The rest of the body is not read, so the connection cannot be used again.
        await _answer(send, BodyTooLarge.status, body, (b"connection", b"close"))


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    fixed = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})
