"""Remembering and forgetting."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from raggen_embed.clearing import clear
from raggen_embed.listing import Chosen
from raggen_embed.listing_schemas import (
    MAX_CURSOR,
    MAX_PAGE,
    PAGE,
    ClearRequest,
    ClearResponse,
    ItemList,
    ListedItem,
    after_cursor,
    cursor_after,
)
from raggen_embed.routes.documented import Json, Ready, errors
from raggen_embed.schemas import (
    DeleteItemResponse,
    DeleteRequest,
    DeleteResponse,
    DeleteTarget,
    ItemResponse,
    UpsertRequest,
    UpsertResponse,
)
from raggen_embed.wire import Name, Timestamp, Version

router = APIRouter(prefix="/api/v1/items", tags=["items"], responses=errors(422, 503))

Owner = Annotated[Name, Query()]
# A query string holds text, so the wire type's strict integer cannot be used as it is.
VersionParameter = Annotated[Version, Query(strict=False)]


@router.put(
    "", operation_id="upsertItems", dependencies=[Json], responses=errors(413, 415, 429, 507)
)
async def upsert(body: UpsertRequest, collection: Ready) -> UpsertResponse:
    """Store items. The answer means that they are durable and found by the next search."""
    return await collection.upsert(body.items)


@router.get("", operation_id="listItems", responses=errors(404))
async def listed(
    collection: Ready,
    owner: Owner = "local",
    name: Annotated[Name | None, Query(alias="collection")] = None,
    conversation: Annotated[Name | None, Query()] = None,
    before: Annotated[Timestamp | None, Query()] = None,
    after: Annotated[Timestamp | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = PAGE,
) -> ItemList:
    """List an owner's items by id, without their texts."""
    chosen = Chosen(
        owner,
        None if name is None else [name],
        None if conversation is None else [conversation],
        before,
        after,
    )
    page = await collection.listing.page(chosen, after_cursor(cursor), limit)
    return ItemList(
        items=[ListedItem(**one) for one in page.items],
        next_cursor=cursor_after(page.items[-1]["id"]) if page.more else None,
    )


@router.post(
    "/delete", operation_id="deleteItems", dependencies=[Json], responses=errors(413, 415, 507)
)
async def delete_many(body: DeleteRequest, collection: Ready) -> DeleteResponse:
    """Forget items, unless they are newer than the versions given."""
    return await collection.delete(body.owner, body.items)


@router.post(
    "/delete-matching",
    operation_id="deleteMatchingItems",
    dependencies=[Json],
    responses=errors(413, 415, 507),
)
async def delete_matching(body: ClearRequest, collection: Ready) -> ClearResponse:
    """Forget an owner's items that pass all the filters, in batches; asking again is harmless."""
    chosen = Chosen(body.owner, body.collections, body.conversations, body.before, body.after)
    cleared = await clear(collection.listing, collection.delete, chosen)
    return ClearResponse(
        deleted=cleared.deleted, kept=cleared.kept, generation=collection.state().generation
    )


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
