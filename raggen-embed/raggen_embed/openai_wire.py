"""What OpenAI's clients send and expect: embeddings and models.

The shapes are those of https://platform.openai.com/docs/api-reference/embeddings and
https://platform.openai.com/docs/api-reference/models.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from raggen_embed.wire import MAX_INTEGER, EncodingFormat, Text, Whole, Wire

# OpenAI's own limit; how much text that may be, the queue's limit says.
MAX_INPUTS = 2048


def _no_tokens(value: object) -> object:
    first = value[0] if isinstance(value, list) and value else None
    if isinstance(first, int | list):
        raise ValueError(  # noqa: TRY004 - pydantic makes a sentence of this one
            "send texts, not ids of tokens, which mean something to one tokenizer alone "
            "(LangChain: check_embedding_ctx_length=False)"
        )
    return value


def _form(value: object) -> str:
    return "text" if isinstance(value, str) else "texts"


Input = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[
        Annotated[list[Text], Field(min_length=1, max_length=MAX_INPUTS)],
        Tag("texts"),
    ],
    Discriminator(_form),
    BeforeValidator(_no_tokens),
]


class EmbeddingsRequest(Wire):
    """Texts to embed, as OpenAI's clients send them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "all-MiniLM-L6-v2",
                    "input": ["Archie is afraid of thunder.", "Арчи боится грозы."],
                }
            ]
        }
    )

    input: Input = Field(description="A text or texts; lists of token ids are refused.")
    model: Annotated[str, Field(min_length=1, max_length=4096)] = Field(
        description="One of GET /v1/models."
    )
    encoding_format: EncodingFormat = "float"
    dimensions: Annotated[int, Field(ge=1, le=MAX_INTEGER, strict=True), Whole] | None = Field(
        None,
        description="The model's own number or nothing: these models were not trained to be cut.",
    )
    user: Annotated[str, Field(max_length=512)] | None = Field(None, description="Ignored.")


class Embedding(Wire):
    """One text's vector; of a text of several windows, their normalised mean."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str = Field(
        description="Numbers, or base64 of little-endian 32-bit floats."
    )


class Usage(Wire):
    """What the model read, in tokens of the main model: where windows overlap, twice."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsResponse(Wire):
    """Vectors in the order of the texts."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: Usage


class Model(Wire):
    """A model that is loaded."""

    id: str
    object: Literal["model"] = "model"
    created: int = Field(description="When this process loaded it, in seconds since 1970.")
    owned_by: Literal["raggen-embed"] = "raggen-embed"


class Models(Wire):
    """The models that are loaded."""

    object: Literal["list"] = "list"
    data: list[Model]


class OpenAIErrorBody(Wire):
    """What went wrong and what to do."""

    message: str
    type: str
    param: str | None
    code: str
    request_id: str


class OpenAIErrorResponse(Wire):
    """Errors of these addresses have OpenAI's shape, with the request's id added."""

    error: OpenAIErrorBody
