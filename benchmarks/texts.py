"""Texts to measure with, made of parts in parts.json: always the same ones, none of them twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count as count_up
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

PARTS: Final = Path(__file__).with_name("parts.json")
MESSAGE_TOKENS: Final = (8, 40)
PASSAGE_TOKENS: Final = (100, 256)
RUSSIAN: Final = 0.2  # of the items of a memory; the encoders are measured in English alone
TURNS: Final = 20  # of a conversation
SENTENCES_OF_PASSAGE: Final = (6, 9)

Count = Callable[[str], int]  # of a text's tokens, the special ones included


@dataclass(frozen=True)
class Sentences:
    """Draws sentences and questions of one script from a seed."""

    script: str
    seed: int

    def sentences(self) -> Iterator[str]:
        """Sentences without end; a number in each makes it the only one of its kind."""
        parts, random = _parts(), Random(self.seed)  # noqa: S311 - texts, not secrets
        for number in range(1 << 30):
            own = {name: random.choice(some) for name, some in parts[self.script].items()}
            yield _sentence(own, number, random)

    def questions(self) -> Iterator[str]:
        """Short questions about such sentences, without end and few of them twice."""
        parts, random = _parts(), Random(self.seed)  # noqa: S311
        while True:
            own = {name: random.choice(some) for name, some in parts[self.script].items()}
            if " " in own["who"]:  # not a name
                own["who"] = own["who"][:1].lower() + own["who"][1:]
            yield random.choice(parts["questions"][self.script]).format(**own)


def messages(count: int, tokens: Count, seed: int = 1) -> list[str]:
    """Messages of 8 to 40 tokens."""
    return _fitting(Sentences("latin", seed).sentences(), count, tokens, MESSAGE_TOKENS)


def passages(count: int, tokens: Count, seed: int = 2) -> list[str]:
    """Passages of 100 to 256 tokens."""
    return _fitting(_paragraphs(seed), count, tokens, PASSAGE_TOKENS)


def questions(count: int, seed: int = 3) -> list[str]:
    """Short questions, all different, in English."""
    return list(dict.fromkeys(islice(Sentences("latin", seed).questions(), 8 * count)))[:count]


def asked(seed: int = 41) -> Iterator[str]:
    """Questions without end, each once, a fifth of them in Russian."""
    english = Sentences("latin", seed).questions()
    russian = Sentences("cyrillic", seed + 1).questions()
    seen = set()
    for number in count_up():
        while (question := next(russian if number % 5 == 0 else english)) in seen:
            pass
        seen.add(question)
        yield question


def items(count: int, owner: str) -> list[dict[str, Any]]:
    """Items of conversations as they go over the wire, a fifth of them in Russian."""
    random = Random(4)  # noqa: S311
    english = Sentences("latin", 5).sentences()
    russian = Sentences("cyrillic", 6).sentences()
    return [
        {
            "id": str(number),
            "version": 1,
            "owner": owner,
            "text": next(russian if random.random() < RUSSIAN else english),
            "conversation": f"c{number // TURNS}",
            "seq": number % TURNS,
            "speaker": "user" if number % 2 else "assistant",
            "timestamp": f"2026-{1 + number % 12:02}-{1 + number % 28:02}T12:00:00Z",
        }
        for number in range(count)
    ]


def _paragraphs(seed: int) -> Iterator[str]:
    random, sentences = Random(seed), Sentences("latin", seed + 1000).sentences()  # noqa: S311
    while True:
        yield " ".join(islice(sentences, random.randint(*SENTENCES_OF_PASSAGE)))


def _fitting(texts: Iterator[str], count: int, tokens: Count, bounds: tuple[int, int]) -> list[str]:
    first, last = bounds
    return list(islice((text for text in texts if first <= tokens(text) <= last), count))


def _sentence(own: dict[str, str], number: int, random: Random) -> str:
    parts: Sequence[str] = [own["who"], own["did"]]
    parts = [*parts, *random.sample([own["where"], own["when"]], random.randint(0, 2))]
    told = " ".join(parts)
    if random.random() < 0.5:
        told += f", {own['so']}"
    return f"{told} ({number})."


def _parts() -> dict[str, Any]:
    parts: dict[str, Any] = json.loads(PARTS.read_text("utf-8"))
    return parts
