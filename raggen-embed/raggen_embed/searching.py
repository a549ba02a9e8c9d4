"""The read path: from a question to what is relevant, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from raggen_embed.background import Background
from raggen_embed.calibration import Calibration, Minimum
from raggen_embed.encoder import Encoding
from raggen_embed.finding import Finding, Found
from raggen_embed.fusion import DENSE, Dense, Formula
from raggen_embed.highlighting import Highlighting
from raggen_embed.index import Index
from raggen_embed.metrics import Stages
from raggen_embed.models import Models
from raggen_embed.preparation import Asked, Preparation
from raggen_embed.question import Question, Turn
from raggen_embed.ranking import Ranker
from raggen_embed.reader import Reader
from raggen_embed.results import Results
from raggen_embed.script import CYRILLIC, Script
from raggen_embed.search_schemas import (
    FollowUp,
    Highlight,
    SearchRequest,
    SearchResponse,
    SearchResult,
)

# Up to so many letters are prepared at once, which takes .2 ms.
_SHORT = 500


class Searching:
    """Answers searches with the parts that the collection hands over."""

    def __init__(
        self,
        reader: Reader,
        preparation: Preparation,
        models: Models,
        pool: ThreadPoolExecutor,
        numbers: Sequence[int],
        min_relevance: float | None,
    ) -> None:
        """``numbers`` are the store's of the models; ``min_relevance`` stands in for the
        calibration's own default."""
        self._preparation = preparation
        self._models = models
        self._pool = pool
        self._calibration = Calibration.load()
        self._minimum = self._calibration.minimum
        if min_relevance is not None:
            self._minimum = Minimum(message=min_relevance, passage=min_relevance)
        self._formula = Formula.of(models.dimensions)
        self._kind = Calibration.kind(models.dimensions)
        coefficients = self._calibration.coefficients[self._kind]
        background = Background.load().for_model(models.encoder.identity.name)
        self._results = Results(self._calibration, self._kind, preparation)
        self.ranker = Ranker(self._formula, coefficients, background)
        self._finding = Finding(reader, preparation, self.ranker, self._minimum, numbers)
        self._highlighting = Highlighting(models, preparation, self._formula, coefficients, pool)

    async def search(
        self, request: SearchRequest, index: Index, model: str, stages: Stages | None = None
    ) -> SearchResponse:
        """Prepare and embed the question, ask the index, rank, read the texts, point at
        sentences; ``stages`` is told how long each takes."""
        started = time.perf_counter()
        stages = stages or Stages()
        loop = asyncio.get_running_loop()
        with stages.stage("prepare"):
            if _is_short(request):
                # A thread would take as long to wake as this takes.
                asked, roles = self._prepare(request, index)
            else:
                asked, roles = await loop.run_in_executor(self._pool, self._prepare, request, index)
        with stages.stage("embed"):
            question = await self._read(asked, roles)
        found, results = await loop.run_in_executor(
            self._pool, self._answer, request, index, asked, question, stages
        )
        if found is not None and request.highlights:
            with stages.stage("highlight"):
                results = await self._highlighted(request, asked.script, question, found)
        follow_up = None
        if asked.earlier is not None:
            follow_up = FollowUp(previous=asked.earlier, weight=asked.said[1].weight)
        return SearchResponse(
            model=model,
            generation=index.generation if found is None else found.candidates.generation,
            total_items=0 if found is None else found.candidates.ranked.allowed,
            default_min_relevance=self._minimum.message if found is None else found.minimum,
            follow_up=follow_up,
            cached=False,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            results=results,
        )

    def _answer(
        self,
        request: SearchRequest,
        index: Index,
        asked: Asked,
        question: Question,
        stages: Stages,
    ) -> tuple[Found | None, list[SearchResult]]:
        """What is found, and as it is shown where nothing is to be pointed at."""
        found = self._finding.find(request, index, asked, question, stages)
        if found is None or request.highlights:
            return found, []
        with stages.stage("read"):
            return found, self._shown(request, asked.script, found, [[] for _ in found.items])

    async def _highlighted(
        self, request: SearchRequest, script: Script, question: Question, found: Found
    ) -> list[SearchResult]:
        items = [stored.item for stored in found.items]
        highlights = await self._highlighting.highlights(
            request.highlights,
            question,
            found.candidates.ranked,
            [*zip(found.places, items, found.windows, strict=True)],
        )
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, self._shown, request, script, found, highlights
        )

    def _prepare(self, request: SearchRequest, index: Index) -> tuple[Asked, set[Dense]]:
        asked = self._preparation.question(request.text, request.previous)
        return asked, index.roles(request.owner, asked.script)

    async def _read(self, asked: Asked, roles: set[Dense]) -> Question:
        """Let the models that matter read the question."""
        needed = [role for role in DENSE if role in roles]
        asking = [self._models.read(role, asked.said, urgent=True) for role in needed]
        # One model needs no task of its own.
        read = [await asking[0]] if len(asking) == 1 else await asyncio.gather(*asking)
        return _question(asked, dict(zip(needed, read, strict=True)))

    def question_now(self, owner: str, text: str, index: Index) -> Question:
        """A question that is not urgent, for a thread that may wait."""
        asked = self._preparation.question(text)
        roles = index.roles(owner, asked.script)
        read = {role: self._models.read_now(role, asked.said) for role in DENSE if role in roles}
        return _question(asked, read)

    def _shown(
        self,
        request: SearchRequest,
        script: Script,
        found: Found,
        highlights: list[list[Highlight]],
    ) -> list[SearchResult]:
        ranked = found.candidates.ranked
        results = []
        for number, (place, stored) in enumerate(zip(found.places, found.items, strict=True)):
            explanation = None
            if request.explain:
                window = found.windows[number]
                explanation = self._results.explanation(ranked, place, script, window)
            results.append(
                self._results.result(
                    number + 1, stored.item, ranked, place, highlights[number], explanation
                )
            )
        return results


def _is_short(request: SearchRequest) -> bool:
    """Whether the question is prepared in no time. Not in Russian: its dictionary may have to be
    loaded first."""
    return (
        not request.previous and len(request.text) <= _SHORT and not CYRILLIC.search(request.text)
    )


def _question(asked: Asked, read: Mapping[Dense, Sequence[Sequence[Encoding]]]) -> Question:
    turns = [
        Turn(
            said.weight,
            said.stems,
            said.grams,
            {role: own[number] for role, own in read.items()},
        )
        for number, said in enumerate(asked.said)
    ]
    return Question(turns, asked.script)
