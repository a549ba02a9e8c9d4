"""The question as one memory sees it: what each of its terms weighs there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.background import Background, term_weight
from raggen_embed.fusion import Dense
from raggen_embed.memory import Memory
from raggen_embed.question import Question
from raggen_embed.script import CYRILLIC, SCRIPTS
from raggen_embed.strengths import Floats

# "What did the … say" is half of a question's tokens and 5 % of their weight: without them the late
# lanes take half the time, and no set's nDCG@10 changes by more than .2.
LIGHTEST = 0.05

# Term → its key and weight.
TermWeights = Mapping[str, tuple[int, float]]


@dataclass(frozen=True, eq=False)
class Weighted:
    """The question's terms and what each weighs in one memory.

    ``words`` and ``grams``: term → key and weight. ``tokens``: each model's tokens float32[q, d]
    with their weights float32[q], of the models that were asked.
    """

    words: TermWeights
    grams: TermWeights
    tokens: Mapping[Dense, tuple[Floats, Floats]]


def weigh(memory: Memory, question: Question, background: Background) -> Weighted:
    """Weigh each term by how rare it is; of several turns the greatest weight counts."""
    words: dict[str, tuple[int, float]] = {}
    grams: dict[str, tuple[int, float]] = {}
    everything = float(len(memory))
    by_script = np.array([memory.catalogue.count(script) for script in SCRIPTS], np.float32)
    common = background.grams[question.script]
    for turn in question.turns:
        own = np.array([bool(CYRILLIC.search(stem)) for stem in turn.stems], np.intp)
        weights = term_weight(
            memory.words.frequencies([*turn.stems.values()]),
            by_script[own],
            np.array([background.stems.get(s, 0.0) for s in turn.stems], np.float32),
        )
        _raise(words, turn.stems, np.float32(turn.weight) * weights)
        weights = term_weight(
            memory.grams.frequencies([*turn.grams.values()]),
            everything,
            np.array([common.get(gram, 0.0) for gram in turn.grams], np.float32),
        )
        _raise(grams, turn.grams, np.float32(turn.weight) * weights)
    tokens: dict[Dense, tuple[Floats, Floats]] = {}
    for role, late in memory.late.items():
        asked = question.tokens(role)
        if len(asked.ids):
            usual, is_cyrillic = background.of_tokens(role, asked.ids)
            items = by_script[is_cyrillic] if role == "multilingual" else everything
            weights = asked.weights * term_weight(late.frequencies(asked.ids), items, usual)
            kept = _heaviest(weights)
            tokens[role] = asked.vectors[kept], weights[kept]
    return Weighted(words, grams, tokens)


def _heaviest(weights: Floats) -> npt.NDArray[np.intp]:
    """Places of all but the lightest, which together weigh LIGHTEST at most."""
    order = np.argsort(-weights, kind="stable")
    falling = weights[order]
    return np.sort(order[falling.cumsum() - falling < (1 - LIGHTEST) * weights.sum()])


def columns(terms: TermWeights) -> tuple[list[int], Floats]:
    """Keys and weights, float32[n]."""
    keys = [key for key, _ in terms.values()]
    return keys, np.array([weight for _, weight in terms.values()], np.float32)


def _raise(found: dict[str, tuple[int, float]], terms: Mapping[str, int], weights: Floats) -> None:
    """Enter the terms' keys and weights where they are greater than what is there."""
    for (term, key), weight in zip(terms.items(), weights.tolist(), strict=True):
        if weight > found.get(term, (0, -1.0))[1]:
            found[term] = key, weight
