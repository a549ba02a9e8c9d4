"""What goes over the wire: texts, items, health, errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from raggen_embed.wire import (
    MAX_INTEGER,
    Batch,
    EncodingFormat,
    Language,
    Metadata,
    Name,
    Speaker,
    Text,
    Timestamp,
    Version,
    Whole,
    Window,
    Wire,
)

# A default of its own: JSON that leaves the field out gets numbers.
ENCODING: EncodingFormat = Field(
    "float",
    description="Numbers, or base64 of little-endian 32-bit floats, a quarter of the size.",
)


class EmbedRequest(Wire):
    """One text to embed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Archie is afraid of thunder."}]}
    )

    text: Text
    encoding_format: EncodingFormat = ENCODING


class EmbedResponse(Wire):
    """The vector of a text; of a text of several windows, their normalised mean."""

    model: str
    dimensions: int
    vector: list[float] | str
    windows: list[Window]


class EmbedBatchRequest(Wire):
    """Several texts to embed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"texts": ["Archie is afraid of thunder.", "Арчи боится грозы."]}]
        }
    )

    texts: Annotated[list[Text], Batch]
    encoding_format: EncodingFormat = ENCODING


class EmbedBatchResponse(Wire):
    """The vectors, in the order of the texts."""

    model: str
    dimensions: int
    vectors: list[list[float] | str]
    windows: list[list[Window]]


_ITEM: Mapping[str, Any] = {
    "id": "m1",
    "version": 1,
    "text": "My dog is called Archie, he is afraid of thunder.",
    "conversation": "c1",
    "seq": 0,
    "speaker": "user",
    "timestamp": "2026-05-08T13:56:00Z",
    "language": "en",
}


class Item(Wire):
    """Something to remember: a message, or a passage of a document."""

    model_config = ConfigDict(json_schema_extra={"examples": [dict(_ITEM)]})

    id: Name
    version: Version = Field(
        description="Grows with every change; an older one never overwrites a newer."
    )
    text: Text
    owner: Name = "local"
    collection: Name = "messages"
    conversation: Name | None = None
    session: Name | None = None
    seq: Annotated[int, Field(ge=0, le=MAX_INTEGER, strict=True), Whole] | None = None
    speaker: Speaker | None = Field(None, description='"user", "assistant" or a name')
    timestamp: Timestamp | None = None
    language: Language | None = Field(
        None, description="Found by the script of the text when absent."
    )
    parent: Name | None = None
    metadata: Metadata = Field(default_factory=dict)


class UpsertRequest(Wire):
    """Items to create or replace."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [dict(_ITEM)]}]})

    items: Annotated[list[Item], Batch]


UpsertStatus = Literal["created", "updated", "unchanged", "stale", "deleted"]
DeleteStatus = Literal["deleted", "absent", "stale"]


class UpsertResult(Wire):
    """What happened to an item, and the version that is stored now (of a deleted one, the
    tombstone's)."""

    id: str
    version: int
    status: UpsertStatus


class UpsertResponse(Wire):
    """Results in the order of the items. All of them are durable and found by the next search."""

    results: list[UpsertResult]
    generation: int


class ItemResponse(Wire):
    """An item as it is stored."""

    item: Item
    windows: int
    model: str


class DeleteTarget(Wire):
    """An item to delete, unless it is newer than this version."""

    id: Name
    version: Version


class DeleteRequest(Wire):
    """Items to delete."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"id": "m1", "version": 2}], "owner": "local"}]}
    )

    items: Annotated[list[DeleteTarget], Batch]
    owner: Name = "local"


class DeleteResult(Wire):
    """What happened to one deletion."""

    id: str
    status: DeleteStatus


class DeleteItemResponse(DeleteResult):
    """The answer to the deletion of one item."""

    generation: int


class DeleteResponse(Wire):
    """Results in the order of the items."""

    results: list[DeleteResult]
    generation: int


class HealthResponse(Wire):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class ReadyResponse(Wire):
    """The model is loaded and the index is complete.

    All but the status is null where API keys are set and the request carries none.
    """

    status: Literal["ready"] = "ready"
    model: str | None = None
    multilingual_model: str | None = None
    items: int | None = None
    generation: int | None = None


class ErrorBody(Wire):
    """What went wrong and what to do."""

    code: str
    message: str
    request_id: str
    details: dict[str, int | str] | None = None


class ErrorResponse(Wire):
    """Every error has this shape."""

    error: ErrorBody
