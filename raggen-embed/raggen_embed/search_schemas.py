"""What goes over the wire in a search."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool

from raggen_embed.wire import (
    MAX_INTEGER,
    MAX_K,
    MAX_PREVIOUS,
    Language,
    Name,
    Names,
    Share,
    Text,
    Timestamp,
    Whole,
    Window,
    Wire,
)


class SearchRequest(Wire):
    """A question, and where to look."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "What is my dog afraid of?", "k": 5, "highlights": 1}]
        }
    )

    text: Text = Field(
        description="Of a text of more than 8 windows (some 1,500 English or 300 Russian words), "
        "the first and last 4 and the first 1,024 different words count."
    )
    k: Annotated[int, Field(ge=1, le=MAX_K, strict=True), Whole] = 10
    owner: Name = "local"
    collections: Names | None = None
    conversations: Names | None = None
    exclude_conversations: Names | None = None
    exclude_ids: Names | None = None
    languages: Annotated[list[Language], Field(min_length=1, max_length=2)] | None = Field(
        None,
        description="Only items in one of these, by the script of their text: Cyrillic is ru, any "
        "other en.",
    )
    before: Timestamp | None = Field(None, description="Only items with an earlier timestamp.")
    after: Timestamp | None = Field(None, description="Only items with a later timestamp.")
    previous: Annotated[list[Text], Field(max_length=MAX_PREVIOUS)] = Field(
        default_factory=list,
        description="What the same person said before in this chat, oldest first. One of the last "
        'three is taken into account when the text cannot stand alone ("and why?").',
    )
    min_relevance: Share | None = Field(
        None, description="The least probability of a result; the response says what counts else."
    )
    max_tokens: Annotated[int, Field(ge=1, le=MAX_INTEGER, strict=True), Whole] | None = Field(
        None,
        description="What the texts of the results may hold together, in tokens of the model. One "
        "that does not fit is passed over.",
    )
    recency: Share = Field(
        0, description="How much newer items gain: at 1, .05 of the score at most."
    )
    recency_half_life_days: Annotated[
        float, Field(gt=0, le=36500, allow_inf_nan=False, strict=True)
    ] = Field(30, description="The age at which half of that gain is left.")
    pinned_ids: Names | None = Field(
        None,
        description="Items that are always looked at, if they pass the filters, and gain .1 of the "
        "score.",
    )
    highlights: Annotated[int, Field(ge=0, le=5, strict=True), Whole] = Field(
        0,
        description="How many sentences of each result to point at. Of more than 20 results, only "
        "the first may get any.",
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
    """How a result came to its score, and the score to its relevance."""

    script: Literal["latin", "cyrillic"] = Field(description="The script of the question.")
    pair: Literal["latin", "cyrillic", "cross"] = Field(
        description="The scripts of question and item, which choose weights and coefficients."
    )
    window: Window = Field(description="The part of the text whose vector is closest.")
    lanes: dict[str, float] = Field(
        description="Each lane's score, from 0 to 1 (cosines may be negative); 0 where a lane has "
        "no weight for this pair."
    )
    shares: dict[str, float] = Field(
        description="What each lane, the session, recency and being pinned add to the score."
    )
    score: float = Field(description="The sum of the shares.")
    log_odds: dict[str, float] = Field(
        description="What adds up to the log-odds of relevance: relevance = 1 / (1 + exp(−sum))."
    )


class FollowUp(Wire):
    """An earlier turn that was taken into account."""

    previous: int = Field(description="Its place in the request's list.")
    weight: float = Field(description="What its words weigh, beside the question's 1.")


class SearchResult(Wire):
    """An item that is relevant to the question."""

    rank: int
    id: str
    text: str
    relevance: float = Field(description="The calibrated probability that the item is relevant.")
    relevance_word: Literal["high", "medium", "low"]
    cosine: float = Field(
        description="Of the vectors by which such a question and item are compared."
    )
    lexical: float = Field(
        description="The share of the question's words that the item and its neighbours have, "
        "from 0 to 1, rare words first."
    )
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
    default_min_relevance: float = Field(
        description="The least relevance that counts when the search sets none: messages "
        "of conversations and passages have one each, this is the lower of those looked at."
    )
    follow_up: FollowUp | None = Field(
        None, description="The earlier turn that was taken into account, if one was."
    )
    cached: bool = Field(
        False,
        description="Whether the same was answered before and nothing has been written since.",
    )
    took_ms: float
    results: list[SearchResult]
