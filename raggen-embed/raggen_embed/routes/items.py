"""Remembering and forgetting."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from raggen_embed.routes.documented import Ready, errors
from raggen_embed.schemas import (
    DeleteItemResponse,
    DeleteRequest,
    DeleteResponse,
    DeleteTarget,
    ItemResponse,
    UpsertRequest,
    UpsertResponse,
)
from raggen_embed.wire import Name, Version

router = APIRouter(prefix="/api/v1/items", tags=["items"], responses=errors(413, 422, 503))

Owner = Annotated[Name, Query()]
# A query string holds text, so the wire type's strict integer cannot be used as it is.
VersionParameter = Annotated[Version, Query(strict=False)]


@router.put("", operation_id="upsertItems", responses=errors(429, 507))
async def upsert(body: UpsertRequest, collection: Ready) -> UpsertResponse:
    """Store items. The answer means that they are durable and found by the next search."""
    return await collection.upsert(body.items)


@router.post("/delete", operation_id="deleteItems", responses=errors(507))
async def delete_many(body: DeleteRequest, collection: Ready) -> DeleteResponse:
    """Forget items, unless they are newer than the versions given."""
    return await collection.delete(body.owner, body.items)


@router.get("/{id:path}", operation_id="getItem", responses=errors(404))
async def get(id: Name, collection: Ready, owner: Owner = "local") -> ItemResponse:  # noqa: A002
    """Return an item as it is stored."""
    return await collection.get(owner, id)


@router.delete("/{id:path}", operation_id="deleteItem", responses=errors(507))
async def delete(
    id: Name,  # noqa: A002
    version: VersionParameter,
    collection: Ready,
    owner: Owner = "local",
) -> DeleteItemResponse:
    """Forget an item, and refuse late upserts of it up to this version."""
    answer = await collection.delete(owner, [DeleteTarget(id=id, version=version)])
    [result] = answer.results
    return DeleteItemResponse(id=result.id, status=result.status, generation=answer.generation)
