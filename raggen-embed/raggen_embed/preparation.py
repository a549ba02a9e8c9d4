"""From a wire type to what the models and the lanes take: windows with their header, and terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from raggen_embed import analysis
from raggen_embed.analysis import Vocabulary
from raggen_embed.changes import Terms
from raggen_embed.engine import Kind
from raggen_embed.followups import history_for
from raggen_embed.header import header_of
from raggen_embed.schemas import Item
from raggen_embed.script import Script, script_of
from raggen_embed.sentences import asking_share
from raggen_embed.windows import Windower
from raggen_embed.wire import Window

# Somebody who pastes a book and asks about it waits for its search, and others wait behind it. So a
# longer question is stood for by its first and last windows (what is asked stands at an end), and
# by its first terms. The interface's description says so.
QUESTION_WINDOWS = 8
QUESTION_TERMS = 1024
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, eq=False)
class Prepared:
    """``inputs[i]`` is what the models read for ``windows[i]`` of the text, ``tokens[i]`` long in
    the main model's."""

    windows: list[Window]
    inputs: list[str]
    tokens: list[int]
    kind: Kind

    def beginning(self, count: int) -> Prepared:
        """The first windows."""
        return Prepared(self.windows[:count], self.inputs[:count], self.tokens[:count], self.kind)


@dataclass(frozen=True, eq=False)
class PreparedItem(Prepared):
    """An item's windows and terms."""

    terms: Terms


@dataclass(frozen=True, eq=False)
class Said(Prepared):
    """A question, or an earlier turn that it needs, as much of it as a search reads."""

    text: str
    weight: float
    stems: dict[str, int] = field(default_factory=dict)
    grams: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Asked:
    """A search's text, prepared. ``earlier``: which of the earlier turns it needs, the second in
    ``said``. ``is_courtesy``: it only greets or thanks."""

    said: list[Said]
    earlier: int | None
    script: Script
    is_courtesy: bool


class Preparation:
    """Cuts and analyses texts; for any thread."""

    def __init__(self, windower: Windower) -> None:
        self._windower = windower
        self.vocabulary = Vocabulary()

    def item(self, item: Item) -> PreparedItem:
        """An item: the header goes before each window, its date and name among the terms."""
        header = header_of(item)
        cut = self._cut(item.text, header.prefix)
        searched = f"{header.date} {header.name} {item.text}"
        terms = Terms(
            script_of(item.text),
            analysis.word_bag(searched),
            analysis.gram_bag(searched),
            asking_share(item.text),
        )
        return PreparedItem(cut.windows, cut.inputs, cut.tokens, cut.kind, terms)

    def text(self, text: str) -> Prepared:
        """A text as it is."""
        return self._cut(text, "")

    def question(self, text: str, previous: Sequence[str] = ()) -> Asked:
        """A search's text and the turns before it, oldest first."""
        history = history_for(text, previous)
        said = [self._said(text, 1.0)]
        earlier = None
        if history is not None:
            earlier, weight = history
            said.append(self._said(previous[earlier], weight))
        return Asked(said, earlier, script_of(text), self.vocabulary.is_courtesy(text))

    def words(self, text: str, stems: set[str]) -> list[str]:
        """The words of a text with these stems, as the text first writes each; no stop words."""
        found: dict[str, str] = {}
        for word in analysis.words(text):
            if word.stem in stems and word.folded not in self.vocabulary.stop:
                found.setdefault(word.stem, word.text)
        return list(found.values())

    def tokens_within(self, text: str, most: int) -> int | None:
        """How many tokens of the main model a text has; None where there are more than ``most``."""
        # A word is a token at least, and found in a tenth of the time that cutting it takes.
        if sum(1 for _ in _WORD.finditer(text)) > most:
            return None
        count = self._windower.count(text)
        return count if count <= most else None

    def _said(self, text: str, weight: float) -> Said:
        """What a search takes no longer for than for a page of it: see QUESTION_WINDOWS."""
        whole = self._cut(text, "")
        count, half = len(whole.windows), QUESTION_WINDOWS // 2
        places = [place for place in range(count) if place < half or place >= count - half]
        inputs = [whole.inputs[place] for place in places]
        read = text if len(places) == count else "\n".join(inputs)
        stems = {word.stem: word.key for word in analysis.words(read)}
        grams = {gram: analysis.key_of(gram) for gram in analysis.grams(read)}
        return Said(
            windows=[whole.windows[place] for place in places],
            inputs=inputs,
            tokens=[whole.tokens[place] for place in places],
            kind="question",
            text=text,
            weight=weight,
            stems=dict([*stems.items()][:QUESTION_TERMS]),
            grams=dict([*grams.items()][: 4 * QUESTION_TERMS]),
        )

    def _cut(self, text: str, prefix: str) -> Prepared:
        prefix, cuts = self._windower.cut(text, prefix)
        return Prepared(
            windows=[Window(start=cut.start, end=cut.end) for cut in cuts],
            inputs=[prefix + text[cut.start : cut.end] for cut in cuts],
            tokens=[cut.tokens for cut in cuts],
            kind="headed" if prefix else "plain",
        )
