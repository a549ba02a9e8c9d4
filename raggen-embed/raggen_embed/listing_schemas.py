"""What goes over the wire about what is stored: lists, collections, statistics, deletion by
filter."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, model_validator

from raggen_embed.errors import NotFound
from raggen_embed.wire import MAX_FILTER, Language, Name, Timestamp, Wire

MAX_PAGE = 1000
# An id of 256 code points of four bytes each, in base64.
MAX_CURSOR = 1368
PAGE = 100
SomeNames = Annotated[list[Name], Field(min_length=1, max_length=MAX_FILTER)]


class ListedItem(Wire):
    """An item without its text and metadata, which GET /api/v1/items/{id} has."""

    id: str
    version: int
    collection: str
    conversation: str | None
    session: str | None
    seq: int | None
    speaker: str | None
    timestamp: str | None
    language: Language | None
    parent: str | None
    text_sha256: str = Field(
        description="SHA-256 of the text's UTF-8, in hexadecimal: whoever has the text can compare."
    )


class ItemList(Wire):
    """Items by id. What is stored all the while is listed exactly once, whatever is written."""

    items: list[ListedItem]
    next_cursor: str | None = Field(
        description="Send it as `cursor` for what follows; null: this was all."
    )


_FILTERS = ("collections", "conversations", "before", "after")
_SCHEMA: dict[str, Any] = {
    "examples": [{"owner": "local", "conversations": ["c1"]}],
    # A filter, or "all": _is_meant says it, and a client can read it here.
    "anyOf": [
        *(
            {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
            for name in _FILTERS
        ),
        {"required": ["all"], "properties": {"all": {"const": True}}},
    ],
}


class ClearRequest(Wire):
    """Which items of an owner to delete: those that pass all the filters."""

    model_config = ConfigDict(json_schema_extra=_SCHEMA)

    owner: Name = "local"
    collections: SomeNames | None = None
    conversations: SomeNames | None = None
    before: Timestamp | None = Field(None, description="Only items with an earlier timestamp.")
    after: Timestamp | None = Field(None, description="Only items with a later timestamp.")
    all: StrictBool = Field(
        False, description="Needed to delete without any filter: everything of the owner."
    )

    @model_validator(mode="after")
    def _is_meant(self) -> ClearRequest:
        if not self.all and all(getattr(self, name) is None for name in _FILTERS):
            raise ValueError(
                "choose by collections, conversations, before or after; "
                "all: true deletes everything of this owner"
            )
        return self


class ClearResponse(Wire):
    """What was deleted. Late upserts of it, up to the versions it had, stay refused."""

    deleted: int
    kept: int = Field(description="Changed, or deleted by others, while this was at work.")
    generation: int


class CollectionCount(Wire):
    """A collection of an owner."""

    name: str
    items: int
    conversations: int


class CollectionList(Wire):
    """An owner's collections by name."""

    owner: str
    collections: list[CollectionCount]


class ModelCount(Wire):
    """A model whose vectors are stored; ``loaded``: it reads what is written now."""

    name: str
    role: Literal["main", "multilingual"]
    windows: int
    loaded: bool


class MemoryUse(Wire):
    """Memory of the process in bytes: ``anonymous`` is what cannot be read again from files."""

    resident: int
    anonymous: int


class Statistics(Wire):
    """What is stored, of all owners."""

    items: int
    owners: int
    deleted: int = Field(description="Ids that are remembered as deleted.")
    windows: int = Field(description="Of the model that reads the most items.")
    models: list[ModelCount]
    database_bytes: int
    generation: int
    indexed_items: int = Field(description="Items that a search finds.")
    memory: MemoryUse


def cursor_after(identifier: str) -> str:
    """A cursor for what follows an id; opaque, so that nobody builds their own."""
    return base64.urlsafe_b64encode(identifier.encode()).decode("ascii").rstrip("=")


def after_cursor(cursor: str | None) -> str:
    """The id that a cursor stands for; "" for none.

    Raises:
        NotFound: it is none of ours.
    """
    if cursor is None:
        return ""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        identifier = base64.b64decode(padded, altchars=b"-_", validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise NotFound(
            "There is no such cursor: send the next_cursor of the page before, or none."
        ) from error
    return identifier
