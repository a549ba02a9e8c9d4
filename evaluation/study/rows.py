"""Examples for the calibration: results of the search, and whether they were relevant.

Kinds: *full*, the top ten of each question over its whole set; *small*, the same question over a
memory of 5, 20 or 60 of the set's items, its answer put there half of the time; *foreign*,
questions of a set that shares no question with this one: nothing is relevant.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.sets import RetrievalSet
from evaluation.study.fusion import Pair, pair
from evaluation.study.memory import Memory, Models
from evaluation.study.relevance import background_level
from evaluation.study.script import script
from evaluation.study.search import Ranking, Search
from evaluation.study.strengths import Ints
from evaluation.study.trial import conversations

Kind = Literal["full", "small", "foreign"]
TOP: Final = 10
SIZES: Final = (5, 20, 60)
FOREIGN_SIZE: Final = 60
FOREIGN_MEMORIES: Final = 6
FOREIGN_QUESTIONS: Final = 60
SEED: Final = 0


@dataclass(frozen=True, eq=False)
class Rows:
    """r results: question numbers [r], relevant [r], features [r, 3] (score, gap, background)."""

    kind: Kind
    set_name: str
    pair: Pair
    question: Ints
    relevant: NDArray[np.float64]
    features: NDArray[np.float64]


def pair_of(chosen: RetrievalSet) -> Pair:
    """The pair of scripts of a set, by its first question and item."""
    return pair(script(chosen.queries[0].text), script(chosen.items[0]["text"]))


def _block(ranking: Ranking, members: Ints | None, relevant: set[int]) -> list[list[float]]:
    """Relevant, score, gap, background of the ten best among `members` (None: among all)."""
    kept = slice(None) if members is None else np.isin(ranking.items, members)
    items, scores = ranking.items[kept], ranking.score[kept]
    order = np.argsort(-scores, kind="stable")
    level = background_level(scores)
    best = scores.max(initial=0)
    return [
        [int(items[at]) in relevant, scores[at], scores[at] - best, level] for at in order[:TOP]
    ]


def _rows(kind: Kind, chosen: RetrievalSet, blocks: Sequence[list[list[float]]]) -> Rows:
    number = np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])
    data = np.array([line for block in blocks for line in block], np.float64)
    return Rows(kind, chosen.name, pair_of(chosen), number, data[:, 0], data[:, 1:])


def own_rows(chosen: RetrievalSet, models: Models) -> list[Rows]:
    """Full and small rows of a set."""
    search = Search(Memory(chosen.items, models), models)
    allowed = conversations(chosen)
    row_of = {item["id"]: row for row, item in enumerate(chosen.items)}
    draw = np.random.default_rng(SEED)
    full, small = [], []
    for query in chosen.queries:
        rows = allowed[query.conversation if chosen.is_chat else None]
        answers = {row_of[item] for item in chosen.relevant[query.id]}
        full.append(_block(search.find(query.text, rows), None, answers))
        members = _memory(rows, answers, chosen.is_chat, draw)
        small.append(_block(search.find(query.text, members), members, answers))
    return [_rows("full", chosen, full), _rows("small", chosen, small)]


def _memory(rows: Ints, answers: set[int], in_order: bool, draw: np.random.Generator) -> Ints:
    """Some of `rows`: consecutive turns of a chat, anything of other sets; sorted."""
    size = min(int(draw.choice(SIZES)), len(rows))
    with_answer = draw.random() < 0.5
    answer = min(answers)
    if in_order:
        start = int(draw.integers(0, len(rows) - size + 1))
        if with_answer:
            place = int(np.searchsorted(rows, answer)) - int(draw.integers(0, size))
            start = max(0, min(len(rows) - size, place))
        return rows[start : start + size]
    members = draw.choice(np.setdiff1d(rows, list(answers)), size, replace=False)
    return np.union1d(members, [answer]) if with_answer else np.sort(members)


def foreign_rows(chosen: RetrievalSet, sets: Sequence[RetrievalSet], models: Models) -> list[Rows]:
    """Questions that others of the same pair of scripts ask, over small memories of this set."""
    own = {query.text for query in chosen.queries}
    texts = [
        query.text
        for other in sets
        if pair_of(other) == pair_of(chosen)
        and own.isdisjoint(other_query.text for other_query in other.queries)
        for query in other.queries
    ]
    if not texts:
        return []
    draw = random.Random(SEED)  # noqa: S311 - a repeatable sample
    blocks = []
    for _ in range(FOREIGN_MEMORIES):
        start = draw.randrange(max(1, len(chosen.items) - FOREIGN_SIZE))
        items = chosen.items[start : start + FOREIGN_SIZE]
        search = Search(Memory(items, models), models)
        asked = draw.sample(texts, min(FOREIGN_QUESTIONS, len(texts)))
        blocks += [_block(search.find(text), None, set()) for text in asked]
    return [_rows("foreign", chosen, blocks)]
