"""From a wire type to what the model and the indexes take: windows with their header, and terms."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Analyser, script_of
from raggen_embed.header import header_of
from raggen_embed.ranking import Script
from raggen_embed.schemas import Item, Window
from raggen_embed.windows import Windower


@dataclass(frozen=True, eq=False)
class Prepared:
    """``inputs[i]`` (a header and a window) is what the model reads, ``tokens[i]`` long."""

    windows: list[Window]
    inputs: list[str]
    tokens: list[int]
    keys: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Question:
    """A search's text, prepared. ``is_courtesy``: it only greets or thanks."""

    prepared: Prepared
    script: Script
    is_courtesy: bool


class Preparation:
    """Cuts and analyses texts; for any thread."""

    def __init__(self, windower: Windower) -> None:
        self._windower = windower
        self._local = threading.local()

    @property
    def analyser(self) -> Analyser:
        """This thread's own, because Snowball's stemmers cannot be shared."""
        if not hasattr(self._local, "analyser"):
            self._local.analyser = Analyser()
        analyser: Analyser = self._local.analyser
        return analyser

    def item(self, item: Item) -> Prepared:
        """An item: the header goes before each window, its date and name among the terms."""
        header = header_of(item)
        return self._prepare(item.text, header.prefix, f"{header.terms} {item.text}")

    def text(self, text: str) -> Prepared:
        """A text as it is."""
        return self._prepare(text, "", text)

    def question(self, text: str) -> Question:
        """A search's text."""
        return Question(self.text(text), script_of(text), self.analyser.is_courtesy(text))

    def keys(self, text: str) -> set[int]:
        """The terms of a text."""
        return {term.key for term in self.analyser.terms(text)}

    def words(self, text: str, keys: set[int]) -> list[str]:
        """The words of a text that stand for these terms, as the text first writes each."""
        found: dict[int, str] = {}
        for term in self.analyser.terms(text):
            if term.key in keys:
                found.setdefault(term.key, term.word)
        return list(found.values())

    def _prepare(self, text: str, prefix: str, searched: str) -> Prepared:
        prefix, cuts = self._windower.cut(text, prefix)
        counted = Counter(term.key for term in self.analyser.terms(searched))
        return Prepared(
            windows=[Window(start=cut.start, end=cut.end) for cut in cuts],
            inputs=[prefix + text[cut.start : cut.end] for cut in cuts],
            tokens=[cut.tokens for cut in cuts],
            keys=np.fromiter(counted.keys(), dtype=np.int64, count=len(counted)),
            counts=np.fromiter(counted.values(), dtype=np.int32, count=len(counted)),
        )
