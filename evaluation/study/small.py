"""A memory of sixty messages and questions that share hardly a word with their answers.

Written by hand for this check, in Russian and English (small_memories.json): thirty facts, each
followed by a line of small talk, thirty paraphrased questions, twelve questions about nothing that
was ever said.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from evaluation.study.memory import Memory, Models
from evaluation.study.search import Search

FILE: Final = Path(__file__).parent / "small_memories.json"
SESSION: Final = 12  # messages in one session


def messages(language: dict[str, Any]) -> list[dict[str, str]]:
    """Fact, small talk, fact, …: the fact of question n is row 2·n."""
    texts = [
        text
        for fact, talk in zip(language["remembered"], language["small_talk"], strict=True)
        for text in (fact["message"], talk)
    ]
    return [
        {
            "text": text,
            "session": f"s{row // SESSION}",
            "timestamp": f"2026-0{1 + row // SESSION}-1{row // SESSION}T10:00:00",
            "speaker": language["speaker"],
        }
        for row, text in enumerate(texts)
    ]


def small_memories(models: Models) -> dict[str, dict[str, float]]:
    """Per direction, percent: right message first and among five, right one kept at the default
    minimum relevance, and unrelated questions for which anything is kept."""
    data: dict[str, dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
    figures = {}
    for asked, kept in (("en", "en"), ("ru", "ru"), ("en", "ru"), ("ru", "en")):
        search = Search(Memory(messages(data[kept]), models), models)
        minimum = search.calibration.default_minimum
        ranks, probabilities = [], []
        for number, fact in enumerate(data[asked]["remembered"]):
            ranking = search.find(fact["question"])
            at = np.flatnonzero(ranking.items == 2 * number)
            ranks.append(int(at[0]) if len(at) else search.memory.count)
            probabilities.append(float(ranking.relevance[at].sum()))  # 0 when not even a candidate
        tops = [search.find(question).relevance[0] for question in data[asked]["unrelated"]]
        figures[f"{asked} → {kept}"] = {
            "R@1": _percent([rank == 0 for rank in ranks]),
            "R@5": _percent([rank < 5 for rank in ranks]),
            "right one kept": _percent([bool(p >= minimum) for p in probabilities]),
            "unrelated that show anything": _percent([bool(p >= minimum) for p in tops]),
        }
    return figures


def _percent(flags: list[bool]) -> float:
    return round(100 * sum(flags) / len(flags), 1)
