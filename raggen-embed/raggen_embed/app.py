"""The application: lifespan, errors to HTTP, middleware."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from raggen_embed import __version__
from raggen_embed.access import Keys
from raggen_embed.collection import Collection
from raggen_embed.description import describe
from raggen_embed.errors import NotAccepted, NotReady, RequestError, StartError
from raggen_embed.lock import DirectoryLock
from raggen_embed.middleware import AllowedHosts, ApiKeys, BodyLimit, Requests
from raggen_embed.progress import Start
from raggen_embed.refusals import error_bytes
from raggen_embed.routes import embed, health, items, models, openai, search, statistics
from raggen_embed.routes.allowed import methods_of
from raggen_embed.settings import Settings

ROUTERS = [part.router for part in (embed, items, search, models, statistics, health, openai)]
DESCRIPTION = "The memory of raggen: turns text into vectors and finds what is relevant."
LOADING_RETRY_SECONDS = 2
_CODES = {400: "invalid_request", 404: "not_found", 405: "method_not_allowed"}


class Memory:
    """The collection, once it is open. Opening takes seconds, in which the port already answers."""

    def __init__(self) -> None:
        self._collection: Collection | None = None
        self._start = Start()

    def collection(self) -> Collection:
        """Return the open collection.

        Raises:
            NotReady: the model is loading or the index is being rebuilt.
        """
        if self._collection is None:
            progress = self._start.progress
            sentence = f"{progress.sentence}: send this again in {LOADING_RETRY_SECONDS} seconds."
            details: dict[str, int | str] = {
                "step": progress.step,
                "done": progress.done,
                "total": progress.total,
            }
            raise NotReady(sentence, retry_after=LOADING_RETRY_SECONDS, details=details)
        return self._collection

    async def open(
        self, settings: Settings, on_failure: Callable[[StartError], None] | None
    ) -> None:
        """Load the model and rebuild the index in a thread; a failure is handed to
        ``on_failure``."""
        log = structlog.get_logger("raggen_embed.start")
        try:
            self._collection = await asyncio.to_thread(Collection.open, settings, self._start)
        except StartError as error:
            log.error("cannot start", reason=str(error))  # noqa: TRY400 - the sentence says it all
            failure = error
        except Exception as error:
            # A process that is neither ready nor gone would be waited for in vain.
            log.exception("cannot start")
            failure = StartError(
                f"It cannot start ({type(error).__name__}): the log has the reason."
            )
        else:
            return
        if on_failure is not None:
            on_failure(failure)

    async def close(self) -> None:
        """Finish what is being written and close the store."""
        if self._collection is not None:
            closing, self._collection = self._collection, None
            await asyncio.to_thread(closing.close)


def create_app(
    settings: Settings,
    lock: DirectoryLock | None = None,
    on_failure: Callable[[StartError], None] | None = None,
) -> FastAPI:
    """Make the application. The data directory is locked before anything in it is touched.

    Args:
        settings: parsed once, by the caller.
        lock: of the data directory, where the caller holds it already.
        on_failure: called when the model or the database turns out unusable after the port was
            bound.
    """
    held = lock or DirectoryLock(settings.data_dir)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with held:
            memory: Memory = app.state.memory
            opening = asyncio.create_task(memory.open(settings, on_failure))
            try:
                yield
            finally:
                await opening
                await memory.close()

    # FastAPI's own /docs loads its scripts from a CDN, and is blank without the internet.
    app = FastAPIOffline(
        title="raggen-embed",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        static_url="/docs/static",
        # Or the page would have the description checked by a server of Swagger's.
        swagger_ui_parameters={"validatorUrl": None},
        # FastAPI would answer /x/ with a redirect to /x: an API has one address for a thing.
        redirect_slashes=False,
    )
    app.state.memory = Memory()
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    _map_errors(app)
    _add_middleware(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """What every request passes on its way to a route."""
    # The last one added runs first.
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(ApiKeys, keys=Keys.of(settings))
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_credentials=False,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Retry-After"],
    )
    # Without it a page of another site could reach the memory through a name that it rebinds to
    # 127.0.0.1.
    app.add_middleware(AllowedHosts, hosts=settings.allowed_hosts)
    app.add_middleware(Requests)


def _map_errors(app: FastAPI) -> None:
    """Every error leaves in the shape of schemas.ErrorResponse."""

    def answer(
        request: Request, error: RequestError, headers: dict[str, str] | None = None
    ) -> Response:
        content = error_bytes(request.url.path, error, request.state.request_id)
        return Response(content, error.status, headers, media_type="application/json")

    @app.exception_handler(RequestError)
    async def ours(request: Request, error: RequestError) -> Response:
        headers = None if error.retry_after is None else {"Retry-After": str(error.retry_after)}
        return answer(request, error, headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        problems = error.errors()
        place = problems[0]["loc"][1:2]
        refusal = NotAccepted(_sentence(problems), param=str(place[0]) if place else None)
        return answer(request, refusal)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        refusal = RequestError(_http_sentence(error))
        refusal.status = error.status_code
        refusal.code = _CODES.get(error.status_code, "invalid_request")
        headers = dict(error.headers or {})
        if error.status_code == 405:
            allowed = methods_of(ROUTERS, request.scope)
            headers["Allow"] = allowed or headers.get("Allow", "GET")
        return answer(request, refusal, headers)


def _http_sentence(error: HTTPException) -> str:
    status = error.status_code
    if status == 404:
        return "There is no such address: /docs lists those that there are."
    if status == 405:
        return "This address does not take this method: /docs lists those that it takes."
    return f"{error.detail}."


def _sentence(problems: Sequence[Any]) -> str:
    """Say where and what, never with the input: it may be private, huge, or not encodable."""
    shown = 3
    parts = []
    for problem in problems[:shown]:
        place = ".".join(str(step) for step in problem["loc"][1:])
        parts.append(
            f"{place}: {problem['msg'].removeprefix('Value error, ')}" if place else problem["msg"]
        )
    if len(problems) > shown:
        parts.append(f"and {len(problems) - shown} more")
    return "; ".join(parts) + "."
