"""Numbers: what is stored, and what Prometheus is told."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from raggen_embed.errors import NotReady
from raggen_embed.listing_schemas import (
    CollectionCount,
    CollectionList,
    MemoryUse,
    ModelCount,
    Statistics,
)
from raggen_embed.metrics import CONTENT_TYPE, ProcessMemory, render
from raggen_embed.routes.documented import Ready, errors
from raggen_embed.wire import Name

router = APIRouter(tags=["statistics"])


@router.get("/api/v1/collections", operation_id="listCollections", responses=errors(422, 503))
async def collections(
    collection: Ready, owner: Annotated[Name, Query()] = "local"
) -> CollectionList:
    """List an owner's collections, and how much is in them."""
    counted = await collection.listing.collections(owner)
    return CollectionList(
        owner=owner,
        collections=[
            CollectionCount(name=one.name, items=one.items, conversations=one.conversations)
            for one in counted
        ],
    )


@router.get("/api/v1/statistics", operation_id="statistics", responses=errors(503))
async def statistics(collection: Ready) -> Statistics:
    """Count everything that is stored, of all owners. Reads all of the database."""
    totals = await collection.listing.totals()
    state, memory = collection.state(), ProcessMemory.now()
    loaded = {one.name for one in collection.embedding.loaded}
    return Statistics(
        items=totals.items,
        owners=totals.owners,
        deleted=totals.deleted,
        windows=max((one.windows for one in totals.models), default=0),
        models=[
            ModelCount(name=one.name, role=one.role, windows=one.windows, loaded=one.name in loaded)
            for one in totals.models
        ],
        database_bytes=totals.bytes,
        generation=state.generation,
        indexed_items=state.items,
        memory=MemoryUse(resident=memory.resident, anonymous=memory.anonymous),
    )


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **errors(),
    },
)
async def metrics(request: Request) -> Response:
    """Answer in Prometheus' text format, also while the model loads."""
    try:
        state = request.app.state.memory.collection().state()
    except NotReady:
        state = None
    text = await asyncio.to_thread(render, state)
    return Response(text, media_type=CONTENT_TYPE)
