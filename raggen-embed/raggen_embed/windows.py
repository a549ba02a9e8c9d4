"""Cuts a text into windows that the model reads whole, so that nothing is truncated."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from typing import Any

# Tokens that neighbouring windows share, so that a fact on a cut is whole in one of them.
OVERLAP = 48
# What a header may take at most, so that a window always has room for the longest word (100 tokens)
# twice.
MAX_HEADER = 96


@dataclass(frozen=True)
class Cut:
    """One window: code point offsets into the text, and its length in tokens with the header."""

    start: int
    end: int
    tokens: int


class Windower:
    """Holds a tokenizer of its own: the model's changes its truncation and padding while it
    encodes."""

    def __init__(self, tokenizer: Any, max_tokens: int) -> None:
        """Copy ``tokenizer`` (a tokenizers.Tokenizer); ``max_tokens`` includes the special
        tokens."""
        self._tokenizer = copy.deepcopy(tokenizer)
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._room = max_tokens - self._tokenizer.num_special_tokens_to_add(False)

    @property
    def fingerprint(self) -> str:
        """A sha256 over everything that decides where a text is cut."""
        settings = f"{self._room} {OVERLAP} {MAX_HEADER} {self._tokenizer.to_str()}"
        return hashlib.sha256(settings.encode()).hexdigest()

    def cut(self, text: str, prefix: str = "") -> tuple[str, list[Cut]]:
        """Return the prefix that fits (or none) and the windows of the text, at least one.

        Each window is meant to be encoded as ``prefix + text[start:end]``. Cuts fall between words,
        where WordPiece's tokens do not depend on what stands on the other side.
        """
        header = len(self._encode(prefix)) if prefix else 0
        if header > MAX_HEADER:
            prefix, header = "", 0
        room = self._room - header
        encoding = self._encode(text)
        if len(encoding) <= room:
            return prefix, [Cut(0, len(text), header + len(encoding))]
        return prefix, _windows(encoding, room, header, len(text))

    def count(self, text: str) -> int:
        """How many tokens a text has, the special ones apart."""
        return len(self._encode(text))

    def _encode(self, text: str) -> Any:
        return self._tokenizer.encode(text, add_special_tokens=False)


def _windows(encoding: Any, room: int, header: int, length: int) -> list[Cut]:
    words, offsets = encoding.word_ids, encoding.offsets
    count = len(words)
    cuts: list[Cut] = []
    first = 0
    while True:
        last = min(first + room, count)
        if last < count:
            last = _word_start(words, last, first)
        # The windows together cover every character, so what is between words belongs to a window
        # too.
        start = 0 if first == 0 else offsets[first][0]
        end = length if last == count else offsets[last][0]
        cuts.append(Cut(start, end, header + last - first))
        if last == count:
            return cuts
        # Always forward, and never into a window that the one before contains.
        first = max(_word_start(words, last - OVERLAP, first), first + 1)


def _word_start(words: list[int | None], token: int, floor: int) -> int:
    """The first token of the word that ``token`` is in, or ``token`` where that word began before
    ``floor``."""
    start = token
    while start > floor and words[start] == words[start - 1]:
        start -= 1
    return start if start > floor else token
