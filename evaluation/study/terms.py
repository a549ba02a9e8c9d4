"""Terms of the lexical lanes: stems of words, and 4-grams of spellings that both scripts share."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Final

import Stemmer

from evaluation.study.packages import package
from evaluation.study.script import CYRILLIC

WORD: Final = re.compile(r"\w+(?:'\w+)?")
GRAM: Final = 4  # 3 and 5 were measured: −15 and −2 nDCG@10 across scripts

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


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(language)  # one thread only: PyStemmer's are not safe to share


@cache
def _morphology() -> Any:
    return package("pymorphy3").MorphAnalyzer(lang="ru")


def words(text: str) -> list[str]:
    """Words in order: NFKC, lower case, ё → е, one kind of apostrophe."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("ё", "е").replace("’", "'")
    return WORD.findall(plain)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Cyrillic: pymorphy3's normal form, then Snowball (together +.6 on Russian paragraphs)."""
    if CYRILLIC.search(word):
        normal = _morphology().parse(word)[0].normal_form.replace("ё", "е")
        return str(_stemmer("russian").stemWord(normal))
    return str(_stemmer("english").stemWord(word.removesuffix("'s")))


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """A spelling that both scripts share: transliterated, and Latin folded to the same sounds."""
    if CYRILLIC.search(word):
        return "".join(_TRANSLITERATED.get(letter, letter) for letter in word)
    for old, new in _FOLDED:
        word = word.replace(old, new)
    return _HARD_C.sub("k", _SOFT_C.sub("ts", word))


@lru_cache(maxsize=200_000)
def grams_of(word: str) -> tuple[str, ...]:
    """The 4-grams of one word padded with `_` on both sides; a shorter word is one gram."""
    padded = f"_{folded(word)}_"
    return tuple(padded[at : at + GRAM] for at in range(max(1, len(padded) - GRAM + 1)))


def stems(text: str) -> list[str]:
    """Terms of the word lane, with repetitions."""
    return [stem(word) for word in words(text)]


def grams(text: str) -> list[str]:
    """Terms of the 4-gram lane, with repetitions."""
    return [gram for word in words(text) for gram in grams_of(word)]
