"""Finding what is relevant."""

from __future__ import annotations

from fastapi import APIRouter

from raggen_embed.routes.documented import Json, Ready, Recorded, errors
from raggen_embed.search_schemas import SearchRequest, SearchResponse

router = APIRouter(
    prefix="/api/v1",
    tags=["search"],
    dependencies=[Json],
    responses=errors(413, 415, 422, 429, 503),
)


@router.post("/search", operation_id="search")
async def search(body: SearchRequest, collection: Ready, stages: Recorded) -> SearchResponse:
    """Find the items that are relevant to a question, best first."""
    return await collection.search(body, stages)
