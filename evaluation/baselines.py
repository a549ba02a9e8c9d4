"""What the search is measured against, in the same run: the model alone, and BM25 alone.

Both see the bare text of an item, without the header that the search adds, as published figures of
these sets do; a question of a chat looks at its own conversation alone, as the search does. The
model reads the first window alone, which is how it truncates elsewhere. BM25's document frequencies
and mean length are those of the candidates.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import Stemmer

from evaluation.client import Client
from evaluation.sets import Query, RetrievalSet

_WORD = re.compile(r"\w+")
TOP = 10


def _candidates(chosen: RetrievalSet) -> dict[str | None, list[int]]:
    """Positions of the items that a query of each conversation may find, and of all (None)."""
    groups: defaultdict[str | None, list[int]] = defaultdict(list)
    groups[None] = [*range(len(chosen.items))]
    for position, item in enumerate(chosen.items):
        if chosen.is_chat and item.get("conversation") is not None:
            groups[item["conversation"]].append(position)
    return groups


def _group(chosen: RetrievalSet, query: Query) -> str | None:
    """Whose items a query may find: a conversation's, or None for all."""
    return query.conversation if chosen.is_chat else None


def minilm_alone(client: Client, chosen: RetrievalSet) -> dict[str, list[str]]:
    """Exact cosine over bare texts, cut at the first window as MTEB does; top 10 ids a query."""
    texts = [item["text"] for item in chosen.items]
    vectors, windows = client.embed(texts)
    items = np.asarray(vectors, dtype=np.float32)
    long = [position for position, parts in enumerate(windows) if len(parts) > 1]
    firsts, _ = client.embed([texts[position][: windows[position][0]["end"]] for position in long])
    for position, vector in zip(long, firsts, strict=True):
        items[position] = vector
    questions = np.asarray(
        client.embed([query.text for query in chosen.queries])[0], dtype=np.float32
    )
    groups = _candidates(chosen)
    ranked: dict[str, list[str]] = {}
    for query, vector in zip(chosen.queries, questions, strict=True):
        rows = np.asarray(groups.get(_group(chosen, query), []), np.intp)
        best = rows[np.argsort(-(items[rows] @ vector), kind="stable")[:TOP]]
        ranked[query.id] = [chosen.items[row]["id"] for row in best]
    return ranked


class _Bm25:
    """Okapi BM25 (Robertson and Zaragoza 2009) over Snowball stems, k1 = .9, b = .4 as Anserini."""

    def __init__(self, documents: Sequence[Sequence[str]], k1: float = 0.9, b: float = 0.4) -> None:
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        mean = sum(map(len, documents)) / max(len(documents), 1) or 1
        for row, terms in enumerate(documents):
            norm = k1 * (1 - b + b * len(terms) / mean)
            for term, count in Counter(terms).items():
                self._postings[term].append((row, count * (k1 + 1) / (count + norm)))
        self._count = len(documents)

    def top(self, terms: Sequence[str]) -> list[int]:
        """Rows of the ten best documents."""
        scores: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            found = self._postings.get(term, [])
            idf = math.log(1 + (self._count - len(found) + 0.5) / (len(found) + 0.5))
            for row, weight in found:
                scores[row] += idf * weight
        return sorted(scores, key=lambda row: (-scores[row], row))[:TOP]


def bm25_alone(chosen: RetrievalSet) -> dict[str, list[str]]:
    """BM25 over the bare texts; top 10 ids a query."""
    stemmers = {"ru": Stemmer.Stemmer("russian"), "en": Stemmer.Stemmer("english")}

    def stems(text: str) -> list[str]:
        words = _WORD.findall(text.casefold().replace("ё", "е"))
        return [
            stemmers["ru" if re.search("[а-я]", word) else "en"].stemWord(word) for word in words
        ]

    documents = [stems(item["text"]) for item in chosen.items]
    groups = _candidates(chosen)
    indexes = {name: _Bm25([documents[row] for row in rows]) for name, rows in groups.items()}

    def rank(query: Query) -> list[str]:
        name = _group(chosen, query)
        if name not in groups:
            return []
        found = indexes[name].top(stems(query.text))
        return [chosen.items[groups[name][row]]["id"] for row in found]

    return {query.id: rank(query) for query in chosen.queries}
