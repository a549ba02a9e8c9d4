"""One set through the product: load, search, score."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation import metrics
from evaluation.baselines import bm25_alone, minilm_alone
from evaluation.client import Client
from evaluation.sets import Query, RetrievalSet

TOP = 10
DEPTH = 50  # results asked for: enough short turns to fill the evidence budget
EVIDENCE_TOKENS = 1000
ITEM_FIELDS = ("id", "text", "conversation", "session", "seq", "speaker", "parent")


@dataclass(frozen=True)
class Found:
    """What one query brought back, best first."""

    ids: list[str]
    relevance: list[float]
    tokens: list[int]
    default_minimum: float
    milliseconds: float


def token_estimate(text: str) -> int:
    """Tokens of a text by the rule of thumb of four characters a token, rounded up."""
    return -(-len(text) // 4)


def to_item(row: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """A corpus line as an item of the API; a time without an offset is taken as UTC."""
    item = {field: row[field] for field in ITEM_FIELDS if row.get(field) is not None}
    if moment := row.get("timestamp"):
        zoned = moment.endswith("Z") or "+" in moment[10:]
        item["timestamp"] = moment if zoned else f"{moment}Z"
    return item | {"owner": owner, "version": 1}


def search_all(client: Client, chosen: RetrievalSet, owner: str) -> dict[str, Found]:
    """Ask every query of the set; results by query id."""
    found: dict[str, Found] = {}
    for query in chosen.queries:
        body: dict[str, Any] = {"text": query.text, "owner": owner, "k": DEPTH, "min_relevance": 0}
        if chosen.is_chat and query.conversation is not None:
            body["conversations"] = [query.conversation]
        answer = client.search(body)
        found[query.id] = Found(
            ids=[result["id"] for result in answer.results],
            relevance=[result["relevance"] for result in answer.results],
            tokens=[token_estimate(result["text"]) for result in answer.results],
            default_minimum=answer.default_minimum,
            milliseconds=answer.milliseconds,
        )
    return found


def percent(values: Sequence[float]) -> float:
    """Mean of shares, in percent, two decimals."""
    return round(100 * statistics.fmean(values), 2) if values else 0.0


def _by_category(queries: Sequence[Query], values: Mapping[str, float]) -> float:
    """Mean over categories of the means within them, in percent."""
    groups: defaultdict[str, list[float]] = defaultdict(list)
    for query in queries:
        groups[query.category].append(values[query.id])
    return round(statistics.fmean(percent(group) for group in groups.values()), 2)


def _kept(found: Mapping[str, Found], relevant: Mapping[str, Mapping[str, int]]) -> list[float]:
    """For each relevant item in a top 10: 1 when its relevance reaches the default minimum."""
    return [
        float(relevance >= one.default_minimum)
        for query, one in found.items()
        for item, relevance in zip(one.ids[:TOP], one.relevance[:TOP], strict=True)
        if item in relevant[query]
    ]


def score(chosen: RetrievalSet, found: Mapping[str, Found]) -> dict[str, float]:
    """The figures of one set, under the names of the report."""
    relevant = chosen.relevant
    gain = {query: metrics.ndcg(one.ids, relevant[query]) for query, one in found.items()}
    top10 = {query: metrics.recall(one.ids, relevant[query], TOP) for query, one in found.items()}
    figures = {
        "ndcg@10": percent([*gain.values()]),
        "recall@5": percent([metrics.recall(one.ids, relevant[q], 5) for q, one in found.items()]),
        "recall@10": percent([*top10.values()]),
        "mrr@10": percent(
            [metrics.reciprocal_rank(one.ids, relevant[q]) for q, one in found.items()]
        ),
    }
    if chosen.is_chat:
        evidence = [
            metrics.recall(
                metrics.within_budget(one.ids, one.tokens, EVIDENCE_TOKENS), relevant[q], DEPTH
            )
            for q, one in found.items()
        ]
        figures |= {
            "macro_ndcg@10": _by_category(chosen.queries, gain),
            "macro_recall@10": _by_category(chosen.queries, top10),
            "evidence@1000": percent(evidence),
        }
    stated = [value for one in found.values() for value in one.relevance[:TOP]]
    happened = [item in relevant[q] for q, one in found.items() for item in one.ids[:TOP]]
    figures["ece"] = round(metrics.expected_calibration_error(stated, happened), 4)
    figures["kept_at_default"] = percent(_kept(found, relevant))
    figures["ms_per_query"] = round(
        statistics.median(one.milliseconds for one in found.values()), 2
    )
    return figures


def _ndcg_of(chosen: RetrievalSet, ranked: Mapping[str, Sequence[str]]) -> dict[str, float]:
    gain = {
        query.id: metrics.ndcg(ranked[query.id], chosen.relevant[query.id])
        for query in chosen.queries
    }
    figures = {"ndcg@10": percent([*gain.values()])}
    if chosen.is_chat:
        figures["macro_ndcg@10"] = _by_category(chosen.queries, gain)
    return figures


def measure(client: Client, chosen: RetrievalSet) -> dict[str, float]:
    """Load a set under an owner of its own, search it, and add the baselines of the same run."""
    owner = f"evaluation-{chosen.name}"
    client.upsert([to_item(row, owner) for row in chosen.items])
    figures = score(chosen, search_all(client, chosen, owner))
    for name, ranked in (("minilm", minilm_alone(client, chosen)), ("bm25", bm25_alone(chosen))):
        figures |= {f"{name}_{key}": value for key, value in _ndcg_of(chosen, ranked).items()}
    return figures
