"""Texts to vectors."""

from __future__ import annotations

from fastapi import APIRouter

from raggen_embed.routes.documented import Ready, errors
from raggen_embed.schemas import EmbedBatchRequest, EmbedBatchResponse, EmbedRequest, EmbedResponse

router = APIRouter(prefix="/api/v1", tags=["embed"], responses=errors(413, 422, 429, 503))


@router.post("/embed", operation_id="embed")
async def embed(body: EmbedRequest, collection: Ready) -> EmbedResponse:
    """Turn one text into a unit vector."""
    [embedded] = await collection.embed([body.text])
    return EmbedResponse(
        model=collection.model,
        dimensions=collection.dimensions,
        vector=embedded.vector,
        windows=embedded.windows,
    )


@router.post("/embed/batch", operation_id="embedBatch")
async def embed_batch(body: EmbedBatchRequest, collection: Ready) -> EmbedBatchResponse:
    """Turn texts into unit vectors."""
    embedded = await collection.embed(body.texts)
    return EmbedBatchResponse(
        model=collection.model,
        dimensions=collection.dimensions,
        vectors=[one.vector for one in embedded],
        windows=[one.windows for one in embedded],
    )
