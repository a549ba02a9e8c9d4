"""Sentences of a text, with code point offsets that are exact."""

from __future__ import annotations

import re
from dataclasses import dataclass

from razdel import sentenize

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_WORD = re.compile(r"[^\W_]")
# How much of a text tells whether it asks.
_BEGINNING = 4000


@dataclass(frozen=True)
class Sentence:
    """``text[start:end]`` of the item's text."""

    start: int
    end: int
    text: str

    @property
    def is_question(self) -> bool:
        """Whether it asks (a question mark, no letter behind it): questions answer nothing."""
        # By hand: a regular expression takes quadratic time over thousands of question marks.
        for character in reversed(self.text):
            if character in "?？":
                return True
            if character.isalnum():
                return False
        return False


def sentences_of(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """Split ``text[start:end]`` into sentences that hold at least one letter or digit.

    razdel splits both languages well, but not at line breaks without punctuation, as lists and
    chats have them; so each line is split for itself.
    """
    found = []
    for line in _LINE.finditer(text, start, len(text) if end is None else end):
        for part in sentenize(line.group()):
            if _WORD.search(part.text):
                first = line.start() + part.start
                found.append(Sentence(first, first + len(part.text), part.text))
    return found


def asking_share(text: str) -> float:
    """Which share of a text's sentences asks; of a long text, of its beginning."""
    sentences = sentences_of(text, 0, min(len(text), _BEGINNING))
    return sum(one.is_question for one in sentences) / len(sentences) if sentences else 0.0
