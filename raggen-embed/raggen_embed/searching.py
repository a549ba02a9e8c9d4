"""The read path: from a question to what is relevant, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from raggen_embed import highlight, ranking
from raggen_embed.catalogue import Filter
from raggen_embed.encoder import Vectors, mean_vector
from raggen_embed.index import Candidates, Index
from raggen_embed.preparation import Preparation, Prepared, Question
from raggen_embed.reader import Reader, Stored
from raggen_embed.schemas import (
    Explanation,
    Highlight,
    MeaningReason,
    Reason,
    SearchRequest,
    SearchResponse,
    SearchResult,
    Window,
    WordsReason,
)

# How often a search is repeated when a commit came between the index's answer and the texts.
ATTEMPTS = 5
_PAUSE = 0.002


class Encode(Protocol):
    """Prepared texts → float32[windows, d] each."""

    async def __call__(self, prepared: Sequence[Prepared], *, urgent: bool) -> list[Vectors]:
        """Encode."""


@dataclass(frozen=True, eq=False)
class Found:
    """The results before they are shown: places in ``candidates``, best first, and their items."""

    candidates: Candidates
    background: float
    logits: npt.NDArray[np.float64]
    relevances: npt.NDArray[np.float64]
    places: list[int]
    items: list[Stored]


class Searching:
    """Answers searches with the parts that the collection hands over."""

    def __init__(
        self,
        reader: Reader,
        preparation: Preparation,
        calibration: ranking.Calibration,
        pool: ThreadPoolExecutor,
        encode: Encode,
    ) -> None:
        self._reader = reader
        self._preparation = preparation
        self._calibration = calibration
        self._pool = pool
        self._encode = encode

    async def search(self, request: SearchRequest, index: Index, model: str) -> SearchResponse:
        """Prepare and embed the question, ask the index, rank, read the texts, point at
        sentences."""
        started = time.perf_counter()
        loop = asyncio.get_running_loop()
        question = await loop.run_in_executor(self._pool, self._preparation.question, request.text)
        [vectors] = await self._encode([question.prepared], urgent=True)
        vector = mean_vector(vectors)
        found = await loop.run_in_executor(self._pool, self._find, request, index, question, vector)
        highlights = await self._highlights(request.highlights, question, vector, found)
        results = await loop.run_in_executor(
            self._pool, self._results, request, question, found, highlights
        )
        return SearchResponse(
            model=model,
            generation=found.candidates.generation,
            total_items=found.candidates.total,
            default_min_relevance=self._calibration.min_relevance[question.script],
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            results=results,
        )

    def _find(
        self, request: SearchRequest, index: Index, question: Question, vector: Vectors
    ) -> Found:
        wanted = Filter(
            request.owner,
            request.collections,
            request.conversations,
            request.exclude_conversations,
            request.exclude_ids,
            request.before,
            request.after,
        )
        minimum = request.min_relevance
        if minimum is None:
            minimum = self._calibration.min_relevance[question.script]
        floor = self._calibration.scripts[question.script].floor
        attempt = 0
        while True:
            attempt += 1
            candidates = index.search(vector, question.prepared.keys, wanted, request.k)
            background = ranking.background(floor, candidates.cosines)
            logits = ranking.logits(
                self._calibration,
                question.script,
                candidates.cosines,
                candidates.coverages,
                background,
            )
            relevances = ranking.probability(logits)
            if question.is_courtesy:
                # "Thanks!" is close to every other thanks, and none of them answers anything.
                relevances = np.zeros_like(relevances)
                minimum = 1.0
            ordered = ranking.order(relevances, candidates.rows, minimum)[: request.k]
            stored = self._reader.rows(candidates.rows[ordered].tolist())
            places = [
                place
                for place in ordered.tolist()
                if (one := stored.get(int(candidates.rows[place]))) is not None
                and one.sequence == candidates.sequences[place]
            ]
            # A commit may have come in between: then texts and scores would not belong together.
            if len(places) == len(ordered) or attempt == ATTEMPTS:
                items = [stored[int(candidates.rows[place])] for place in places]
                return Found(candidates, background, logits, relevances, places, items)
            time.sleep(_PAUSE)

    async def _highlights(
        self, count: int, question: Question, vector: Vectors, found: Found
    ) -> list[list[Highlight]]:
        if not count or not found.items:
            return [[] for _ in found.items]
        loop = asyncio.get_running_loop()
        sources = [
            self._source(found, place, stored)
            for place, stored in zip(found.places, found.items, strict=True)
        ]
        weights = zip(question.prepared.keys.tolist(), found.candidates.idf.tolist(), strict=True)
        picked = await loop.run_in_executor(
            self._pool, highlight.pick, sources, self._preparation.keys, dict(weights)
        )
        compared = [one for one in picked if not one.alone]
        prepared = await loop.run_in_executor(
            self._pool,
            lambda: [self._preparation.text(one.sentence.text) for one in compared],
        )
        encoded = iter(await self._encode(prepared, urgent=True))
        # The best window of a sentence that is longer than the model's.
        cosines = [0.0 if one.alone else float((next(encoded) @ vector).max()) for one in picked]
        return highlight.choose(
            sources,
            picked,
            np.array(cosines, dtype=np.float32),
            lambda cosines, coverages: ranking.logits(
                self._calibration, question.script, cosines, coverages, found.background
            ),
            count,
        )

    def _source(self, found: Found, place: int, stored: Stored) -> highlight.Source:
        window = self._window(found, place, stored)
        return highlight.Source(
            stored.item.text, window.start, window.end, float(found.logits[place])
        )

    def _window(self, found: Found, place: int, stored: Stored) -> Window:
        return self._preparation.item(stored.item).windows[int(found.candidates.windows[place])]

    def _results(
        self,
        request: SearchRequest,
        question: Question,
        found: Found,
        highlights: list[list[Highlight]],
    ) -> list[SearchResult]:
        return [
            self._result(request, question, found, number, highlights[number])
            for number in range(len(found.items))
        ]

    def _result(
        self,
        request: SearchRequest,
        question: Question,
        found: Found,
        number: int,
        highlights: list[Highlight],
    ) -> SearchResult:
        place, stored = found.places[number], found.items[number]
        candidates = found.candidates
        cosine, value = float(candidates.cosines[place]), float(found.relevances[place])
        explanation = None
        if request.explain:
            explanation = Explanation(
                coverage=float(candidates.coverages[place]),
                script=question.script,
                window=self._window(found, place, stored),
            )
        item = stored.item
        return SearchResult(
            rank=number + 1,
            relevance=value,
            relevance_word=ranking.relevance_word(self._calibration, value),
            cosine=cosine,
            lexical=float(candidates.scores[place]),
            reasons=self._reasons(question, item.text, cosine),
            highlights=highlights,
            explanation=explanation,
            **item.model_dump(exclude={"version"}),
        )

    def _reasons(self, question: Question, text: str, cosine: float) -> list[Reason]:
        words = self._preparation.words(text, set(question.prepared.keys.tolist()))
        reasons: list[Reason] = []
        if not words or cosine >= self._calibration.meaning_cosine[question.script]:
            reasons.append(MeaningReason())
        if words:
            reasons.append(WordsReason(terms=words))
        return reasons
