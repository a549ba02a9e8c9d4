"""Cuts texts into the pieces of a vocabulary: the unigram model of sentencepiece, in Python.

Kudo 2018 (https://arxiv.org/abs/1804.10959): of all ways to cut a word, the one whose pieces are
the most probable together, found as Viterbi did. The ids are those of the tokenizers library, whose
Unigram takes 230 MB for this vocabulary; this takes 9 MB, and remembers the words that it has cut.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from raggen_embed.normalisation import nfkc

SPACE: Final = "\u2581"  # what sentencepiece writes for the space before a word
REMEMBERED: Final = 5_000  # words, some 1 MB
LONG: Final = 32  # letters of a word that is not remembered: Chinese has no spaces
# How much less probable than the rarest piece a character is that no piece has; as sentencepiece.
UNKNOWN_PENALTY: Final = 10

_SPACES: Final = re.compile(" +")
_FREE: Final = -1


class _Pieces:
    """Ids by piece, without the pieces: a dictionary of a quarter of a million takes 45 MB.

    A table with open addressing (Knuth, The Art of Computer Programming, 6.4), at most half full. A
    piece is told by Python's hash of 64 bits: that a million lookups of what is no piece would find
    one, has a chance of one in seventy million.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._hashes = array("q")
        self.longest = 0
        for piece in pieces:
            self._hashes.append(_code(piece))
            self.longest = max(self.longest, len(piece))
        self._mask = (1 << (2 * len(self._hashes)).bit_length()) - 1
        self._ids = array("i", [_FREE]) * (self._mask + 1)
        for identifier, code in enumerate(self._hashes):
            self._ids[self._slot(code)] = identifier

    def get(self, text: str) -> int | None:
        identifier = self._ids[self._slot(_code(text))]
        return None if identifier == _FREE else identifier

    def _slot(self, code: int) -> int:
        """Where it is, or would be."""
        ids, hashes, mask = self._ids, self._hashes, self._mask
        slot = code & mask
        while (found := ids[slot]) != _FREE and hashes[found] != code:
            slot = (slot + 1) & mask
        return slot


def _code(text: str) -> int:
    # Python hashes the bytes that it keeps a text in: without its length "te" would be "整".
    return hash(text) ^ len(text)


class Unigram:
    """The vocabulary. Thread-safe."""

    def __init__(
        self,
        pieces: Iterable[str],
        scores: Iterable[float],
        unknown: int,
        normal: Mapping[int, str],
    ) -> None:
        """Take a vocabulary.

        Args:
            pieces: by id.
            scores: their logarithmic probabilities.
            unknown: the id that stands for characters without a piece.
            normal: what stands for a code point, besides NFKC.
        """
        self._pieces = _Pieces(pieces)
        self._scores = array("f", scores)
        self._unknown = unknown
        self._unknown_score = min(self._scores) - UNKNOWN_PENALTY
        self._longest = self._pieces.longest
        self._normal = normal
        self._word = lru_cache(REMEMBERED)(self._viterbi)

    def ids(self, text: str, most: int | None = None) -> list[int]:
        """The pieces of a text, normalised; its words count as if a space stood before each.

        Of a text of more than ``most`` pieces the first as many.
        """
        plain = nfkc(text).translate(self._normal)
        # The end of such a word would not be seen, and to cut a book of one word takes seconds. Its
        # first pieces do not depend on it, unless it repeats one letter.
        far = None if most is None else 2 * most * self._longest
        ids: list[int] = []
        for word in _SPACES.sub(SPACE, plain).split(SPACE):
            ids += self._word(word) if len(word) < LONG else self._viterbi(word[:far])
            if most is not None and len(ids) >= most:
                return ids[:most]
        return ids

    def _viterbi(self, word: str) -> tuple[int, ...]:
        word = SPACE + word
        pieces, scores, longest = self._pieces, self._scores, self._longest
        # Of the best way to each place: its score, its last piece and where this starts.
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]
        for end in range(1, len(word) + 1):
            found = best[end - 1][0] + self._unknown_score, self._unknown, end - 1
            for start in range(max(0, end - longest), end):
                piece = pieces.get(word[start:end])
                if piece is not None and (score := best[start][0] + scores[piece]) > found[0]:
                    found = score, piece, start
            best.append(found)
        ids: list[int] = []
        end = len(word)
        while end:
            _, piece, end = best[end]
            if piece != self._unknown or not ids or ids[-1] != piece:  # a run of them is one
                ids.append(piece)
        return tuple(reversed(ids))
