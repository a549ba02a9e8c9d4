"""The elements of what goes over the wire, and their limits."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal

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
    WithJsonSchema,
)

MAX_TEXT = 200_000
MAX_BATCH = 256
MAX_K = 100
MAX_METADATA_TEXT = 4000
MAX_FILTER = 10_000
MAX_PREVIOUS = 20
# Numbers must survive JavaScript, whose integers are exact up to here.
MAX_INTEGER = 2**53 - 1

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# The same two rules for whoever reads the OpenAPI document: something that is not white space (as
# str.isspace has it), and no control characters.
_SPACES = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
_VISIBLE = {"minLength": 1, "pattern": f"[^{_SPACES}]"}
_ONE_LINE = {"pattern": "^[^\\x00-\\x1f\\x7f]+$"}
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _visible(text: str) -> str:
    if not text.strip():
        raise ValueError("write some text: this one is empty or only spaces")
    return text


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("remove the control characters")
    return text


def _whole(value: object) -> object:
    # JSON knows one kind of number: 5.0 is 5, as its schema's "integer" has it.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _rfc3339(value: object) -> object:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("write a time with its offset, such as 2026-05-08T13:56:00Z")
    return value


Text = Annotated[
    str, Field(max_length=MAX_TEXT, json_schema_extra=_VISIBLE), AfterValidator(_visible)
]
Name = Annotated[
    str,
    Field(min_length=1, max_length=256, json_schema_extra=_ONE_LINE),
    AfterValidator(_one_line),
]
Speaker = Annotated[
    str,
    Field(min_length=1, max_length=80, json_schema_extra=_ONE_LINE),
    AfterValidator(_one_line),
]
Whole = BeforeValidator(_whole)
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER, strict=True), Whole]
Timestamp = Annotated[AwareDatetime, BeforeValidator(_rfc3339)]
Language = Literal["ru", "en"]
EncodingFormat = Literal["float", "base64"]
Number = (
    Annotated[StrictInt, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    | Annotated[StrictFloat, Field(allow_inf_nan=False)]
)
MetadataText = Annotated[str, Field(max_length=MAX_METADATA_TEXT)]
# Pydantic would write names as patternProperties, which let any other name pass.
_METADATA = {
    "type": "object",
    "maxProperties": 64,
    "propertyNames": {"minLength": 1, "maxLength": 256, **_ONE_LINE},
    "additionalProperties": {
        "anyOf": [
            {"type": "boolean"},
            {"type": "integer", "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER},
            {"type": "number"},
            {"type": "string", "maxLength": MAX_METADATA_TEXT},
        ]
    },
}
Metadata = Annotated[
    dict[Name, StrictBool | Number | MetadataText],
    Field(max_length=64),
    WithJsonSchema(_METADATA),
]
Names = Annotated[list[Name], Field(max_length=MAX_FILTER)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, strict=True)]
Batch = Field(min_length=1, max_length=MAX_BATCH)


class Wire(BaseModel):
    """A wire type: unknown fields are refused, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(Wire):
    """A part of a text that the model reads at once, as code point offsets."""

    start: int
    end: int
