"""What happens to every request: an id, a log line, numbers, its key, a limit on the body.

Plain ASGI: Starlette's BaseHTTPMiddleware would run each request in a task of its own.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from raggen_embed.access import Keys, sent_keys
from raggen_embed.errors import BodyTooLarge, HostNotAllowed, RequestError, Unauthorised
from raggen_embed.metrics import Stages, count_request
from raggen_embed.refusals import error_bytes

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADER = b"x-request-id"
_PORT = re.compile(r":\d+$")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Probes come every few seconds and say nothing: they are logged at debug level.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
# A request that takes longer is worth somebody's attention.
SLOW_MS = 1000
# Open without a key: whether the process lives is no secret, and who watches it has none.
_OPEN = frozenset({"/healthz"})
# Answered without a key as well, but with nothing in it: see routes/health.py.
_HALF_OPEN = frozenset({"/readyz"})


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
        stages = Stages()
        scope.setdefault("state", {}).update(request_id=request_id, stages=stages)
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
            await _refuse(scope, send_with_id, RequestError(sentence))
        finally:
            self._note(scope, request_id, status, time.perf_counter() - started, stages)

    def _note(
        self, scope: Scope, request_id: str, status: int, seconds: float, stages: Stages
    ) -> None:
        # The template, not the path: a path holds an item's id.
        route = getattr(scope.get("route"), "path", None) or "none"
        count_request(route, scope["method"], status, seconds)
        took = round(seconds * 1000, 1)
        log = self._log.info
        if took > SLOW_MS:
            log = self._log.warning
        elif route in _QUIET:
            log = self._log.debug
        log(
            "request",
            request_id=request_id,
            method=scope["method"],
            route=route,
            status=status,
            ms=took,
            **{f"{name}_ms": round(1000 * part, 1) for name, part in stages.seconds.items()},
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
        await _refuse(scope, send, HostNotAllowed(message))


class ApiKeys:
    """Refuses requests without one of the keys, where there are any, before their bodies are
    read."""

    def __init__(self, app: App, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; ``state.trusted`` tells handlers whether it may see everything."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, headers = scope["path"], scope["headers"]
        scope["state"]["trusted"] = not self._keys or bool(sent_keys(headers))
        if path not in _OPEN and (path not in _HALF_OPEN or sent_keys(headers)):
            try:
                self._keys.check(headers)
            except Unauthorised as error:
                # The body is not read, so the connection cannot be used again.
                headers = ((b"www-authenticate", b"Bearer"), (b"connection", b"close"))
                await _refuse(scope, send, error, *headers)
                return
        await self._app(scope, receive, send)


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
        error = BodyTooLarge(message, details={"max_bytes": self._max_bytes})
        # The rest of the body is not read, so the connection cannot be used again.
        await _refuse(scope, send, error, (b"connection", b"close"))


async def _refuse(
    scope: Scope, send: Send, error: RequestError, *headers: tuple[bytes, bytes]
) -> None:
    body = error_bytes(scope["path"], error, scope["state"]["request_id"])
    fixed = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    status = error.status
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": body})
