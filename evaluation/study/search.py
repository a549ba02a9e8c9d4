"""Questions asked of one memory through the product's own ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.study.models import Models
from raggen_embed.background import Background
from raggen_embed.calibration import Calibration, Minimum
from raggen_embed.catalogue import Filter
from raggen_embed.fusion import Formula
from raggen_embed.memory import Memory
from raggen_embed.preparation import Asked, Said
from raggen_embed.question import Question, Turn
from raggen_embed.ranking import Ranked, Ranker, Wanted


@dataclass(frozen=True, eq=False)
class Search:
    """Searches one memory by one formula, as raggen_embed.searching does."""

    memory: Memory
    models: Models
    ranker: Ranker
    minimum: Minimum

    @classmethod
    def of(cls, memory: Memory, models: Models, formula: Formula) -> Search:
        """With the calibration that the product ships for these models."""
        calibration = Calibration.load()
        ranker = Ranker(
            formula,
            calibration.coefficients[Calibration.kind(models.dimensions)],
            Background.load().for_model(models.encoder.identity.name),
        )
        return cls(memory, models, ranker, calibration.minimum)

    def find(
        self,
        text: str,
        count: int,
        conversation: str | None = None,
        previous: Sequence[str] = (),
    ) -> Ranked:
        """The candidates for a question, best first, of one conversation or of all."""
        asked = self.models.preparation.question(text, previous)
        where = Filter() if conversation is None else Filter(conversations=[conversation])
        return self.ranker.rank(self.memory, self._question(asked), Wanted(where, count))

    def _question(self, asked: Asked) -> Question:
        return Question([self._turn(said) for said in asked.said], asked.script)

    def _turn(self, said: Said) -> Turn:
        return Turn(
            said.weight,
            said.stems,
            said.grams,
            {role: self.models.question(role, said.inputs) for role in self.models.dimensions},
        )


def remember_questions(models: Models, texts: Sequence[str]) -> None:
    """Encode the questions that will be asked, all at once."""
    models.remember(
        [
            window
            for text in texts
            for said in models.preparation.question(text).said
            for window in said.inputs
        ]
    )
