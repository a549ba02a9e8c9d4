"""Fits relevance.json: how likely an item is relevant, given its cosine and its coverage of the
question's words.

    python evaluation/fit_relevance.py SETS raggen-embed/raggen_embed/relevance.json

SETS is a folder with retrieval sets (corpus.jsonl, queries.jsonl, qrels.tsv a folder). No text of
theirs is kept.

Memories are small, and most questions are about nothing that was ever said. So each question is
asked of memories of several sizes drawn from its corpus, with its answers in half of them and
without in the other half. Each pair of a question and an item of its memory is one example for a
logistic regression, one for each script of the question. Everything is computed by the product's
own code: header, windows, stems, BM25.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from raggen_embed import ranking
from raggen_embed.catalogue import Filter
from raggen_embed.changes import Encoded
from raggen_embed.encoder import PACKAGED, Encoder, mean_vector
from raggen_embed.index import Index
from raggen_embed.preparation import Preparation, Prepared
from raggen_embed.reader import Placement
from raggen_embed.schemas import Item

SETS = {
    "latin": ("locomo", "xquad-en", "xquad-en-sentences"),
    "cyrillic": ("xquad-ru", "xquad-ru-sentences"),
}
# Where standing out begins. In Cyrillic MiniLM's cosines mean too little: nothing stands out there.
FLOORS = {"latin": 0.3, "cyrillic": 1.0}
SIZES = (5, 20, 60, 240)
REFERENCE_SIZE = 60
# Not fitted. A result costs a little room in a prompt, a missed one the answer: so rather one too
# many.
# Higher in Cyrillic, where a single common word makes up for what MiniLM does not see.
MIN_RELEVANCE = {"latin": 0.05, "cyrillic": 0.1}
WORDS = {"high": 0.5, "medium": 0.2}
# From which cosine on "meaning" is given as a reason: about the 99th percentile of unrelated pairs.
MEANING = {"latin": 0.35, "cyrillic": 0.7}
QUESTIONS = 150
SEED = 7


@dataclass(frozen=True, eq=False)
class Examples:
    """Pairs: features float64[n, 3] (cosine, coverage, standout), relevant bool[n], the memory of
    each."""

    features: np.ndarray
    relevant: np.ndarray
    memory: np.ndarray


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a .jsonl file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


class Corpus:
    """A set, prepared and encoded once."""

    def __init__(self, folder: Path, encoder: Encoder, preparation: Preparation) -> None:
        self._encoder, self._preparation = encoder, preparation
        items = [self._item(entry) for entry in lines(folder / "corpus.jsonl")]
        self.items = {item.id: item for item in items}
        prepared = [preparation.item(item) for item in items]
        self.encoded = {
            item.id: Encoded(one.windows, vectors, one.keys, one.counts)
            for item, one, vectors in zip(items, prepared, self._vectors(prepared), strict=True)
        }
        self.pools: dict[str | None, list[str]] = defaultdict(list)
        for item in items:
            self.pools[item.conversation].append(item.id)
        self.answers: dict[str, set[str]] = defaultdict(set)
        for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
            question, item_id, grade = line.split("\t")
            if int(grade) > 0:
                self.answers[question].add(item_id)
        questions = [q for q in lines(folder / "queries.jsonl") if self.answers[q["id"]]]
        rng = np.random.default_rng(SEED)
        picked = rng.permutation(len(questions))[:QUESTIONS]
        self.questions = [questions[place] for place in picked]
        asked = [preparation.text(q["text"]) for q in self.questions]
        self.asked = list(zip(asked, map(mean_vector, self._vectors(asked)), strict=True))

    def _item(self, entry: dict[str, Any]) -> Item:
        time = entry.get("timestamp")
        return Item.model_validate(
            {
                "id": entry["id"],
                "version": 1,
                "text": entry["text"],
                "conversation": entry.get("conversation"),
                "speaker": entry.get("speaker"),
                "timestamp": None if time is None else f"{time}Z",
            }
        )

    def _vectors(self, prepared: list[Prepared]) -> list[np.ndarray]:
        inputs = [text for one in prepared for text in one.inputs]
        tokens = np.array([count for one in prepared for count in one.tokens])
        order = np.argsort(tokens)
        vectors = np.empty((len(inputs), self._encoder.identity.dimensions), np.float32)
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            vectors[batch] = self._encoder.encode([inputs[place] for place in batch])
        return np.split(vectors, np.cumsum([len(one.inputs) for one in prepared])[:-1])

    def memory(self, ids: list[str]) -> Index:
        """An index of these items, as the product makes it; row n is the n-th id."""
        index = Index(self._encoder.identity.dimensions)
        changes: list[int | tuple[Placement, Encoded]] = []
        for row, item_id in enumerate(ids):
            time = self.items[item_id].timestamp
            when = None if time is None else time.isoformat()
            place = Placement(row, 1, "local", item_id, "messages", None, when)
            changes.append((place, self.encoded[item_id]))
        index.apply(changes, 1)
        return index


def examples(corpus: Corpus, size: int, floor: float, rng: np.random.Generator) -> Examples:
    """Ask each question of a memory with and of one without its answers."""
    features, relevant, memory = [], [], []
    for number, (question, (asked, vector)) in enumerate(
        zip(corpus.questions, corpus.asked, strict=True)
    ):
        answers = corpus.answers[question["id"]]
        pool = [i for i in corpus.pools[question.get("conversation")] if i not in answers]
        for has_answer in (True, False):
            count = min(size, len(pool)) - len(answers) * has_answer
            ids = [str(i) for i in rng.choice(pool, max(count, 1), replace=False)]
            ids += sorted(answers) * has_answer
            found = corpus.memory(ids).search(vector, asked.keys, Filter("local"), len(ids))
            cosines = found.cosines.astype(np.float64)
            out = ranking.standout(cosines, ranking.background(floor, found.cosines))
            features.append(np.stack([found.cosines, found.coverages, out], axis=1))
            relevant.append(np.array([ids[row] in answers for row in found.rows]))
            memory.append(np.full(len(found.rows), 2 * number + (not has_answer)))
    return Examples(np.concatenate(features), np.concatenate(relevant), np.concatenate(memory))


def fit(parts: list[Examples]) -> LogisticRegression:
    """Every memory weighs the same, whatever its size: an item of a large one counts less."""
    weights = []
    for part in parts:
        _, place, sizes = np.unique(part.memory, return_inverse=True, return_counts=True)
        weights.append(REFERENCE_SIZE / sizes[place])
    model = LogisticRegression(C=1e4, max_iter=1000)
    return model.fit(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.relevant for part in parts]),
        np.concatenate(weights),
    )


def report(name: str, size: int, part: Examples, model: LogisticRegression, minimum: float) -> str:
    """At the threshold: how often the answer is found, how many items come, with and without an
    answer."""
    chosen = model.predict_proba(part.features)[:, 1] >= minimum
    count = part.memory.max() + 1
    returned = np.bincount(part.memory[chosen], minlength=count)
    answered = np.bincount(part.memory[chosen & part.relevant], minlength=count) > 0
    even = np.arange(count) % 2 == 0
    found, wrong = answered[even].mean(), (returned[~even] > 0).mean()
    return (
        f"{name} of {size} items: found {found:.3f} in {returned[even].mean():.1f} items; "
        f"nothing said but something returned {wrong:.3f}, {returned[~even].mean():.1f} items"
    )


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    encoder = Encoder.load(PACKAGED, 2)
    preparation = Preparation(encoder.windower)
    rng = np.random.default_rng(SEED)
    scripts: dict[str, dict[str, float]] = {}
    lines_of_report: list[str] = []
    for script, names in SETS.items():
        parts = {}
        for name in names:
            corpus = Corpus(arguments.sets / name, encoder, preparation)
            for size in SIZES:
                parts[name, size] = examples(corpus, size, FLOORS[script], rng)
        model = fit(list(parts.values()))
        cosine, coverage, standout = (round(float(value), 2) for value in model.coef_[0])
        scripts[script] = {
            "intercept": round(float(model.intercept_[0]), 2),
            "cosine": cosine,
            "coverage": coverage,
            "standout": standout,
            "floor": FLOORS[script],
        }
        lines_of_report += [
            report(name, size, part, model, MIN_RELEVANCE[script])
            for (name, size), part in parts.items()
        ]
        print(script, scripts[script], *lines_of_report, sep="\n", flush=True)
    document = {
        "provenance": {
            "command": "python evaluation/fit_relevance.py SETS TARGET",
            "method": "logistic regression on pairs of a question and an item, "
            f"{QUESTIONS} questions a set, memories of {', '.join(map(str, SIZES))} items "
            "with and without the answer",
            "sets": SETS,
            "model": encoder.identity.name,
            "fingerprint": encoder.identity.fingerprint,
            "report": lines_of_report,
        },
        "scripts": scripts,
        "min_relevance": MIN_RELEVANCE,
        "words": WORDS,
        "meaning_cosine": MEANING,
    }
    arguments.target.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
