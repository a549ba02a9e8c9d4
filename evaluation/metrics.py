"""Retrieval metrics as pure functions, as trec_eval defines them; shares are 0..1."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain at k, linear gain (Järvelin and Kekäläinen 2002)."""
    gain = sum(relevant.get(item, 0) / math.log2(rank + 2) for rank, item in enumerate(ranked[:k]))
    ideal = sorted(relevant.values(), reverse=True)[:k]
    return gain / sum(grade / math.log2(rank + 2) for rank, grade in enumerate(ideal))


def recall(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """Share of the relevant items that are among the first k."""
    return len(set(ranked[:k]) & relevant.keys()) / len(relevant)


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, int], k: int = 10) -> float:
    """1 / rank of the first relevant item among the first k, else 0."""
    return next((1 / (rank + 1) for rank, item in enumerate(ranked[:k]) if item in relevant), 0.0)


def within_budget(ranked: Sequence[str], tokens: Sequence[int], budget: int) -> list[str]:
    """The longest prefix of `ranked` whose `tokens` add up to at most `budget`."""
    taken: list[str] = []
    for item, cost in zip(ranked, tokens, strict=True):
        if cost > budget:
            break
        budget -= cost
        taken.append(item)
    return taken


def expected_calibration_error(
    stated: Sequence[float], happened: Sequence[bool], bins: int = 10
) -> float:
    """Mean gap between stated probability and frequency over equal-width bins (Guo et al. 2017)."""
    if not stated:
        return 0.0
    total = 0.0
    for index in range(bins):
        members = [
            position
            for position, probability in enumerate(stated)
            if min(int(probability * bins), bins - 1) == index
        ]
        if members:
            confidence = sum(stated[position] for position in members)
            hits = sum(happened[position] for position in members)
            total += abs(confidence - hits)
    return total / len(stated)
