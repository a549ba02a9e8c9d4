"""Examples for the calibration: results of the search, and whether they were relevant.

Kinds: *full*, the top ten of each question over its whole set; *small*, the same question over a
memory of 5, 20 or 60 of the set's items, its answer put there half of the time; *foreign*,
questions of sets that have nothing to do with this one: nothing is relevant.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.measure import DEPTH
from evaluation.sets import RetrievalSet
from evaluation.study.memory import Corpus
from evaluation.study.models import Models
from evaluation.study.search import Search, remember_questions
from evaluation.study.trial import Trial
from raggen_embed.calibration import Standing
from raggen_embed.fusion import Formula, Pair, pair
from raggen_embed.ranking import Ranked
from raggen_embed.script import SCRIPTS, Script, script_of

Kind = Literal["full", "small", "foreign"]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]

TOP: Final = 10
SIZES: Final = (5, 20, 60)
FOREIGN_SIZE: Final = 60
FOREIGN_MEMORIES: Final = 6
FOREIGN_QUESTIONS: Final = 60
SEED: Final = 0


@dataclass(frozen=True, eq=False)
class Rows:
    """r results: question numbers [r], pairs [r] (numbers in PAIRS), relevant [r], and features
    [r, 4]: the score, what it lacks to the best of its pair in its list, the list's level and
    lead."""

    kind: Kind
    set_name: str
    in_chat: bool
    question: Numbers
    pairs: Numbers
    relevant: Floats
    features: Floats


def block(ranked: Ranked, answers: Collection[int]) -> Floats:
    """[TOP, 6]: pair, relevant, and the features as calibration.relevance computes them.

    ``answers`` are slots.
    """
    lists = {
        number: Standing.of(ranked.score[ranked.pairs == number])
        for number in np.unique(ranked.pairs).tolist()
    }
    lines = []
    for slot, number, score in zip(
        ranked.slots[:TOP].tolist(), ranked.pairs[:TOP].tolist(), ranked.score[:TOP].tolist(),
        strict=True,
    ):  # fmt: skip
        own = lists[number]
        lines.append([number, slot in answers, score, score - own.best, own.level, own.lead])
    return np.array(lines, np.float64).reshape(-1, 6)


def rows_of(kind: Kind, chosen: RetrievalSet, blocks: Sequence[Floats]) -> Rows:
    """The blocks of a set's questions one after another."""
    number = np.repeat(np.arange(len(blocks)), [len(one) for one in blocks])
    data = np.concatenate(blocks)
    return Rows(
        kind,
        chosen.name,
        chosen.is_chat,
        number,
        data[:, 0].astype(np.int64),
        data[:, 1],
        data[:, 2:],
    )


def own_rows(trial: Trial) -> list[Rows]:
    """Full and small rows of a set."""
    chosen, search = trial.chosen, trial.search()
    groups: defaultdict[str | None, list[int]] = defaultdict(list)
    row_of = {}
    for row, item in enumerate(chosen.items):
        groups[None].append(row)  # for a question that may look everywhere
        if chosen.is_chat and item.get("conversation"):
            groups[item["conversation"]].append(row)
        row_of[item["id"]] = row
    draw = np.random.default_rng(SEED)
    full, small = [], []
    for query in chosen.queries:
        conversation = trial.conversation(query.conversation)
        answers = {row_of[item] for item in chosen.relevant[query.id]}
        full.append(block(search.find(query.text, DEPTH, conversation), answers))
        members = _members(np.array(groups[conversation]), answers, chosen.is_chat, draw)
        ranked = _within(trial, search, members).find(query.text, DEPTH)
        small.append(block(ranked, np.flatnonzero(np.isin(members, [*answers])).tolist()))
    return [rows_of("full", chosen, full), rows_of("small", chosen, small)]


def _within(trial: Trial, search: Search, rows: Numbers) -> Search:
    """The same search of a memory that holds a few of the set's items and nothing else."""
    formula = Formula.of(trial.models.dimensions)
    return replace(search, memory=trial.corpus.memory(trial.models, formula, rows.tolist()))


def _members(
    rows: Numbers, answers: set[int], in_order: bool, draw: np.random.Generator
) -> Numbers:
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
    others = np.setdiff1d(rows, [*answers])
    members = draw.choice(others, min(size, len(others)), replace=False)
    return np.union1d(members, [answer]) if with_answer else np.sort(members)


def foreign_questions(
    chosen: RetrievalSet, sets: Sequence[RetrievalSet]
) -> dict[Script, list[str]]:
    """By script, the questions of those sets that share no question with this one.

    Neither by text nor by id: a translation of a set keeps its ids, and answers stay answers.
    """
    own = {query.text for query in chosen.queries} | {query.id for query in chosen.queries}
    found: dict[Script, list[str]] = {}
    for script in SCRIPTS:
        found[script] = [
            query.text
            for other in sets
            if own.isdisjoint(
                {query.text for query in other.queries} | {query.id for query in other.queries}
            )
            for query in other.queries
            if script_of(query.text) == script
        ]
    return found


def foreign_rows(trial: Trial, sets: Sequence[RetrievalSet]) -> list[Rows]:
    """Questions that have nothing to do with a set, over small memories of it."""
    chosen, search = trial.chosen, trial.search()
    draw = random.Random(SEED)  # noqa: S311 - a repeatable sample
    parts = []
    for script, texts in foreign_questions(chosen, sets).items():
        blocks = []
        for _ in range(FOREIGN_MEMORIES if texts else 0):
            start = draw.randrange(max(1, len(chosen.items) - FOREIGN_SIZE))
            items = chosen.items[start : start + FOREIGN_SIZE]
            few = replace(trial, corpus=Corpus.read(items, trial.models, {script}))
            within = _within(few, search, np.arange(len(items)))
            asked = draw.sample(texts, min(FOREIGN_QUESTIONS, len(texts)))
            remember_questions(trial.models, asked)
            blocks += [block(within.find(text, DEPTH), ()) for text in asked]
        if blocks:
            parts.append(rows_of("foreign", chosen, blocks))
    return parts


def all_rows(sets: Sequence[RetrievalSet], variants: Sequence[Models]) -> list[list[Rows]]:
    """Every example of every set, for each choice of models."""
    found: list[list[Rows]] = [[] for _ in variants]
    for one in sets:
        trial = Trial.of(one, variants[0])
        own: dict[str, list[Rows]] = {}
        for models, rows in zip(variants, found, strict=True):
            variant = replace(trial, models=models)
            # English sets are searched alike with and without the multilingual encoder.
            weights = Formula.of(models.dimensions).weights
            key = repr([weights[name] for name in sorted(pairs_of(one))])
            if key not in own:
                own[key] = own_rows(variant)
            rows += [*own[key], *foreign_rows(variant, sets)]
        print(f"{one.name}: rows made", flush=True)
    return found


def pairs_of(chosen: RetrievalSet) -> set[Pair]:
    """Every pair of scripts of a question and an item."""
    asked = {script_of(query.text) for query in chosen.queries}
    return {pair(one, script_of(item["text"])) for item in chosen.items for one in asked}
