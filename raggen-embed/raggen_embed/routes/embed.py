"""Texts to vectors."""

from __future__ import annotations

from fastapi import APIRouter

from raggen_embed.packing import packed
from raggen_embed.routes.documented import Json, Ready, Recorded, errors
from raggen_embed.schemas import EmbedBatchRequest, EmbedBatchResponse, EmbedRequest, EmbedResponse

router = APIRouter(
    prefix="/api/v1",
    tags=["embed"],
    dependencies=[Json],
    responses=errors(413, 415, 422, 429, 503),
)


@router.post("/embed", operation_id="embed")
async def embed(body: EmbedRequest, collection: Ready, stages: Recorded) -> EmbedResponse:
    """Turn one text into a unit vector."""
    [embedded] = await collection.embedding.read([body.text], stages)
    return EmbedResponse(
        model=collection.model,
        dimensions=collection.dimensions,
        vector=packed(embedded.vector, body.encoding_format),
        windows=embedded.windows,
    )


@router.post("/embed/batch", operation_id="embedBatch")
async def embed_batch(
    body: EmbedBatchRequest, collection: Ready, stages: Recorded
) -> EmbedBatchResponse:
    """Turn texts into unit vectors."""
    embedded = await collection.embedding.read(body.texts, stages)
    return EmbedBatchResponse(
        model=collection.model,
        dimensions=collection.dimensions,
        vectors=[packed(one.vector, body.encoding_format) for one in embedded],
        windows=[one.windows for one in embedded],
    )
