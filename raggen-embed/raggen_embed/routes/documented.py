"""What every route shares: the collection it works on, and the errors it documents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request

from raggen_embed.collection import Collection
from raggen_embed.schemas import ErrorResponse

_EXAMPLES: dict[int, tuple[str, str]] = {
    404: ("not_found", "There is no item with this id for this owner."),
    413: ("body_too_large", "The body is larger than 8388608 bytes: send fewer items at once."),
    422: ("invalid_request", "text: write some text: this one is empty or only spaces."),
    429: ("overloaded", "Too much text is waiting for the model: send this again in 2 seconds."),
    503: ("not_ready", "The model is loading: send this again in 2 seconds."),
    507: (
        "disk_full",
        "The disk takes no more data: nothing was stored. Free some space and send this again.",
    ),
}
# Not http.HTTPStatus's phrases: they change with the version of Python, and openapi.json must not.
_DESCRIPTIONS = {
    404: "Not found",
    413: "Too large",
    422: "Invalid",
    429: "Too much work is waiting",
    503: "Not ready yet",
    507: "The disk is full",
}
_RETRY_AFTER = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's description of error answers, with an example each."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        code, message = _EXAMPLES[status]
        example = {"error": {"code": code, "message": message, "request_id": "2f1c9a"}}
        described[status] = {
            "model": ErrorResponse,
            "description": _DESCRIPTIONS[status],
            "content": {"application/json": {"example": example}},
        }
        if status in {429, 503}:
            described[status]["headers"] = _RETRY_AFTER
    return described


def _ready_collection(request: Request) -> Collection:
    collection: Collection = request.app.state.memory.collection()
    return collection


Ready = Annotated[Collection, Depends(_ready_collection)]
