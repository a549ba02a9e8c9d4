"""Which sentences of the results answer the question.

A sentence is scored like an item, from the cosine of its vector and the share of the question's
words it has::

    coverage = (idf of its own words of the question
                + ½ · idf of those that only the sentence before has) / idf of all
    log-odds = ½ · log-odds of its item
               + ½ · (the items' formula at the sentence's cosine and coverage)

The carried half lets "He is afraid of thunder." after "My dog is called Archie." stand for the dog,
so that it beats the sentence that merely repeats the subject. The item's own log-odds are the
prior: a sentence of a relevant item beats a similar one of an item that is hardly relevant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.ranking import AnyFloats, Floats, probability
from raggen_embed.schemas import Highlight
from raggen_embed.sentences import Sentence, sentences_of

# What one search may encode: 64 short sentences take some 0.2 s on two cores.
MAX_SENTENCES = 64
MIN_PER_ITEM = 3
# Of a long text, only what surrounds its best window is split.
AROUND = 2000
LONG_TEXT = 20_000
_CARRIED = 0.5
_PRIOR = 0.5
# Further sentences are shown when they are at least half as relevant as the best one.
_WORTH = 0.5


@dataclass(frozen=True)
class Source:
    """An item of the results: its text, the span of its best window, its relevance as log-odds."""

    text: str
    start: int
    end: int
    logit: float


@dataclass(frozen=True)
class Picked:
    """A sentence that may be a highlight of the source with this number."""

    source: int
    sentence: Sentence
    coverage: float
    alone: bool  # the only sentence of its item: nothing to compare, nothing to encode


def pick(
    sources: Sequence[Source], keys_of: Callable[[str], set[int]], idf: Mapping[int, float]
) -> list[Picked]:
    """Choose the sentences to score, at most MAX_SENTENCES in all.

    Args:
        sources: the results.
        keys_of: the terms of a text.
        idf: the question's terms and their weights.
    """
    allowed = max(MIN_PER_ITEM, MAX_SENTENCES // max(len(sources), 1))
    picked: list[Picked] = []
    for number, source in enumerate(sources):
        candidates = _candidates(number, source, keys_of, idf)
        if len(candidates) > allowed:
            # Words first, then closeness to the best window's beginning, in which the meaning lies.
            candidates.sort(key=lambda one: (-one.coverage, abs(one.sentence.start - source.start)))
            candidates = candidates[:allowed]
        picked.extend(candidates)
    return picked[:MAX_SENTENCES]


def _candidates(
    number: int, source: Source, keys_of: Callable[[str], set[int]], idf: Mapping[int, float]
) -> list[Picked]:
    start, end = 0, len(source.text)
    if end > LONG_TEXT:
        start, end = max(0, source.start - AROUND), min(end, source.end + AROUND)
    sentences = sentences_of(source.text, start, end)
    total = sum(idf.values()) or 1.0
    before: set[int] = set()
    picked = []
    for sentence in sentences:
        has = keys_of(sentence.text) & idf.keys()
        own = sum(idf[key] for key in has)
        carried = sum(idf[key] for key in before - has)
        before = has
        if not sentence.is_question:
            coverage = (own + _CARRIED * carried) / total
            picked.append(Picked(number, sentence, coverage, alone=len(sentences) == 1))
    return picked


def choose(
    sources: Sequence[Source],
    picked: Sequence[Picked],
    cosines: npt.NDArray[np.float32],
    logits: Callable[[AnyFloats, AnyFloats], Floats],
    count: int,
) -> list[list[Highlight]]:
    """The best ``count`` sentences of each source, best first.

    Args:
        sources: the results.
        picked: their sentences.
        cosines: float32[len(picked)], of the sentences.
        logits: the items' formula, from cosines and coverages to log-odds.
        count: how many of each source.
    """
    own = logits(cosines, np.array([one.coverage for one in picked]))
    prior = np.array([sources[one.source].logit for one in picked])
    alone = np.array([one.alone for one in picked], dtype=bool)
    # An item of one sentence is that sentence: nothing more is known about it.
    relevances = probability(np.where(alone, prior, _PRIOR * prior + (1 - _PRIOR) * own))
    chosen: list[list[Highlight]] = [[] for _ in sources]
    for place in np.argsort(-relevances, kind="stable").tolist():
        one, value = picked[place], float(relevances[place])
        found = chosen[one.source]
        if len(found) < count and (not found or value >= _WORTH * found[0].relevance):
            sentence = one.sentence
            found.append(
                Highlight(
                    start=sentence.start, end=sentence.end, text=sentence.text, relevance=value
                )
            )
    return chosen
