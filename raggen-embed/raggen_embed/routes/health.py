"""Is the process alive, and can it work."""

from __future__ import annotations

from fastapi import APIRouter, Request

from raggen_embed.errors import Broken
from raggen_embed.routes.documented import Ready, errors
from raggen_embed.schemas import HealthResponse, ReadyResponse

router = APIRouter(tags=["health"], responses={400: errors()[400]})


@router.head("/healthz", operation_id="healthzHead")
@router.get("/healthz", operation_id="healthz")
async def healthz() -> HealthResponse:
    """Answer at once, also while the model loads. Needs no API key."""
    return HealthResponse()


@router.head("/readyz", operation_id="readyzHead", responses=errors(503))
@router.get("/readyz", operation_id="readyz", responses=errors(503))
async def readyz(request: Request, collection: Ready) -> ReadyResponse:
    """Answer 200 once the model is loaded and the index is complete.

    Needs no API key either, but says what is loaded to those alone who have one.
    """
    trouble = collection.health()
    if trouble is not None:
        raise Broken(trouble)
    return collection.readiness() if request.state.trusted else ReadyResponse()
