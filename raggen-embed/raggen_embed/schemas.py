"""What goes over the wire, and its limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StringConstraints,
)

MAX_TEXT = 200_000
MAX_BATCH = 256
MAX_K = 100
MAX_FILTER = 10_000
# Numbers must survive JavaScript, whose integers are exact up to here.
MAX_INTEGER = 2**53 - 1

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _visible(text: str) -> str:
    if not text.strip():
        raise ValueError("write some text: this one is empty or only spaces")
    return text


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("remove the control characters")
    return text


def _rfc3339(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("write a time with its offset, such as 2026-05-08T13:56:00Z")
    return value


Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_visible)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_one_line)]
Speaker = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_one_line)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER, strict=True)]
Timestamp = Annotated[AwareDatetime, BeforeValidator(_rfc3339)]
Language = Literal["ru", "en"]
Number = (
    Annotated[StrictInt, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    | Annotated[StrictFloat, Field(allow_inf_nan=False)]
)
MetadataText = Annotated[str, Field(max_length=4000)]
Metadata = Annotated[dict[Name, StrictBool | Number | MetadataText], Field(max_length=64)]
Names = Annotated[list[Name], Field(max_length=MAX_FILTER)]
Batch = Field(min_length=1, max_length=MAX_BATCH)


class Wire(BaseModel):
    """A wire type: unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(Wire):
    """A part of a text that the model reads at once, as code point offsets."""

    start: int
    end: int


class EmbedRequest(Wire):
    """One text to embed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Archie is afraid of thunder."}]}
    )

    text: Text


class EmbedResponse(Wire):
    """The vector of a text; of a text of several windows, their normalised mean."""

    model: str
    dimensions: int
    vector: list[float]
    windows: list[Window]


class EmbedBatchRequest(Wire):
    """Several texts to embed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"texts": ["Archie is afraid of thunder.", "Арчи боится грозы."]}]
        }
    )

    texts: Annotated[list[Text], Batch]


class EmbedBatchResponse(Wire):
    """The vectors, in the order of the texts."""

    model: str
    dimensions: int
    vectors: list[list[float]]
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
    seq: Annotated[int, Field(ge=0, le=MAX_INTEGER, strict=True)] | None = None
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


class SearchRequest(Wire):
    """A question, and where to look."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "What is my dog afraid of?", "k": 5, "highlights": 1}]
        }
    )

    text: Text = Field(
        description="Of a text of more than 8 windows (some 1,500 words), the first and last 4 and "
        "the first 1,024 different words count."
    )
    k: Annotated[int, Field(ge=1, le=MAX_K, strict=True)] = 10
    owner: Name = "local"
    collections: Names | None = None
    conversations: Names | None = None
    exclude_conversations: Names | None = None
    exclude_ids: Names | None = None
    before: Timestamp | None = Field(None, description="Only items with an earlier timestamp.")
    after: Timestamp | None = Field(None, description="Only items with a later timestamp.")
    min_relevance: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    highlights: Annotated[int, Field(ge=0, le=5, strict=True)] = Field(
        0, description="How many sentences of each result to point at."
    )
    explain: StrictBool = Field(False, description="Add the parts that the relevance was made of.")


class MeaningReason(Wire):
    """The vectors are close."""

    kind: Literal["meaning"] = "meaning"


class WordsReason(Wire):
    """Words are shared, as the item writes them."""

    kind: Literal["words"] = "words"
    terms: list[str]


Reason = Annotated[MeaningReason | WordsReason, Field(discriminator="kind")]


class Highlight(Wire):
    """A sentence of an item that answers the question; code point offsets into the text."""

    start: int
    end: int
    text: str
    relevance: float


class Explanation(Wire):
    """The parts of a relevance."""

    coverage: float = Field(description="BM25 over the sum of the idf of the question's words.")
    script: str = Field(description="The script of the question, which chooses the coefficients.")
    window: Window = Field(description="The part of the text whose vector is closest.")


class SearchResult(Wire):
    """An item that is relevant to the question."""

    rank: int
    id: str
    text: str
    relevance: float = Field(description="The calibrated probability that the item is relevant.")
    relevance_word: Literal["high", "medium", "low"]
    cosine: float
    lexical: float
    reasons: list[Reason]
    owner: str
    collection: str
    conversation: str | None
    session: str | None
    seq: int | None
    speaker: str | None
    timestamp: datetime | None
    language: Language | None
    parent: str | None
    metadata: dict[str, bool | int | float | str]
    highlights: list[Highlight]
    explanation: Explanation | None = None


class SearchResponse(Wire):
    """What is relevant, best first. No results is a normal answer: nothing relevant is stored."""

    model: str
    generation: int
    total_items: int = Field(description="How many items passed the filters.")
    default_min_relevance: float = Field(description="What counts when the question sets none.")
    took_ms: float
    results: list[SearchResult]


class HealthResponse(Wire):
    """The process is alive."""

    status: Literal["ok"] = "ok"


class ReadyResponse(Wire):
    """The model is loaded and the index is complete."""

    status: Literal["ready"] = "ready"
    model: str
    items: int
    generation: int


class ErrorBody(Wire):
    """What went wrong and what to do."""

    code: str
    message: str
    request_id: str
    details: dict[str, int | str] | None = None


class ErrorResponse(Wire):
    """Every error has this shape."""

    error: ErrorBody
