"""Words of a text as terms of the lexical lane: casefold, ё → е, no stop words, Snowball stems by
script."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import Stemmer

# Stored terms are made anew from the text at start when this differs from the database's.
ANALYSIS_VERSION = 2

# Letters and digits (accents are composed beforehand); an apostrophe inside a word belongs to it
# (don't, O'Neil).
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_POSSESSIVE = re.compile(r"['’]s$")
# A word longer than this is a key or a blob; its beginning is enough to find it.
_MAX_WORD = 64


@dataclass(frozen=True)
class Term:
    """A stem, its 64-bit key, and the word as the text writes it."""

    stem: str
    key: int
    word: str


def key_of(stem: str) -> int:
    """A 63-bit key of a stem.

    Keys need no dictionary of terms: a dictionary would still hold the words of deleted items. With
    a million different stems the chance that any two share a key is below one in ten million
    (birthday bound).
    """
    digest = hashlib.blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


class Analyser:
    """Texts → terms. Holds Snowball's stemmers, which are not thread-safe: one analyser a
    thread."""

    def __init__(self) -> None:
        words = json.loads((files("raggen_embed") / "words.json").read_text("utf-8"))
        self._stop = frozenset(_fold(word) for word in words["stop"]["en"] + words["stop"]["ru"])
        self._courtesy = frozenset(
            _fold(word) for word in words["courtesy"]["en"] + words["courtesy"]["ru"]
        )
        self._english = Stemmer.Stemmer("english")
        self._russian = Stemmer.Stemmer("russian")

    def terms(self, text: str) -> Iterator[Term]:
        """Yield the terms of a text in order, with repetitions."""
        for match in _WORD.finditer(unicodedata.normalize("NFKC", text)):
            word = match.group()
            folded = _fold(word)
            if folded in self._stop:
                continue
            stem = self._stem(_POSSESSIVE.sub("", folded)[:_MAX_WORD])
            yield Term(stem, key_of(stem), word)

    def is_courtesy(self, text: str) -> bool:
        """Whether a text only greets, thanks or agrees: it asks for nothing that could be
        remembered."""
        words = [_fold(match.group()) for match in _WORD.finditer(text)]
        return any(word in self._courtesy for word in words) and all(
            word in self._courtesy or word in self._stop for word in words
        )

    def _stem(self, folded: str) -> str:
        stemmer = self._russian if _CYRILLIC.search(folded) else self._english
        return str(stemmer.stemWord(folded))


def script_of(text: str) -> Literal["latin", "cyrillic"]:
    """ "cyrillic" when most letters are, otherwise "latin": MiniLM was trained on the latter
    alone."""
    cyrillic = len(_CYRILLIC.findall(text))
    letters = sum(letter.isalpha() for letter in text)
    return "cyrillic" if 2 * cyrillic > letters else "latin"


def _fold(word: str) -> str:
    return word.casefold().replace("ё", "е").replace("’", "'")
