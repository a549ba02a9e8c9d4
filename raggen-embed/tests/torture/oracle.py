"""What a memory should answer, worked out by brute force from what was put into it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from ranked_world import LONG, World
from slow_ranking import Slow

from raggen_embed.catalogue import Filter
from raggen_embed.encoder import Encoder, Encoding
from raggen_embed.engine import Kind
from raggen_embed.multilingual import Multilingual
from raggen_embed.preparation import Preparation
from raggen_embed.ranking import Wanted
from raggen_embed.schemas import Item

# Three things that each item may say; items are numbered.
TEXTS = [
    ("Did you take Archie to the vet?", "Ты водила Арчи к ветеринару?", "Archie is a greyhound."),
    ("He was afraid of the thunder all night.", "Он боялся грозы.", "He slept well."),
    ("Собака боится грозы, я так и знала.", "The dog is afraid of thunder.", "Собака спит."),
    ("Ветеринар дал капли.", "The vet gave us drops. Do they cost forty euros?", "Капли горькие."),
    ("We leave for Lisbon in May.", "Мы едем в Лиссабон в мае.", "We stay at home in May."),
    ("Чайковского послушаем в опере?", "Tchaikovsky, yes!", "The tickets are in my drawer."),
    ("The vet of the town opens at nine.", "It closes at five.", "Do dogs wait outside?"),
    (f"{LONG} The dog Archie sleeps in the mill.", "The mill is quiet.", "Мельница стоит у поля."),
    ("😀 …", "Ok.", "Thanks!"),
    ("Ольга купила билеты в Лиссабон.", "Olga bought tickets to Lisbon.", "Ольга передумала."),
    ("I like tea.", "Я люблю чай с грозой за окном.", "I like coffee more than tea."),
    ("Room 42 costs 310 euros a night.", "Комната 42 стоит 310 евро.", "42"),
]
QUESTIONS = [
    ("What is the dog afraid of?", ()),
    ("Чего боится собака?", ()),
    ("Where are the tickets to Lisbon?", ()),
    ("Где Чайковский?", ()),
    ("and how much?", ("What did the vet give to Archie?",)),
    ("А когда она уезжает?", ("Где билеты Ольги в Лиссабон?",)),
    ("Wann schläft Archie in der Mühle?", ()),
    ("42?", ()),
]


def item_of(number: int, choice: int, version: int, owner: str = "local") -> Item:
    """Item ``number`` saying the ``choice``-th of its texts: every fourth is a document's, the rest
    is chat of two conversations with times and speakers."""
    fields: dict[str, Any] = {"collection": "documents", "parent": f"p{number // 8}"}
    if number % 4:
        fields = {
            "conversation": f"c{number % 2}",
            "session": f"s{number // 6}",
            "speaker": "Anna" if number % 3 else "Boris",
            "timestamp": f"2026-05-{number + 10}T10:00:00Z",
        }
    text = TEXTS[number][choice]
    made = {"id": f"i{number}", "version": version, "text": text, "seq": number, "owner": owner}
    return Item.model_validate(made | fields)


def passes(item: Item, where: Filter, excluded: Collection[str]) -> bool:
    """Whether a search with this filter may look at an item."""
    time, talk = item.timestamp, item.conversation
    return (
        item.id not in excluded
        and (where.collections is None or item.collection in where.collections)
        and (where.conversations is None or talk in where.conversations)
        and (where.exclude_conversations is None or talk not in where.exclude_conversations)
        and (where.before is None or (time is not None and time < where.before))
        and (where.after is None or (time is not None and time > where.after))
    )


def remembering(encode: Callable[..., list[Encoding]]) -> Callable[..., list[Encoding]]:
    """A model that reads each text once and alone, so that no batch changes a vector."""
    known: dict[tuple[str, Kind | None], Encoding] = {}

    def encoded(texts: list[str], kinds: list[Kind] | None = None) -> list[Encoding]:
        found = []
        for number, text in enumerate(texts):
            kind = None if kinds is None else kinds[number]
            if (text, kind) not in known:
                [known[text, kind]] = encode([text]) if kind is None else encode([text], [kind])
            found.append(known[text, kind])
        return found

    return encoded


@dataclass(frozen=True)
class Expected:
    """What a search should answer: everything that passes, its score and log-odds."""

    score: Mapping[str, float]
    logit: Mapping[str, float]

    def best(self) -> list[str]:
        """Ids, the most relevant first."""
        return sorted(self.logit, key=lambda name: -self.logit[name])


class Oracle(World):
    """What was put into a memory and not removed, as the models read it."""

    def __init__(self, encoder: Encoder, multilingual: Multilingual) -> None:
        self._main, self._multilingual = encoder, multilingual
        self._preparation = Preparation(encoder.windower)
        self.items, self.prepared, self.read = {}, {}, {}
        self.dimensions = {"main": 384, "multilingual": 384}

    def put(self, item: Item) -> None:
        """Remember an item, instead of what its id stood for."""
        self.items[item.id] = item
        self.prepared[item.id] = self._preparation.item(item)
        read = self._read(self.prepared[item.id].inputs, self.prepared[item.id].kind)
        # The indexes hold vectors in 16 bits.
        self.read[item.id] = {
            role: [replace(one, vector=one.vector.astype(np.float16)) for one in windows]
            for role, windows in read.items()
        }

    def remove(self, identifier: str) -> None:
        """Forget an item."""
        self.items.pop(identifier, None)
        self.prepared.pop(identifier, None)
        self.read.pop(identifier, None)

    def expect(
        self,
        text: str,
        previous: tuple[str, ...],
        where: Filter,
        excluded: Collection[str] = (),
    ) -> Expected:
        """Rank by brute force, without the items with the ids ``excluded``."""
        allowed = {name for name, item in self.items.items() if passes(item, where, excluded)}
        if not allowed:
            return Expected({}, {})
        question = self.question(text, [*previous], ["main", "multilingual"])
        slow = Slow(self, [*self.items], ["main", "multilingual"])
        ranked = slow.rank(question, Wanted(where, 100), allowed)
        return Expected(ranked["score"], ranked["logit"])
