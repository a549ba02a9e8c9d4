"""Follow-up questions derived from a set, to see whether raggen_embed.followups pays.

A question loses its subject; the turn before it is a question that still names it. Kinds:
    pronoun     each speaker's name becomes "they"; before it, a question about nearby evidence
    elliptic    only the question word stays ("And when was that?"); before it, the full question
    distant     the same, before it a different question about nearby evidence
    standalone  nothing lost; before it, any other question (in chats of the conversation)

Sets other than chats give standalone questions alone: there the rule can only do harm.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evaluation import metrics
from evaluation.measure import DEPTH, TOP
from evaluation.sets import Query, RetrievalSet
from evaluation.study.models import Models
from evaluation.study.search import Search, remember_questions
from evaluation.study.trial import Trial
from raggen_embed.followups import history_for

SAMPLE: Final = 300  # of each kind in chats; of other sets every question
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
        if others:
            before = draw.choice(others).text
            kinds["standalone"].append(FollowUp("standalone", query.text, before, query))
        if not chosen.is_chat:
            continue
        evidence = sorted(row_of[item] for item in chosen.relevant[query.id])
        near = (other for row in evidence for away in NEAR for other in about.get(row + away, ()))
        neighbour = next((one for one in near if one in others), None)
        if neighbour:
            pronoun = _without_names(query.text, names)
            short = _elliptic(query.text)
            kinds["pronoun"].append(FollowUp("pronoun", pronoun, neighbour.text, query))
            kinds["elliptic"].append(FollowUp("elliptic", short, query.text, query))
            kinds["distant"].append(FollowUp("distant", short, neighbour.text, query))
    return kinds


def follow_up_figures(chosen: RetrievalSet, models: Models) -> dict[str, dict[str, float]]:
    """Per kind, nDCG@10 in percent: without history, by the rule, and of the full question; and
    for what share of the questions the rule uses the history."""
    trial = Trial.of(chosen, models)
    search = trial.search()
    figures = {}
    for kind, every in follow_ups(chosen).items():
        size = min(SAMPLE, len(every)) if chosen.is_chat else len(every)
        sample = random.Random(SEED).sample(every, size)  # noqa: S311
        remember_questions(models, [text for one in sample for text in (one.asked, one.before)])
        columns: dict[str, list[float]] = {
            "none": [_gain(trial, search, one, one.asked) for one in sample],
            "rule": [_gain(trial, search, one, one.asked, [one.before]) for one in sample],
            "full question": [_gain(trial, search, one, one.full.text) for one in sample],
            "rule fires, %": [100.0 * bool(history_for(one.asked, [one.before])) for one in sample],
        }
        figures[kind] = {name: round(sum(v) / len(v), 1) for name, v in columns.items()}
    return figures


def _gain(
    trial: Trial, search: Search, one: FollowUp, text: str, previous: Sequence[str] = ()
) -> float:
    """nDCG@10 in percent of one search, judged by what the full question wants."""
    ranked = search.find(text, DEPTH, trial.conversation(one.full.conversation), previous)
    ids = [str(trial.chosen.items[slot]["id"]) for slot in ranked.slots[:TOP].tolist()]
    return 100 * metrics.ndcg(ids, trial.chosen.relevant[one.full.id])
