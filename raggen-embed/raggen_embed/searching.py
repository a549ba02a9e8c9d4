"""The read path: from a question to what is relevant, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed import highlight
from raggen_embed.background import Background
from raggen_embed.calibration import Calibration, background_level, log_odds
from raggen_embed.catalogue import Filter
from raggen_embed.encoder import Encoding
from raggen_embed.fusion import PAIRS, Formula, Pair, session_share
from raggen_embed.index import Candidates, Index
from raggen_embed.memory import DENSE, Dense
from raggen_embed.models import Models
from raggen_embed.preparation import Asked, Preparation
from raggen_embed.question import Question, Turn
from raggen_embed.ranking import Ranker, Wanted
from raggen_embed.reader import Reader, Stored
from raggen_embed.results import Results
from raggen_embed.script import Script
from raggen_embed.search_schemas import (
    FollowUp,
    Highlight,
    SearchRequest,
    SearchResponse,
    SearchResult,
)
from raggen_embed.strengths import Floats
from raggen_embed.wire import Window

# How often a search is repeated when a commit came between the index's answer and the texts.
ATTEMPTS = 5
_PAUSE = 0.002
# With a budget, texts that do not fit are passed over: so many candidates are read.
_MAX_READ = 200


@dataclass(frozen=True, eq=False)
class Found:
    """The results before they are shown: places in ``candidates``, best first, and their items."""

    candidates: Candidates
    places: list[int]
    items: list[Stored]


class Searching:
    """Answers searches with the parts that the collection hands over."""

    def __init__(
        self,
        reader: Reader,
        preparation: Preparation,
        models: Models,
        pool: ThreadPoolExecutor,
        min_relevance: float | None,
    ) -> None:
        """``min_relevance`` stands in for the calibration's own default."""
        self._reader = reader
        self._preparation = preparation
        self._models = models
        self._pool = pool
        self._calibration = Calibration.load()
        self._default_minimum = (
            self._calibration.default_minimum if min_relevance is None else min_relevance
        )
        self._formula = Formula.of(models.dimensions)
        self._kind = Calibration.kind(models.dimensions)
        multilingual = models.multilingual
        self._static = None if multilingual is None else multilingual.cosines
        coefficients = self._calibration.coefficients[self._kind]
        background = Background.load().for_model(models.encoder.identity.name)
        self._results = Results(self._calibration, self._kind, preparation)
        self._ranker = Ranker(self._formula, coefficients, background, self._static)

    async def search(self, request: SearchRequest, index: Index, model: str) -> SearchResponse:
        """Prepare and embed the question, ask the index, rank, read the texts, point at
        sentences."""
        started = time.perf_counter()
        loop = asyncio.get_running_loop()
        asked = await loop.run_in_executor(
            self._pool, self._preparation.question, request.text, request.previous
        )
        question = await self._read(asked, index.roles(request.owner, asked.script))
        found = await loop.run_in_executor(self._pool, self._find, request, index, asked, question)
        highlights = await self._highlights(request.highlights, question, found)
        results = (
            [
                self._result(request, asked.script, found, number, highlights[number])
                for number in range(len(found.items))
            ]
            if found is not None
            else []
        )
        follow_up = None
        if asked.earlier is not None:
            follow_up = FollowUp(previous=asked.earlier, weight=asked.said[1].weight)
        return SearchResponse(
            model=model,
            generation=index.generation if found is None else found.candidates.generation,
            total_items=0 if found is None else found.candidates.ranked.allowed,
            default_min_relevance=self._default_minimum,
            follow_up=follow_up,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            results=results,
        )

    async def _read(self, asked: Asked, roles: set[Dense]) -> Question:
        """Let the models that matter read the question."""
        needed = [role for role in DENSE if role in roles]
        read = dict(
            zip(
                needed,
                await asyncio.gather(
                    *(
                        self._models.read(role, asked.said, urgent=True, floats=True)
                        for role in needed
                    )
                ),
                strict=True,
            )
        )
        nothing: list[list[Encoding]] = [[] for _ in asked.said]
        turns = [
            Turn(
                said.text, said.weight, said.stems, said.grams, main, multilingual,
                said.pieces if "multilingual" in roles else said.pieces[:0],
            )
            for said, main, multilingual in zip(
                asked.said,
                read.get("main", nothing),
                read.get("multilingual", nothing),
                strict=True,
            )
        ]  # fmt: skip
        return Question(turns, asked.script)

    def _find(
        self, request: SearchRequest, index: Index, asked: Asked, question: Question
    ) -> Found | None:
        wanted = _wanted(request)
        minimum = self._default_minimum if request.min_relevance is None else request.min_relevance
        attempt = 0
        while True:
            attempt += 1
            candidates = index.search(request.owner, question, wanted, self._ranker)
            if candidates is None:
                return None
            ranked = candidates.ranked
            reached = np.flatnonzero(ranked.relevance >= minimum)
            if asked.is_courtesy and request.min_relevance != 0:
                # "Thanks!" is close to every other thanks, and none of them answers anything.
                reached = reached[:0]
            count = request.k if request.max_tokens is None else max(request.k, _MAX_READ)
            ordered = reached[:count].tolist()
            stored = self._reader.rows(candidates.rows[ordered].tolist())
            places = [
                place
                for place in ordered
                if (one := stored.get(int(candidates.rows[place]))) is not None
                and one.sequence == candidates.sequences[place]
            ]
            # A commit may have come in between: then texts and scores would not belong together.
            if len(places) == len(ordered) or attempt == ATTEMPTS:
                items = [stored[int(candidates.rows[place])] for place in places]
                return self._within(request, Found(candidates, places, items))
            time.sleep(_PAUSE)

    def _within(self, request: SearchRequest, found: Found) -> Found:
        """The best that fit into the budget of tokens, as many as are wanted."""
        if request.max_tokens is None:
            return found
        left = request.max_tokens
        kept: list[int] = []
        for number, stored in enumerate(found.items):
            size = self._preparation.tokens(stored.item.text)
            if size <= left and len(kept) < request.k:
                kept.append(number)
                left -= size
        return Found(
            found.candidates,
            [found.places[number] for number in kept],
            [found.items[number] for number in kept],
        )

    async def _highlights(
        self, count: int, question: Question, found: Found | None
    ) -> list[list[Highlight]]:
        if found is None or not count or not found.items:
            return [[] for _ in ([] if found is None else found.items)]
        loop = asyncio.get_running_loop()
        ranked = found.candidates.ranked
        sources = [
            self._source(found, place, stored)
            for place, stored in zip(found.places, found.items, strict=True)
        ]
        picked = await loop.run_in_executor(self._pool, highlight.pick, sources, ranked.weighted)
        vectors = {role: vector for role in DENSE if (vector := question.vector(role)) is not None}
        said = await self._said(sources, picked, set(vectors))
        fused = highlight.scores(
            sources, picked, highlight.Asked(ranked.weighted, vectors), said, self._formula,
            self._static,
        )  # fmt: skip
        return highlight.choose(
            sources, picked, fused, lambda pair, fused: self._logits(found, pair, fused), count
        )

    async def _said(
        self, sources: Sequence[highlight.Source], picked: Sequence[highlight.Picked],
        roles: set[Dense],
    ) -> highlight.Said:  # fmt: skip
        """Let the models read the sentences that need it."""
        read: dict[Dense, list[list[Encoding]]] = {}
        for role in roles:
            lanes = ("main", "late_main") if role == "main" else ("multilingual",)
            wanted = [
                not one.alone
                and any(lane in self._formula.weights[sources[one.source].pair] for lane in lanes)
                for one in picked
            ]
            texts = [
                self._preparation.text(one.sentence.text)
                for one, is_wanted in zip(picked, wanted, strict=True)
                if is_wanted
            ]
            encoded = iter(await self._models.read(role, texts, urgent=True))
            read[role] = [next(encoded) if is_wanted else [] for is_wanted in wanted]
        multilingual = self._models.multilingual
        pieces: list[npt.NDArray[np.int32]] = [np.zeros(0, np.int32) for _ in picked]
        if multilingual is not None and "multilingual" in roles:
            pieces = [np.unique(multilingual.pieces(one.sentence.text)) for one in picked]
        return highlight.Said(read, pieces)

    def _logits(self, found: Found, pair: Pair, fused: Floats) -> Floats:
        """The log-odds of items outside any session with these scores."""
        ranked = found.candidates.ranked
        own = ranked.score[ranked.pairs == PAIRS.index(pair)]
        alone = np.full(len(fused), -1, np.int64)
        score = fused + session_share(fused, alone, self._formula.session)
        coefficients = self._calibration.coefficients[self._kind][pair]
        terms = log_odds(score, float(own.max()), background_level(own), coefficients)
        return np.asarray(np.sum([*terms.values()], axis=0), np.float32)

    def _source(self, found: Found, place: int, stored: Stored) -> highlight.Source:
        ranked = found.candidates.ranked
        window = self._window(found, place, stored)
        pair = PAIRS[int(ranked.pairs[place])]
        return highlight.Source(
            stored.item.text, window.start, window.end, pair, float(ranked.logit[place])
        )

    def _window(self, found: Found, place: int, stored: Stored) -> Window:
        windows = self._preparation.windows(stored.item)
        return windows[int(found.candidates.ranked.window[place])]

    def _result(
        self,
        request: SearchRequest,
        script: Script,
        found: Found,
        number: int,
        highlights: list[Highlight],
    ) -> SearchResult:
        place, stored = found.places[number], found.items[number]
        ranked = found.candidates.ranked
        explanation = None
        if request.explain:
            window = self._window(found, place, stored)
            explanation = self._results.explanation(ranked, place, script, window)
        return self._results.result(number + 1, stored.item, ranked, place, highlights, explanation)


def _wanted(request: SearchRequest) -> Wanted:
    where = Filter(
        request.collections,
        request.conversations,
        request.exclude_conversations,
        request.exclude_ids,
        request.before,
        request.after,
    )
    return Wanted(
        where=where,
        count=request.k,
        recency=request.recency,
        half_life=request.recency_half_life_days,
        now=time.time(),
        pinned=request.pinned_ids or (),
    )
