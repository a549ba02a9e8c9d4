"""One set through the search in memory, scored by the same code as the product's own figures."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Final

import numpy as np

from evaluation.measure import Found, score
from evaluation.sets import RetrievalSet
from evaluation.study.memory import Memory, Models
from evaluation.study.search import Part, Search
from evaluation.study.strengths import Ints

DEPTH: Final = 200  # results a query: more than fill 1,000 tokens
PARTS: Final[tuple[Part, ...]] = (
    *("late_minilm", "minilm", "late_multilingual", "multilingual", "words", "grams"),
    *("lift", "session share", "neighbours", "shortlist"),
)


def conversations(chosen: RetrievalSet) -> dict[str | None, Ints]:
    """The rows that a query of each conversation may find."""
    rows: defaultdict[str | None, list[int]] = defaultdict(list)
    for row, item in enumerate(chosen.items):
        rows[item.get("conversation") if chosen.is_chat else None].append(row)
    return {name: np.array(members) for name, members in rows.items()}


def found(chosen: RetrievalSet, search: Search) -> dict[str, Found]:
    """Results by query id; an item's tokens are MiniLM's of header and text."""
    tokens = search.memory.minilm.lengths
    rows = conversations(chosen)
    results: dict[str, Found] = {}
    for query in chosen.queries:
        started = time.perf_counter()
        ranking = search.find(query.text, rows[query.conversation if chosen.is_chat else None])
        elapsed = 1000 * (time.perf_counter() - started)
        best = ranking.items[:DEPTH]
        results[query.id] = Found(
            ids=[str(chosen.items[row]["id"]) for row in best],
            relevance=[float(value) for value in ranking.relevance[:DEPTH]],
            tokens=[int(value) for value in tokens[best]],
            default_minimum=search.calibration.default_minimum,
            milliseconds=elapsed,
        )
    return results


def figures(chosen: RetrievalSet, models: Models) -> dict[str, float]:
    """The figures of one set."""
    return score(chosen, found(chosen, Search(Memory(chosen.items, models), models)))


def ablation(chosen: RetrievalSet, models: Models) -> dict[str, dict[str, float]]:
    """The figures with nothing switched off, and with each part switched off once."""
    memory = Memory(chosen.items, models)
    whole = Search(memory, models)
    rows = {"nothing": score(chosen, found(chosen, whole))}
    for part in PARTS:
        search = Search(memory, models, whole.calibration, frozenset([part]), whole.questions)
        rows[part] = score(chosen, found(chosen, search))
    return rows
