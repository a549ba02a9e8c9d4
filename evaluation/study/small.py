"""A memory of sixty messages and questions that share hardly a word with their answers.

Written by hand for this check, in Russian and English (small_memories.json): thirty facts, each
followed by a line of small talk, thirty paraphrased questions, twelve questions about nothing that
was ever said. Asked in one language and kept in the other they make four directions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from evaluation.measure import DEPTH, percent
from evaluation.sets import Query, RetrievalSet
from evaluation.study.models import Models
from evaluation.study.trial import Trial

FILE: Final = Path(__file__).parent / "small_memories.json"
CHAT: Final = 12  # messages in one conversation
DIRECTIONS: Final = (("en", "en"), ("ru", "ru"), ("en", "ru"), ("ru", "en"))


@dataclass(frozen=True)
class SmallMemory:
    """A set in the layout of all others, and questions that nothing in it answers."""

    chosen: RetrievalSet
    unrelated: tuple[str, ...]


def small_memories() -> list[SmallMemory]:
    """One for each direction, named "en-to-ru" and so on: asked in English, kept in Russian."""
    data: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    found = []
    for asked, kept in DIRECTIONS:
        facts = data[asked]["remembered"]
        chosen = RetrievalSet(
            name=f"{asked}-to-{kept}",
            items=tuple(_messages(data[kept])),
            queries=tuple(
                Query(f"q{number}", fact["question"], "", None) for number, fact in enumerate(facts)
            ),
            relevant={f"q{number}": {f"m{2 * number}": 1} for number in range(len(facts))},
        )
        found.append(SmallMemory(chosen, tuple(data[asked]["unrelated"])))
    return found


def _messages(language: dict[str, Any]) -> list[dict[str, Any]]:
    """Fact, small talk, fact, …: the fact of question n is message 2·n."""
    texts = [
        text
        for fact, talk in zip(language["remembered"], language["small_talk"], strict=True)
        for text in (fact["message"], talk)
    ]
    return [
        {
            "id": f"m{row}",
            "text": text,
            "conversation": f"c{row // CHAT}",
            "seq": row,
            "timestamp": f"2026-0{1 + row // CHAT}-1{row // CHAT}T10:00:00",
            "speaker": language["speaker"],
        }
        for row, text in enumerate(texts)
    ]


def small_figures(models: Models) -> dict[str, dict[str, float]]:
    """Per direction, percent: right message first and among five, right one kept at the default
    minimum relevance, and unrelated questions for which anything is kept."""
    figures = {}
    for one in small_memories():
        trial = Trial.of(one.chosen, models)
        search = trial.search()
        ranks, stated = [], []
        for number, query in enumerate(one.chosen.queries):
            ranked = search.find(query.text, DEPTH)
            at = np.flatnonzero(ranked.slots == 2 * number)
            ranks.append(int(at[0]) if len(at) else DEPTH)
            stated.append(float(ranked.relevance[at].sum()))  # 0 when not even a candidate
        minimum = search.minimum.message
        tops = [search.find(text, DEPTH).relevance.max(initial=0) for text in one.unrelated]
        figures[one.chosen.name] = {
            "R@1": percent([float(rank == 0) for rank in ranks]),
            "R@5": percent([float(rank < 5) for rank in ranks]),
            "right one kept": percent([float(p >= minimum) for p in stated]),
            "unrelated that show anything": percent([float(top >= minimum) for top in tops]),
        }
    return figures
