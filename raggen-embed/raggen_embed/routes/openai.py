"""What OpenAI's clients call: the same vectors under OpenAI's addresses and shapes."""

from __future__ import annotations

from fastapi import APIRouter

from raggen_embed.embedding import Loaded
from raggen_embed.errors import NotAccepted
from raggen_embed.openai_wire import (
    Embedding,
    EmbeddingsRequest,
    EmbeddingsResponse,
    Model,
    Models,
    Usage,
)
from raggen_embed.packing import packed
from raggen_embed.routes.documented import Json, Ready, Recorded, openai_errors

router = APIRouter(prefix="/v1", tags=["OpenAI"], responses=openai_errors(503))


@router.post(
    "/embeddings",
    operation_id="createEmbedding",
    dependencies=[Json],
    responses=openai_errors(404, 413, 415, 422, 429),
)
async def embeddings(
    body: EmbeddingsRequest, collection: Ready, stages: Recorded
) -> EmbeddingsResponse:
    """Turn texts into unit vectors. The multilingual model reads each as a passage."""
    model = collection.embedding.model(body.model)
    if body.dimensions not in {None, model.dimensions}:
        raise NotAccepted(
            f"dimensions: {model.name} makes vectors of {model.dimensions} and was not trained to "
            "be cut: leave this out.",
            param="dimensions",
        )
    texts = [body.input] if isinstance(body.input, str) else body.input
    embedded = await collection.embedding.read(texts, stages, model.role)
    tokens = sum(one.tokens for one in embedded)
    return EmbeddingsResponse(
        data=[
            Embedding(index=number, embedding=packed(one.vector, body.encoding_format))
            for number, one in enumerate(embedded)
        ],
        model=model.name,
        usage=Usage(prompt_tokens=tokens, total_tokens=tokens),
    )


@router.get("/models", operation_id="listModels")
async def models(collection: Ready) -> Models:
    """List the models that can be asked for."""
    return Models(data=[_shown(one) for one in collection.embedding.loaded])


@router.get("/models/{model:path}", operation_id="retrieveModel", responses=openai_errors(404, 422))
async def model(model: str, collection: Ready) -> Model:
    """Describe one of them."""
    return _shown(collection.embedding.model(model))


def _shown(model: Loaded) -> Model:
    return Model(id=model.name, created=model.since)
