"""Texts → terms of the lexical lanes: stems of words, and 4-grams of spellings that both scripts
share."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import Stemmer

from raggen_embed.normalisation import nfkc
from raggen_embed.script import CYRILLIC

# Stored terms are made anew from the text at start when this differs from the database's.
ANALYSIS_VERSION = 4

GRAM: Final = 4  # 3 and 5 were measured: −15 and −2 nDCG@10 across scripts
# Letters and digits (accents are composed beforehand); an apostrophe inside a word belongs to it
# (don't, O'Neil).
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# A word longer than this is a key, a blob, or a sentence in a script without spaces: its beginning
# is enough to find it as a word, and this much of it by its spelling.
_MAX_WORD = 64
_MAX_SPELLING = 256
# What words are made of is remembered for so many, at 3 kB each. With 20,000 memory went on growing
# for an hour after the start, and texts of 23,000 words were analysed no faster.
_CACHED = 5_000

_TRANSLITERATED: Final = dict(
    zip("абвгдезийклмнопрстуфхыэ", "abvgdeziiklmnoprstufhye", strict=True),
    ж="zh",
    ц="ts",
    ч="ch",
    ш="sh",
    щ="shch",
    ъ="",
    ь="",
    ю="iu",
    я="ia",
)
# Latin spellings folded to what a Russian transcription would give: +6 nDCG@10 across scripts.
_FOLDED: Final = (
    *(("ph", "f"), ("th", "t"), ("sch", "sh"), ("tch", "ch"), ("ck", "k"), ("qu", "kv")),
    *(("kh", "h"), ("wh", "v"), ("w", "v"), ("x", "ks"), ("q", "k"), ("j", "dzh"), ("y", "i")),
)
_SOFT_C: Final = re.compile("c(?=[eiy])")
_HARD_C: Final = re.compile("c(?!h)")

_local = threading.local()
_morphology_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the text writes it, folded, and its stem with the stem's key."""

    text: str
    folded: str
    stem: str
    key: int


@dataclass(frozen=True, eq=False)
class Bag:
    """Distinct terms: ``keys`` int64[n], sorted, and how often each occurs, int32[n]."""

    keys: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int32]

    @classmethod
    def of(cls, keys: Iterable[int]) -> Bag:
        """Count keys."""
        counted = sorted(Counter(keys).items())
        pairs = np.array(counted, dtype=np.int64).reshape(-1, 2)
        return cls(np.ascontiguousarray(pairs[:, 0]), pairs[:, 1].astype(np.int32))

    @property
    def length(self) -> int:
        """How many terms there are, repetitions included."""
        return int(self.counts.sum())


@lru_cache(maxsize=2 * _CACHED)
def key_of(term: str) -> int:
    """A 63-bit key of a term.

    Keys need no dictionary of terms: a dictionary would still hold the words of deleted items. With
    a million different terms the chance that any two share a key is below one in ten million
    (birthday bound).
    """
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def fold(text: str) -> str:
    """Lower case, ё → е, one kind of apostrophe."""
    return text.casefold().replace("ё", "е").replace("’", "'")


def folded_words(text: str) -> list[str]:
    """The words of a text in order, NFKC and folded."""
    return [fold(match.group()) for match in _WORD.finditer(nfkc(text))]


def words(text: str) -> list[Word]:
    """The words of a text in order, with repetitions."""
    # A short one was probably met before; a long one would fill the cache alone.
    return [
        _known(word) if len(word) <= _MAX_WORD else _word(word)
        for word in _WORD.findall(nfkc(text))
    ]


def grams(text: str) -> list[str]:
    """The 4-grams of a text's words in order, with repetitions."""
    return [gram for word in folded_words(text) for gram in _grams_of(word[:_MAX_SPELLING])]


def word_bag(text: str) -> Bag:
    """The stems of a text, counted."""
    return Bag.of(word.key for word in words(text))


def gram_bag(text: str) -> Bag:
    """The 4-grams of a text, counted."""
    return Bag.of(key_of(gram) for gram in grams(text))


def _word(text: str) -> Word:
    folded = fold(text)
    stem = stem_of(folded[:_MAX_WORD])
    return Word(text, folded, stem, key_of(stem))


@lru_cache(maxsize=_CACHED)
def _known(text: str) -> Word:
    return _word(text)


@lru_cache(maxsize=_CACHED)
def stem_of(word: str) -> str:
    """The stem of a folded word. Cyrillic: pymorphy3's normal form, then Snowball (together +.6
    nDCG@10 on Russian paragraphs); anything else: Snowball's English stemmer."""
    if CYRILLIC.search(word):
        # One at a time: nothing says that the dictionary may be read by several threads.
        with _morphology_lock:
            normal = str(_morphology().parse(word)[0].normal_form)
        return str(_stemmer("russian").stemWord(normal.replace("ё", "е")))
    return str(_stemmer("english").stemWord(word.removesuffix("'s")))


@lru_cache(maxsize=_CACHED)
def spelling_of(word: str) -> str:
    """A spelling that both scripts share: transliterated, or Latin folded to the same sounds."""
    if CYRILLIC.search(word):
        return "".join(_TRANSLITERATED.get(letter, letter) for letter in word)
    for old, new in _FOLDED:
        word = word.replace(old, new)
    return _HARD_C.sub("k", _SOFT_C.sub("ts", word))


@lru_cache(maxsize=_CACHED)
def _grams_of(word: str) -> tuple[str, ...]:
    """The 4-grams of one word padded with `_` on both sides; a shorter word is one gram."""
    padded = f"_{spelling_of(word)}_"
    return tuple(padded[at : at + GRAM] for at in range(max(1, len(padded) - GRAM + 1)))


class Vocabulary:
    """Words that carry no topic, and words of courtesy, by language (words.json)."""

    def __init__(self) -> None:
        lists = json.loads((files("raggen_embed") / "words.json").read_text("utf-8"))
        self.stop = frozenset(fold(word) for word in lists["stop"]["en"] + lists["stop"]["ru"])
        self._courtesy = frozenset(
            fold(word) for word in lists["courtesy"]["en"] + lists["courtesy"]["ru"]
        )

    def is_courtesy(self, text: str) -> bool:
        """Whether a text only greets, thanks or agrees: it asks for nothing that could be
        remembered."""
        said = folded_words(text)
        return any(word in self._courtesy for word in said) and all(
            word in self._courtesy or word in self.stop for word in said
        )


@cache
def _morphology() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


def _stemmer(language: str) -> Any:
    """This thread's own: Snowball's stemmers cannot be shared."""
    stemmers: dict[str, Any] = _local.__dict__
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(language)
    return stemmers[language]
