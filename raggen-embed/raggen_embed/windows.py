"""Cuts a text into windows that the model reads whole, so that nothing is truncated."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass
from math import ceil
from typing import Any

# Tokens that neighbouring windows share, so that a fact on a cut is whole in one of them.
OVERLAP = 48
# What a header may take at most, so that a window always has room for the longest word (100 tokens)
# twice.
MAX_HEADER = 96
# Raised where a text is cut in another way than before, so that its vectors are made anew.
VERSION = 2
# A word that the tokenizer does not know is one token to it, however long: a phrase in Thai, a dump
# of numbers. Another model reads it piece by piece, of 512 at most. So it counts for a token in so
# many letters: a full window has at most 460 of them.
LETTERS = 1.8
# WordPiece knows no word of more letters, so a part that is longer is as unknown as the whole.
KNOWN = 100


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
        name = getattr(self._tokenizer.model, "unk_token", None)
        self._unknown = None if name is None else self._tokenizer.token_to_id(name)

    @property
    def fingerprint(self) -> str:
        """A sha256 over everything that decides where a text is cut."""
        settings = f"{self._room} {OVERLAP} {MAX_HEADER} {VERSION} {self._tokenizer.to_str()}"
        return hashlib.sha256(settings.encode()).hexdigest()

    def cut(self, text: str, prefix: str = "") -> tuple[str, list[Cut]]:
        """Return the prefix that fits (or none) and the windows of the text, at least one.

        Each window is meant to be encoded as ``prefix + text[start:end]``. Cuts fall between words,
        where WordPiece's tokens do not depend on what stands on the other side, or within a word so
        long that no part of it is known.
        """
        header = len(self._encode(prefix)) if prefix else 0
        if header > MAX_HEADER:
            prefix, header = "", 0
        room = self._room - header
        encoding = self._encode(text)
        sizes = self._sizes(encoding)
        if sum(sizes) <= room:
            return prefix, [Cut(0, len(text), header + len(encoding))]
        return prefix, _cuts(encoding, sizes, room, header, len(text))

    def count(self, text: str) -> int:
        """How many tokens a text has, the special ones apart."""
        return len(self._encode(text))

    def _sizes(self, encoding: Any) -> list[int]:
        """How much of a window each token takes."""
        if self._unknown not in encoding.ids:
            return [1] * len(encoding)
        return [
            max(1, ceil((offset[1] - offset[0]) / LETTERS)) if token == self._unknown else 1
            for token, offset in zip(encoding.ids, encoding.offsets, strict=True)
        ]

    def _encode(self, text: str) -> Any:
        return self._tokenizer.encode(text, add_special_tokens=False)


def _cuts(encoding: Any, sizes: list[int], room: int, header: int, length: int) -> list[Cut]:
    """The windows of a text that does not fit one: those between words that are too long for one,
    and those of such a word."""
    most = max(int(room * LETTERS), KNOWN + 1)  # letters in a window of such a word
    places = [one[0] for one in encoding.offsets]
    whole = [
        at for at, size in enumerate(sizes)
        if size > room and encoding.offsets[at][1] - places[at] > most
    ]  # fmt: skip
    cuts: list[Cut] = []
    first = 0
    for last in [*whole, len(sizes)]:
        # The windows together cover every character, so what is between words belongs to a window
        # too.
        end = places[last] if last < len(sizes) else length
        if first < last:
            start = 0 if first == 0 else places[first]
            cuts += _windows(encoding, sizes, range(first, last), room, header, start, end)
        if last < len(sizes):
            start = places[last] if last else 0
            after = places[last + 1] if last + 1 < len(sizes) else length
            cuts += _pieces(start, after, encoding.offsets[last], most, header)
        first = last + 1
    return cuts


def _pieces(start: int, end: int, word: tuple[int, int], most: int, header: int) -> list[Cut]:
    """The windows of one word, each of ``most`` of its letters: so none is short enough to be
    known."""
    step = max(1, most - int(OVERLAP * LETTERS))
    begins = [*range(word[0], word[1] - most, step), word[1] - most]
    cuts = [Cut(begin, begin + most, header + 1) for begin in begins]
    cuts[0] = Cut(start, cuts[0].end, header + 1)
    cuts[-1] = Cut(cuts[-1].start, end, header + 1)
    return cuts


def _windows(
    encoding: Any, sizes: list[int], tokens: range, room: int, header: int, begin: int, end: int
) -> list[Cut]:
    """The windows of some tokens in a row, which are the text from ``begin`` to ``end``."""
    words, offsets = encoding.word_ids, encoding.offsets
    cuts: list[Cut] = []
    first = tokens.start
    while True:
        last = _reach(sizes, first, tokens.stop, room)
        if last < tokens.stop:
            last = _word_start(words, last, first)
        start = begin if first == tokens.start else offsets[first][0]
        stop = end if last == tokens.stop else offsets[last][0]
        cuts.append(Cut(start, stop, header + last - first))
        if last == tokens.stop:
            return cuts
        # Always forward, and never into a window that the one before contains.
        back = _back(sizes, last, first, OVERLAP)
        first = max(_word_start(words, back, first), first + 1)


def _reach(sizes: list[int], first: int, stop: int, room: int) -> int:
    """The token after the last one that fits a window which begins with ``first``."""
    last, taken = first, 0
    while last < stop and (taken := taken + sizes[last]) <= room:
        last += 1
    return max(last, first + 1)


def _back(sizes: list[int], last: int, first: int, share: int) -> int:
    """The first of the tokens before ``last`` that take no more than ``share``."""
    while last > first and (share := share - sizes[last - 1]) >= 0:
        last -= 1
    return last


def _word_start(words: list[int | None], token: int, floor: int) -> int:
    """The first token of the word that ``token`` is in, or ``token`` where that word began before
    ``floor``."""
    start = token
    while start > floor and words[start] == words[start - 1]:
        start -= 1
    return start if start > floor else token
