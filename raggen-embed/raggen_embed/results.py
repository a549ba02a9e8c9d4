"""From a ranked candidate to what the wire shows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from raggen_embed.calibration import Calibration, Models
from raggen_embed.fusion import PAIRS, Lane, Pair
from raggen_embed.preparation import Preparation
from raggen_embed.ranking import Ranked
from raggen_embed.schemas import Item
from raggen_embed.script import Script
from raggen_embed.search_schemas import (
    Explanation,
    Highlight,
    MeaningReason,
    Reason,
    SearchResult,
    WordsReason,
)
from raggen_embed.strengths import Floats
from raggen_embed.wire import Window


class Results:
    """Shows results in words and numbers."""

    def __init__(self, calibration: Calibration, models: Models, preparation: Preparation) -> None:
        self._calibration = calibration
        self._models = models
        self._preparation = preparation

    def result(
        self,
        rank: int,
        item: Item,
        ranked: Ranked,
        place: int,
        highlights: Sequence[Highlight],
        explanation: Explanation | None,
    ) -> SearchResult:
        """The item at ``place`` of the ranking, as the ``rank``-th result."""
        relevance = float(ranked.relevance[place])
        cosine = float(ranked.cosine[place])
        return SearchResult(
            rank=rank,
            relevance=relevance,
            relevance_word=self._calibration.word(relevance),
            cosine=cosine,
            lexical=float(ranked.lanes["words"][place]),
            reasons=self._reasons(item.text, ranked, place, cosine),
            highlights=list(highlights),
            explanation=explanation,
            **item.model_dump(exclude={"version"}),
        )

    def explanation(
        self, ranked: Ranked, place: int, script: Script, window: Window
    ) -> Explanation:
        """How the score and the probability of the item at ``place`` came about."""
        return Explanation(
            script=script,
            pair=_pair(ranked, place),
            window=window,
            lanes=_at(ranked.lanes, place),
            shares=_at(ranked.shares, place),
            score=float(ranked.score[place]),
            log_odds=_at(ranked.log_odds, place),
        )

    def _reasons(self, text: str, ranked: Ranked, place: int, cosine: float) -> list[Reason]:
        words = self._preparation.words(text, set(ranked.weighted.words))
        reasons: list[Reason] = []
        if not words or cosine >= self._calibration.meaning[self._models][_pair(ranked, place)]:
            reasons.append(MeaningReason())
        if words:
            reasons.append(WordsReason(terms=words))
        return reasons


def _pair(ranked: Ranked, place: int) -> Pair:
    return PAIRS[int(ranked.pairs[place])]


def _at(columns: Mapping[Lane, Floats] | Mapping[str, Floats], place: int) -> dict[str, float]:
    return {name: float(values[place]) for name, values in columns.items()}
