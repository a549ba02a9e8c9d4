"""One set through the product's ranking, in process, scored by the code that scores the API."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from evaluation.measure import DEPTH, Found, score, token_estimate
from evaluation.sets import RetrievalSet
from evaluation.study.memory import HEADER, Corpus
from evaluation.study.models import Models
from evaluation.study.search import Search, remember_questions
from raggen_embed.fusion import LANES, LATE, Formula, Lane, Pair, pair
from raggen_embed.script import script_of

EVERYTHING: Final = 1_000_000_000
GROUPS: Final = ("session", "conversation", "parent")  # what items are neighbours in


@dataclass(frozen=True, eq=False)
class Trial:
    """A set read once, to be searched by many formulas."""

    chosen: RetrievalSet
    models: Models
    corpus: Corpus

    @classmethod
    def of(cls, chosen: RetrievalSet, models: Models, *, header: bool = True) -> Trial:
        """Read a set's items and questions."""
        remember_questions(models, [query.text for query in chosen.queries])
        asked = {script_of(query.text) for query in chosen.queries}
        return cls(chosen, models, Corpus.read(chosen.items, models, asked, header=header))

    def search(self, formula: Formula | None = None) -> Search:
        """A search of the whole set; by the product's formula for these models when None."""
        formula = formula or Formula.of(self.models.dimensions)
        return Search.of(self.corpus.memory(self.models, formula), self.models, formula)

    def found(self, search: Search) -> dict[str, Found]:
        """Results by query id, as many as the API is asked for. Milliseconds leave out encoding."""
        minimum = search.minimum
        results: dict[str, Found] = {}
        for query in self.chosen.queries:
            started = time.perf_counter()
            ranked = search.find(query.text, DEPTH, self.conversation(query.conversation))
            elapsed = 1000 * (time.perf_counter() - started)
            best = [self.chosen.items[slot] for slot in ranked.slots[:DEPTH].tolist()]
            results[query.id] = Found(
                ids=[item["id"] for item in best],
                relevance=ranked.relevance[:DEPTH].tolist(),
                tokens=[token_estimate(item["text"]) for item in best],
                default_minimum=minimum.message if self.chosen.is_chat else minimum.passage,
                milliseconds=elapsed,
            )
        return results

    def conversation(self, name: str | None) -> str | None:
        """The only conversation that a question may look at; None for everything."""
        return name if self.chosen.is_chat else None

    def figures(self, formula: Formula | None = None) -> dict[str, float]:
        """The figures of the set under the names of evaluation/README.md."""
        return score(self.chosen, self.found(self.search(formula)))


def pair_of(chosen: RetrievalSet) -> Pair:
    """The pair of scripts of a set, by its first question and item."""
    return pair(script_of(chosen.queries[0].text), script_of(chosen.items[0]["text"]))


def without(formula: Formula, lane: Lane) -> Formula:
    """The formula with one lane's weight at 0; the others keep theirs."""
    return replace(
        formula,
        weights={
            name: {other: share for other, share in weights.items() if other != lane}
            for name, weights in formula.weights.items()
        },
    )


def parts(chosen: RetrievalSet, formula: Formula) -> Mapping[str, Formula]:
    """What can be switched off and changes anything in a set, and the formula without it."""
    used = formula.weights[pair_of(chosen)]
    variants: dict[str, Formula] = {
        str(lane): without(formula, lane) for lane in LANES if used.get(lane, 0) > 0
    }
    if any(item.get(name) for item in chosen.items for name in GROUPS):
        variants["lift"] = replace(formula, lift=())
        variants["session share"] = replace(formula, session=0.0)
        variants["neighbours"] = replace(formula, neighbours=False)
    if chosen.is_chat:
        variants["asking"] = replace(formula, asking=0.0)
    if any(used.get(lane, 0) > 0 for lane in LATE.values()):
        variants["shortlist"] = replace(formula, late_pool=EVERYTHING, late_tokens=EVERYTHING)
    return variants


def ablation(chosen: RetrievalSet, models: Models) -> dict[str, dict[str, float]]:
    """The figures with nothing switched off, and with each part switched off once."""
    trial, formula = Trial.of(chosen, models), Formula.of(models.dimensions)
    rows = {"nothing": trial.figures()}
    for part, variant in parts(chosen, formula).items():
        rows[part] = trial.figures(variant)
    if any(item.get(name) for item in chosen.items for name in HEADER):
        rows["header"] = Trial.of(chosen, models, header=False).figures()
    if models.multilingual is not None and pair_of(chosen) != "latin":
        rows["multilingual encoder"] = replace(trial, models=models.main_only()).figures()
    return rows
