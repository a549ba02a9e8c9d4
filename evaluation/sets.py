"""Retrieval sets in the plain layout: corpus.jsonl, queries.jsonl, qrels.tsv in a folder a set."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class SetError(Exception):
    """A folder is not a retrieval set; the message says what is missing and where."""


@dataclass(frozen=True)
class Query:
    """A question, its category, and for chats the only conversation whose items are candidates."""

    id: str
    text: str
    category: str
    conversation: str | None


@dataclass(frozen=True)
class RetrievalSet:
    """Items as dicts (`id`, `text`, and what the set has of conversation, session, seq, …)."""

    name: str
    items: tuple[dict[str, Any], ...]
    queries: tuple[Query, ...]
    relevant: dict[str, dict[str, int]]  # query id → item id → grade ≥ 1

    @property
    def is_chat(self) -> bool:
        """Whether the items are turns of conversations."""
        return any("conversation" in item for item in self.items)


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]
    except FileNotFoundError:
        raise SetError(
            f"{path} is missing: a set has corpus.jsonl, queries.jsonl, qrels.tsv"
        ) from None
    except json.JSONDecodeError as error:
        raise SetError(f"{path}: not one JSON object a line ({error})") from error


def read_set(folder: Path) -> RetrievalSet:
    """Read one set; queries without a relevant item are left out, as trec_eval does."""
    relevant: defaultdict[str, dict[str, int]] = defaultdict(dict)
    try:
        with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    relevant[row["query-id"]][row["corpus-id"]] = int(row["score"])
    except FileNotFoundError:
        raise SetError(f"{folder / 'qrels.tsv'} is missing") from None
    except (KeyError, ValueError) as error:
        raise SetError(
            f"{folder / 'qrels.tsv'}: columns query-id, corpus-id, score expected ({error})"
        ) from error
    queries = tuple(
        Query(row["id"], row["text"], row.get("category", ""), row.get("conversation"))
        for row in _lines(folder / "queries.jsonl")
        if row["id"] in relevant
    )
    return RetrievalSet(
        folder.name, tuple(_lines(folder / "corpus.jsonl")), queries, dict(relevant)
    )


def find_sets(folder: Path, only: Collection[str] | None = None) -> list[RetrievalSet]:
    """Read every set below `folder` (or `folder` itself when it is one), by name; with `only` those
    of these names.

    Raises:
        SetError: `folder` holds no set, or not one of these names.
    """
    if (folder / "corpus.jsonl").exists():
        return [read_set(folder)]
    if not folder.is_dir():
        raise SetError(f"{folder} is not a folder: write SETS=folder with one folder a set in it")
    found = sorted(path.parent for path in folder.glob("*/corpus.jsonl"))
    if not found:
        raise SetError(
            f"no set in {folder}: a set is a folder with corpus.jsonl, queries.jsonl, qrels.tsv"
        )
    if missing := sorted({*(only or ())} - {path.name for path in found}):
        raise SetError(f"no set {', '.join(missing)} in {folder}")
    return [read_set(path) for path in found if not only or path.name in only]
