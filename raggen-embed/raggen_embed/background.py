"""How common terms are in ordinary messages, and the weight of a term that follows from it.

A memory of five messages has no statistics of its own: there every word is rare. So each term's
document frequency is smoothed by BACKGROUND_MESSAGES ordinary messages. Numbers: wordfreq 3.1.1,
CC BY-SA 4.0; see evaluation/study/README.md.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from raggen_embed.fusion import Dense
from raggen_embed.script import Script

Floats = NDArray[np.float32]

WORDPIECES_OF: Final = "all-MiniLM-L6-v2"
BACKGROUND_MESSAGES: Final = 200  # how many ordinary messages the background counts for
BACKGROUND_LENGTH: Final = 15  # words in one of them
IDF_POWER: Final = 1.5  # 1 → 1.5: +.5 … +1.2 on chats in every lane, ±.1 elsewhere


@dataclass(frozen=True, eq=False)
class Background:
    """P(term occurs in one ordinary message); terms that are not in it count as 0."""

    stems: dict[str, float]
    grams: dict[Script, dict[str, float]]  # by the script of the question
    wordpieces: Floats  # [30522], by MiniLM's token id
    pieces: Floats  # [250002], by the multilingual model's token id
    piece_is_cyrillic: NDArray[np.bool_]  # the same size

    def of_tokens(self, role: Dense, ids: NDArray[np.int32]) -> tuple[Floats, NDArray[np.intp]]:
        """Of a model's tokens [n]: P, 0 where nothing is known; and whether each is Cyrillic, as 0
        or 1 (always 0 of the main model, whose vocabulary is Latin)."""
        known = self.wordpieces if role == "main" else self.pieces
        probability = np.zeros(len(ids), np.float32)
        inside = ids < len(known)
        probability[inside] = known[ids[inside]]
        if role == "main":
            return probability, np.zeros(len(ids), np.intp)
        return probability, self.piece_is_cyrillic[ids].astype(np.intp)

    def for_model(self, name: str) -> Background:
        """The same without wordpieces, unless they are this main model's."""
        if name == WORDPIECES_OF:
            return self
        return replace(self, wordpieces=np.zeros(0, np.float32))

    @classmethod
    @cache
    def load(cls) -> Background:
        """Read what evaluation/study/make_background.py wrote."""
        packed = (files("raggen_embed") / "background.json.gz").read_bytes()
        data: dict[str, Any] = json.loads(gzip.decompress(packed))

        def dense(name: str) -> Floats:
            out = np.zeros(data[f"{name}_size"], np.float32)
            out[data[name]["ids"]] = data[name]["p"]
            return out

        cyrillic = np.zeros(data["pieces_size"], np.bool_)
        for start, stop in data["piece_cyrillic_runs"]:
            cyrillic[start:stop] = True
        grams: dict[Script, dict[str, float]] = {
            "latin": data["grams_en"],
            "cyrillic": data["grams_ru"],
        }
        return cls(data["stems"], grams, dense("wordpieces"), dense("pieces"), cyrillic)


def term_weight(df: Floats | float, items: Floats | float, background: Floats | float) -> Floats:
    """idf ** 1.5 of terms seen in `df` of `items` items, smoothed by P(term in a message).

    For words and sentencepieces `items` counts the items of the term's own script: a Russian word
    is judged among Russian items, or every function word asked of an English memory would look like
    the rarest word there is. The idf is Lucene's, ln(1 + (n − d + .5) / (d + .5)).
    """
    d = np.asarray(df, np.float32) + BACKGROUND_MESSAGES * np.asarray(background, np.float32)
    n = np.asarray(items, np.float32) + BACKGROUND_MESSAGES
    idf = np.log(1 + (np.maximum(n - d, 0) + 0.5) / (d + 0.5))
    return np.asarray(idf**IDF_POWER, np.float32)


def mean_length(total_terms: float, items: int) -> float:
    """BM25's mean length, smoothed like the idf: five short messages do not define "long"."""
    return (total_terms + BACKGROUND_MESSAGES * BACKGROUND_LENGTH) / (items + BACKGROUND_MESSAGES)
