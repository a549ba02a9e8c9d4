"""The question as one memory sees it: what each of its terms weighs there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.background import Background, term_weight
from raggen_embed.memory import Memory
from raggen_embed.question import Question
from raggen_embed.script import CYRILLIC, SCRIPTS
from raggen_embed.strengths import Floats

# Term → its key and weight.
TermWeights = Mapping[str, tuple[int, float]]


@dataclass(frozen=True, eq=False)
class Weighted:
    """The question's terms and what each weighs in one memory.

    ``words`` and ``grams``: term → key and weight. ``tokens`` float32[q, d] of the main model and
    ``pieces`` int32[p] of the multilingual one, with the weights of each.
    """

    words: TermWeights
    grams: TermWeights
    tokens: Floats
    token_weights: Floats
    pieces: npt.NDArray[np.int32]
    piece_weights: Floats


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
    tokens, ids, decay = question.main_tokens()
    token_weights = decay * term_weight(
        memory.late["main"].frequencies(ids), everything, background.of_wordpieces(ids)
    )
    pieces, piece_weights = question.pieces()
    if len(pieces):
        piece_weights = piece_weights * term_weight(
            memory.late["multilingual"].frequencies(pieces),
            by_script[background.piece_is_cyrillic[pieces].astype(np.intp)],
            background.pieces[pieces],
        )
    return Weighted(words, grams, tokens, token_weights, pieces, piece_weights)


def columns(terms: TermWeights) -> tuple[list[int], Floats]:
    """Keys and weights, float32[n]."""
    keys = [key for key, _ in terms.values()]
    return keys, np.array([weight for _, weight in terms.values()], np.float32)


def _raise(found: dict[str, tuple[int, float]], terms: Mapping[str, int], weights: Floats) -> None:
    """Enter the terms' keys and weights where they are greater than what is there."""
    for (term, key), weight in zip(terms.items(), weights.tolist(), strict=True):
        if weight > found.get(term, (0, -1.0))[1]:
            found[term] = key, weight
