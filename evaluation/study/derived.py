"""Follow-up questions derived from a chat set, to see whether the rule in `followups` pays.

A question loses its subject; the turn before it is a question that still names it. Kinds:
    pronoun     each speaker's name becomes "they"; before it, a question about nearby evidence
    elliptic    only the question word stays ("And when was that?"); before it, the full question
    distant     the same, before it a different question about nearby evidence
    standalone  nothing lost; before it, any other question of the conversation
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from evaluation import metrics
from evaluation.sets import Query, RetrievalSet
from evaluation.study.followups import history_for
from evaluation.study.memory import Memory, Models
from evaluation.study.search import Search
from evaluation.study.trial import conversations

SAMPLE: Final = 300  # of each kind
SEED: Final = 0
NEAR: Final = (0, -1, 1, -2, 2)  # places from a question's evidence
_OPENING: Final = re.compile(r"^(when|where|who|why|how)\b", re.IGNORECASE)
_ELLIPTIC: Final = {
    "when": "And when was that?",
    "where": "And where was that?",
    "who": "And who was it?",
    "why": "And why?",
    "how": "And how?",
}
_OTHERWISE: Final = "Can you tell me more about that?"


@dataclass(frozen=True)
class FollowUp:
    """What is asked, what was asked before it, and the full question it stands for."""

    kind: str
    asked: str
    before: str
    full: Query


def _elliptic(question: str) -> str:
    opening = _OPENING.match(question)
    return _ELLIPTIC[opening.group(1).lower()] if opening else _OTHERWISE


def _without_names(question: str, names: set[str]) -> str:
    for name in names:
        question = re.sub(rf"\b{re.escape(name)}'s\b", "their", question)
        question = re.sub(rf"\b{re.escape(name)}\b", "they", question)
    return question


def follow_ups(chosen: RetrievalSet) -> dict[str, list[FollowUp]]:
    """Every follow-up by kind; a question without another near its evidence gives no dependent
    one."""
    row_of = {item["id"]: row for row, item in enumerate(chosen.items)}
    about: defaultdict[int, list[Query]] = defaultdict(list)
    same: defaultdict[str | None, list[Query]] = defaultdict(list)
    for query in chosen.queries:
        same[query.conversation].append(query)
        for item in chosen.relevant[query.id]:
            about[row_of[item]].append(query)
    names = {str(item["speaker"]) for item in chosen.items if item.get("speaker")}
    draw = random.Random(SEED)  # noqa: S311 - a repeatable sample
    kinds: defaultdict[str, list[FollowUp]] = defaultdict(list)
    for query in chosen.queries:
        others = [other for other in same[query.conversation] if other != query]
        kinds["standalone"].append(
            FollowUp("standalone", query.text, draw.choice(others).text, query)
        )
        evidence = sorted(row_of[item] for item in chosen.relevant[query.id])
        near = (other for row in evidence for away in NEAR for other in about.get(row + away, ()))
        before = next((one for one in near if one in others), None)
        if before:
            pronoun = _without_names(query.text, names)
            short = _elliptic(query.text)
            kinds["pronoun"].append(FollowUp("pronoun", pronoun, before.text, query))
            kinds["elliptic"].append(FollowUp("elliptic", short, query.text, query))
            kinds["distant"].append(FollowUp("distant", short, before.text, query))
    return kinds


def follow_up_figures(chosen: RetrievalSet, models: Models) -> dict[str, dict[str, float]]:
    """Per kind, nDCG@10 in percent: without history, by the rule, and of the full question; and
    for what share the rule uses the history."""
    search = Search(Memory(chosen.items, models), models)
    rows = conversations(chosen)

    def gain(query: Query, text: str, previous: str | None, weight: float) -> float:
        ranking = search.find(text, rows[query.conversation], previous, weight)
        ids = [str(chosen.items[row]["id"]) for row in ranking.items[:10]]
        return 100 * metrics.ndcg(ids, chosen.relevant[query.id])

    figures = {}
    for kind, every in follow_ups(chosen).items():
        sample = random.Random(SEED).sample(every, min(SAMPLE, len(every)))  # noqa: S311
        ruled = [history_for(one.asked, [one.before]) for one in sample]
        columns = {
            "none": [gain(one.full, one.asked, None, 0) for one in sample],
            "rule": [
                gain(one.full, one.asked, *rule) for one, rule in zip(sample, ruled, strict=True)
            ],
            "full question": [gain(one.full, one.full.text, None, 0) for one in sample],
            "rule fires, %": [100.0 * (weight > 0) for _, weight in ruled],
        }
        figures[kind] = {name: round(sum(v) / len(v), 1) for name, v in columns.items()}
    return figures
