"""What every route shares: the collection it works on, and the errors it documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from raggen_embed.collection import Collection
from raggen_embed.errors import NotJson
from raggen_embed.metrics import Stages
from raggen_embed.openai_wire import OpenAIErrorResponse
from raggen_embed.schemas import ErrorResponse

_EXAMPLES: dict[int, tuple[str, str]] = {
    400: ("invalid_request", "There was an error parsing the body."),
    401: (
        "unauthorized",
        "An API key is needed: send Authorization: Bearer and one of RAGGEN_EMBED_API_KEYS.",
    ),
    404: ("not_found", "There is no item with this id for this owner."),
    409: (
        "model_in_use",
        "This model is in use: only what is kept of others can be dropped.",
    ),
    413: ("body_too_large", "The body is larger than 8388608 bytes: send fewer items at once."),
    415: ("not_json", "Send the body as JSON, with Content-Type: application/json."),
    422: ("invalid_request", "text: write some text: this one is empty or only spaces."),
    429: ("overloaded", "Too much text is waiting for the model: send this again in 2 seconds."),
    503: ("not_ready", "The model is loading: send this again in 2 seconds."),
    507: (
        "disk_full",
        "The disk takes no more data: nothing was stored. Free some space and send this again.",
    ),
}
# Kinds of errors as OpenAI's clients know them, and what else differs there.
_OPENAI: dict[int, tuple[str, str | None]] = {
    400: ("invalid_request_error", None),
    401: ("authentication_error", None),
    404: ("invalid_request_error", "model"),
    413: ("invalid_request_error", None),
    415: ("invalid_request_error", None),
    422: ("invalid_request_error", "input"),
    429: ("rate_limit_error", None),
    503: ("server_error", None),
}
# Not http.HTTPStatus's phrases: they change with the version of Python, and openapi.json must not.
_DESCRIPTIONS = {
    400: "Not a request that can be read, or not addressed to this service",
    401: "An API key is needed",
    404: "Not found",
    409: "In use",
    413: "Too large",
    415: "Not JSON",
    422: "Invalid",
    429: "Too much work is waiting",
    503: "Not ready yet",
    507: "The disk is full",
}
_RETRY_AFTER = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}
_AUTHENTICATE = {
    "WWW-Authenticate": {"description": "Bearer", "schema": {"type": "string"}},
}
_HEADERS = {401: _AUTHENTICATE, 429: _RETRY_AFTER, 503: _RETRY_AFTER}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's description of error answers, with an example each; 400 and 401 are everywhere."""
    return {
        status: _described(status, ErrorResponse, _EXAMPLES[status], {})
        for status in (400, 401, *statuses)
    }


def openai_errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same in OpenAI's shape."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in (400, 401, *statuses):
        kind, param = _OPENAI[status]
        code, message = _EXAMPLES[status]
        if status == 404:
            code, message = "model_not_found", "There is no such model: write all-MiniLM-L6-v2."
        described[status] = _described(
            status, OpenAIErrorResponse, (code, message), {"type": kind, "param": param}
        )
    return described


def _described(
    status: int, model: type, said: tuple[str, str], more: dict[str, str | None]
) -> dict[str, Any]:
    code, message = said
    example = {"error": {"code": code, "message": message, **more, "request_id": "2f1c9a"}}
    described: dict[str, Any] = {
        "model": model,
        "description": _DESCRIPTIONS[status],
        "content": {"application/json": {"example": example}},
    }
    if status in _HEADERS:
        described["headers"] = _HEADERS[status]
    return described


# These wait for nothing, but what is no coroutine would be called in a thread.
async def _ready_collection(request: Request) -> Collection:
    collection: Collection = request.app.state.memory.collection()
    return collection


async def _stages(request: Request) -> Stages:
    stages: Stages = request.state.stages
    return stages


async def json_only(request: Request) -> None:
    """Refuse a body of another type: a page of another site can send those without asking.

    Raises:
        NotJson: there is a body, and it is not declared to be JSON.
    """
    kind = request.headers.get("content-type")
    if kind is None and request.headers.get("content-length", "0") == "0":
        return
    sort = (kind or "").partition(";")[0].strip().lower()
    if sort != "application/json":
        raise NotJson("Send the body as JSON, with Content-Type: application/json.")


Ready = Annotated[Collection, Depends(_ready_collection)]
Recorded = Annotated[Stages, Depends(_stages)]
Json = Depends(json_only)
