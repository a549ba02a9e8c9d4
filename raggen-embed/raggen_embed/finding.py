"""What a search finds: candidates of the index, and their texts of the same state from the
store."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from raggen_embed.calibration import Minimum
from raggen_embed.catalogue import Filter
from raggen_embed.index import Candidates, Index
from raggen_embed.metrics import Stages
from raggen_embed.preparation import Asked, Preparation
from raggen_embed.question import Question
from raggen_embed.ranking import Ranked, Ranker, Wanted
from raggen_embed.reader import Reader, Stored
from raggen_embed.script import Script
from raggen_embed.search_schemas import SearchRequest
from raggen_embed.wire import Language, Window

# How long a search waits for the index, where the store has changed what was found.
PATIENCE_SECONDS: Final = 1.0
_PAUSE: Final = 0.002
# With a budget, texts that do not fit are passed over: so many candidates are read.
_MAX_READ: Final = 200
_SCRIPT_OF: Final[Mapping[Language, Script]] = {"en": "latin", "ru": "cyrillic"}


@dataclass(frozen=True, eq=False)
class Found:
    """The results before they are shown: places in ``candidates``, best first, and their items.

    ``windows`` are the parts of them that are nearest, where somebody wants to see them;
    ``minimum``: the least relevance that counts by default among these candidates.
    """

    candidates: Candidates
    places: list[int]
    items: list[Stored]
    minimum: float
    windows: list[Window] = field(default_factory=list)


class Finding:
    """Finds, for threads that may wait."""

    def __init__(
        self,
        reader: Reader,
        preparation: Preparation,
        ranker: Ranker,
        minimum: Minimum,
        numbers: Sequence[int],
    ) -> None:
        """``numbers`` are the store's of the models; ``minimum`` is the least relevance."""
        self._reader = reader
        self._preparation = preparation
        self._ranker = ranker
        self._minimum = minimum
        self._numbers = numbers

    def find(
        self,
        request: SearchRequest,
        index: Index,
        asked: Asked,
        question: Question,
        stages: Stages,
    ) -> Found | None:
        """The best that are relevant, of one state of index and store; None where there is
        nothing."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            with stages.stage("rank"):
                wanted = self._wanted(request)
                candidates = index.search(request.owner, question, wanted, self._ranker)
            if candidates is None:
                return None
            ranked = candidates.ranked
            minimum = self._minimum.of(ranked.in_chat)
            reached = np.flatnonzero(
                ranked.relevance
                >= (minimum if request.min_relevance is None else request.min_relevance)
            )
            if asked.is_courtesy and request.min_relevance != 0:
                # "Thanks!" is close to every other thanks, and none of them answers anything.
                reached = reached[:0]
            count = request.k if request.max_tokens is None else max(request.k, _MAX_READ)
            ordered = reached[:count].tolist()
            with stages.stage("read"):
                stored = self._reader.rows(candidates.rows[ordered].tolist())
            # An id that was deleted and came back has another row, which nobody excluded.
            excluded = {*(request.exclude_ids or ())}
            places = [
                place
                for place in ordered
                if (one := stored.get(int(candidates.rows[place]))) is not None
                and one.sequence == candidates.sequences[place]
                and one.item.id not in excluded
            ]
            # A commit may have come in between: then texts and scores would not belong together.
            if len(places) == len(ordered) or time.monotonic() > deadline:
                items = [stored[int(candidates.rows[place])] for place in places]
                found = Found(candidates, places, items, self._lowest(ranked))
                return self._with_windows(request, self._within(request, found))
            while index.generation <= candidates.generation and time.monotonic() < deadline:
                time.sleep(_PAUSE)

    def _lowest(self, ranked: Ranked) -> float:
        """The lower one of the minima that hold for these candidates."""
        kinds = set(ranked.in_chat.tolist()) or {True}
        own = self._minimum
        return min(own.message if in_chat else own.passage for in_chat in kinds)

    def _with_windows(self, request: SearchRequest, found: Found) -> Found:
        if not (request.explain or request.highlights):
            return found
        ranked = found.candidates.ranked
        wanted = [
            (stored.row, int(ranked.window[place]))
            for place, stored in zip(found.places, found.items, strict=True)
        ]
        spans = self._reader.windows(wanted, self._numbers)
        windows = [
            # An item that was changed just now is shown as a whole.
            span or Window(start=0, end=len(stored.item.text))
            for span, stored in zip(spans, found.items, strict=True)
        ]
        return replace(found, windows=windows)

    def _within(self, request: SearchRequest, found: Found) -> Found:
        """The best that fit into the budget of tokens, as many as are wanted."""
        if request.max_tokens is None:
            return found
        left = request.max_tokens
        kept: list[int] = []
        for number, stored in enumerate(found.items):
            if len(kept) == request.k:
                break
            size = self._preparation.tokens_within(stored.item.text, left)
            if size is not None:
                kept.append(number)
                left -= size
        return Found(
            found.candidates,
            [found.places[number] for number in kept],
            [found.items[number] for number in kept],
            found.minimum,
        )

    def _wanted(self, request: SearchRequest) -> Wanted:
        excluded, pinned = (
            self._reader.rows_of(request.owner, ids) if ids else ()
            for ids in (request.exclude_ids, request.pinned_ids)
        )
        where = Filter(
            request.collections,
            request.conversations,
            request.exclude_conversations,
            excluded,
            request.before,
            request.after,
            _scripts(request.languages),
        )
        return Wanted(
            where=where,
            count=request.k,
            recency=request.recency,
            half_life=request.recency_half_life_days,
            now=time.time(),
            pinned=pinned,
        )


def _scripts(languages: Sequence[Language] | None) -> Sequence[Script] | None:
    """None for every script: a filter that lets all pass costs what no filter does not."""
    wanted = None if languages is None else sorted({_SCRIPT_OF[one] for one in languages})
    return None if wanted is None or len(wanted) == len(_SCRIPT_OF) else wanted
