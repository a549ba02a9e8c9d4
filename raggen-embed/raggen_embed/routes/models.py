"""Models: which there are, and forgetting those of former times."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path

from raggen_embed.model_schemas import DropResponse, ModelsResponse
from raggen_embed.routes.documented import Ready, errors

router = APIRouter(prefix="/api/v1/models", tags=["models"])


@router.get("", operation_id="listKeptModels", responses=errors(503))
async def models(collection: Ready) -> ModelsResponse:
    """List the models that have read what is stored, and how far a change of models is.

    After a change of RAGGEN_EMBED_MODEL and a restart, the models before go on answering until the
    new ones have read everything.
    """
    return await asyncio.to_thread(collection.succession.models)


@router.delete("/{number}", operation_id="dropKeptModel", responses=errors(404, 409, 422, 503, 507))
async def drop(number: Annotated[int, Path(ge=1, le=127)], collection: Ready) -> DropResponse:
    """Drop the vectors of a model that neither answers nor is about to."""
    await asyncio.to_thread(collection.succession.drop, number)
    return DropResponse(number=number)
