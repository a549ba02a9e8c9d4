"""Which sentences of the results answer the question.

A sentence is scored like an item, by the lanes of the fusion, each term of the question lifted
towards the sentence before it: so "He is afraid of thunder." after "My dog is called Archie."
stands for the dog, and beats the sentence that merely repeats the subject. The item's own log-odds
are the prior: a sentence of a relevant item beats a similar one of an item that hardly is::

    log-odds = ½ · log-odds of its item + ½ · log-odds of an item with its score
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from raggen_embed.analysis import Bag, gram_bag, word_bag
from raggen_embed.background import mean_length
from raggen_embed.calibration import probability
from raggen_embed.encoder import Encoding, Vectors
from raggen_embed.fusion import LANES, LATE, PAIRS, Dense, Floats, Formula, Lane, Pair, fuse
from raggen_embed.search_schemas import Highlight
from raggen_embed.sentences import Sentence, sentences_of
from raggen_embed.strengths import bm25_norm, bm25_strength, coverage, lift, maxsim
from raggen_embed.weighting import TermWeights, Weighted, columns

# What one search may encode: 64 short sentences take some 0.2 s on two cores.
MAX_SENTENCES = 64
MAX_WINDOWS = 64
MIN_PER_ITEM = 3
# Of a long text, only what surrounds its best window is split.
AROUND = 2000
LONG_TEXT = 20_000
_CARRIED = 0.5
_PRIOR = 0.5
# Further sentences are shown when they are at least half as relevant as the best one.
_WORTH = 0.5
_NOTHING = Bag.of(())


@dataclass(frozen=True)
class Source:
    """An item of the results: its text, the span of its best window, the scripts of question and
    item, and its relevance as log-odds."""

    text: str
    start: int
    end: int
    pair: Pair
    logit: float


@dataclass(frozen=True, eq=False)
class Picked:
    """A sentence to score: the number of its source, its place there, its words and 4-grams.

    ``alone``: the only sentence of its item; nothing to compare, so nothing is counted or encoded.
    """

    source: int
    place: int
    sentence: Sentence
    words: Bag
    grams: Bag
    alone: bool


@dataclass(frozen=True, eq=False)
class Asked:
    """The question: its terms, and its vectors by model (none where no lane asks for them)."""

    weighted: Weighted
    vectors: Mapping[Dense, Vectors]


# What the models make of each picked sentence: encodings by model, a list a sentence, empty where
# it is alone or its scripts ask for none.
Said = Mapping[Dense, Sequence[Sequence[Encoding]]]


def pick(sources: Sequence[Source], weighted: Weighted) -> list[Picked]:
    """Choose the sentences to score, at most MAX_SENTENCES in all, in the order of the texts."""
    allowed = max(MIN_PER_ITEM, MAX_SENTENCES // max(len(sources), 1))
    picked: list[Picked] = []
    for number, source in enumerate(sources):
        start, end = 0, len(source.text)
        if end > LONG_TEXT:
            start, end = max(0, source.start - AROUND), min(end, source.end + AROUND)
        sentences = sentences_of(source.text, start, end)
        if len(sentences) == 1:
            picked.append(Picked(number, 0, sentences[0], _NOTHING, _NOTHING, alone=True))
            continue
        candidates = [
            Picked(number, place, one, word_bag(one.text), gram_bag(one.text), alone=False)
            for place, one in enumerate(sentences)
        ]
        if len(candidates) > allowed:
            # Words first, then closeness to the beginning of the window whose meaning is closest.
            strength = _lexical(weighted.words, [one.words for one in candidates])
            covered = coverage(strength, columns(weighted.words)[1]).tolist()
            candidates = [
                candidates[place]
                for place in sorted(
                    range(len(candidates)),
                    key=lambda place: (
                        -covered[place],
                        abs(candidates[place].sentence.start - source.start),
                    ),
                )[:allowed]
            ]
        picked += sorted(candidates, key=lambda one: one.place)
    return picked[:MAX_SENTENCES]


def scores(
    sources: Sequence[Source],
    picked: Sequence[Picked],
    asked: Asked,
    said: Said,
    formula: Formula,
) -> Floats:
    """float32[n]: the fused score of each sentence."""
    before = np.array(
        [
            number - 1
            if number
            and picked[number - 1].source == one.source
            and picked[number - 1].place == one.place - 1
            else -1
            for number, one in enumerate(picked)
        ],
        np.int64,
    )
    nobody = [np.full(len(picked), -1, np.int64)]
    weighted = asked.weighted

    def covered(strength: Floats, weights: Floats) -> Floats:
        return coverage(lift(strength, [before], nobody, (_CARRIED,)), weights)

    lanes: dict[Lane, Floats] = {lane: np.zeros(len(picked), np.float32) for lane in LANES}
    lanes["words"] = covered(
        _lexical(weighted.words, [one.words for one in picked]), columns(weighted.words)[1]
    )
    lanes["grams"] = covered(
        _lexical(weighted.grams, [one.grams for one in picked]), columns(weighted.grams)[1]
    )
    for role, vector in asked.vectors.items():
        for number, read in enumerate(said.get(role, ())):
            lanes[role][number] = max((float(one.vector @ vector) for one in read), default=0.0)
    for role, (tokens, weights) in weighted.tokens.items():
        strength = _late(tokens, said.get(role, [[] for _ in picked]))
        lanes[LATE[role]] = covered(strength, weights)
    pairs = np.array([PAIRS.index(sources[one.source].pair) for one in picked])
    fused = np.zeros(len(picked), np.float32)
    for number, pair in enumerate(PAIRS):
        members = pairs == number
        own = {lane: values[members] for lane, values in lanes.items()}
        for share in fuse(own, formula.weights[pair]).values():
            fused[members] += share
    return fused


def choose(
    sources: Sequence[Source],
    picked: Sequence[Picked],
    fused: Floats,
    logits: Callable[[Pair, Floats], Floats],
    count: int,
) -> list[list[Highlight]]:
    """The best ``count`` sentences of each source, best first; questions answer nothing.

    Args:
        sources: the results.
        picked: their sentences.
        fused: float32[len(picked)], the sentences' scores.
        logits: the log-odds of items with such scores, by the scripts of question and item.
        count: how many of each source.
    """
    prior = np.array([sources[one.source].logit for one in picked])
    alone = np.array([one.alone for one in picked], dtype=bool)
    pairs = np.array([PAIRS.index(sources[one.source].pair) for one in picked])
    # An item of one sentence is that sentence: nothing more is known about it.
    mixed = prior.copy()
    for number, pair in enumerate(PAIRS):
        members = (pairs == number) & ~alone
        if members.any():
            own = logits(pair, fused[members])
            mixed[members] = _PRIOR * prior[members] + (1 - _PRIOR) * own
    relevances = probability(mixed.astype(np.float32))
    chosen: list[list[Highlight]] = [[] for _ in sources]
    for place in np.argsort(-mixed, kind="stable").tolist():
        one, value = picked[place], float(relevances[place])
        found, sentence = chosen[one.source], one.sentence
        if sentence.is_question or len(found) == count:
            continue
        if not found or value >= _WORTH * found[0].relevance:
            found.append(
                Highlight(
                    start=sentence.start, end=sentence.end, text=sentence.text, relevance=value
                )
            )
    return chosen


def _lexical(terms: TermWeights, bags: Sequence[Bag]) -> Floats:
    """[terms, sentences]: BM25's strengths, as if an item of usual length were usual here."""
    counts = np.zeros((len(terms), len(bags)), np.float32)
    keys, _ = columns(terms)
    for number, bag in enumerate(bags):
        held = dict(zip(bag.keys.tolist(), bag.counts.tolist(), strict=True))
        counts[:, number] = [held.get(key, 0) for key in keys]
    lengths = np.array([bag.length for bag in bags], np.float32)
    return bm25_strength(counts, bm25_norm(lengths, mean_length(0, 0)))


def _late(tokens: Floats, read: Sequence[Sequence[Encoding]]) -> Floats:
    """[tokens, sentences]."""
    strength = np.zeros((len(tokens), len(read)), np.float32)
    bits = [[window.bits for window in one if len(window.bits)] for one in read]
    members = [number for number, parts in enumerate(bits) if parts]
    if members:
        together = [np.concatenate(bits[number]) for number in members]
        strength[:, members] = maxsim(tokens, together)
    return strength
