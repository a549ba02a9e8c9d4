"""Is the process alive, and can it work."""

from __future__ import annotations

from fastapi import APIRouter

from raggen_embed.routes.documented import Ready, errors
from raggen_embed.schemas import HealthResponse, ReadyResponse

router = APIRouter(tags=["health"])


@router.get("/healthz", operation_id="healthz")
async def healthz() -> HealthResponse:
    """Answer at once, also while the model loads."""
    return HealthResponse()


@router.get("/readyz", operation_id="readyz", responses=errors(503))
async def readyz(collection: Ready) -> ReadyResponse:
    """Answer 200 once the model is loaded and the index is complete."""
    return collection.readiness()
