"""From a wire type to what the model and the indexes take: windows with their header, and terms."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from raggen_embed.analysis import Analyser, script_of
from raggen_embed.header import header_of
from raggen_embed.lexical import WHOLE
from raggen_embed.ranking import Script
from raggen_embed.schemas import Item, Window
from raggen_embed.windows import Windower

# The header is half of a short message, and it makes unrelated ones look alike: the mean cosine of
# 30 messages about different things rises from .07 to .23, and that of "What frightens my pet?" to
# its answer falls from .52 to .38. So messages of up to this many tokens are encoded without it
# too, and the better vector counts: paraphrases are found, and LoCoMo's questions about who and
# when keep their recall (nDCG@10 .567 instead of .568 for both lanes, .531 without headers).
BARE_TOKENS = 64
# A word of the header's date counts half: "What happens in July?" is seldom about what was merely
# said in July. On LoCoMo, nDCG@10 of both lanes is .566 at full weight, .563 at half, .548 without
# dates.
DATE = WHOLE // 2

# Somebody who pastes a book and asks about it waits for its search, and others wait behind it. So a
# longer question is stood for by its first and last windows (what is asked stands at an end), and
# by its first terms. The interface's description says so.
QUESTION_WINDOWS = 8
QUESTION_TERMS = 1024


@dataclass(frozen=True, eq=False)
class Prepared:
    """``inputs[i]`` is what the model reads for ``windows[i]`` of the text, ``tokens[i]`` long.

    A short message is read twice, with its header and without (see BARE_TOKENS), as two windows of
    the same span.
    """

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
        counts = self._counts(f"{header.name} {item.text}", WHOLE)
        counts.update(self._counts(header.date, DATE))
        return self._prepare(item.text, header.prefix, counts)

    def text(self, text: str) -> Prepared:
        """A text as it is."""
        return self._prepare(text, "", self._counts(text, WHOLE))

    def question(self, text: str) -> Question:
        """A search's text, which takes no longer than a page of it would: see QUESTION_WINDOWS."""
        whole = self.text(text)
        count, half = len(whole.windows), QUESTION_WINDOWS // 2
        places = [place for place in range(count) if place < half or place >= count - half]
        prepared = Prepared(
            windows=[whole.windows[place] for place in places],
            inputs=[whole.inputs[place] for place in places],
            tokens=[whole.tokens[place] for place in places],
            keys=whole.keys[:QUESTION_TERMS],
            counts=whole.counts[:QUESTION_TERMS],
        )
        return Question(prepared, script_of(text), self.analyser.is_courtesy(text))

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

    def _counts(self, text: str, weight: int) -> Counter[int]:
        counts: Counter[int] = Counter()
        for term in self.analyser.terms(text):
            counts[term.key] += weight
        return counts

    def _prepare(self, text: str, prefix: str, counted: Counter[int]) -> Prepared:
        prefix, cuts = self._windower.cut(text, prefix)
        inputs = [prefix + text[cut.start : cut.end] for cut in cuts]
        if prefix and cuts[0].tokens <= BARE_TOKENS:
            inputs.append(text)
            cuts.append(cuts[0])
        return Prepared(
            windows=[Window(start=cut.start, end=cut.end) for cut in cuts],
            inputs=inputs,
            tokens=[cut.tokens for cut in cuts],
            keys=np.fromiter(counted.keys(), dtype=np.int64, count=len(counted)),
            counts=np.fromiter(counted.values(), dtype=np.int32, count=len(counted)),
        )
