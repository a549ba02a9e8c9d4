"""A small memory of all that rankings differ by: languages, sessions, parents, long texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from raggen_embed.columns import Columns
from raggen_embed.csr import Bags, Rows
from raggen_embed.encoder import Encoder, Encoding
from raggen_embed.fusion import LATE, Dense, Formula
from raggen_embed.loading import Stock, Vectors
from raggen_embed.memory import Entry, Memory, Place, Read
from raggen_embed.multilingual import Multilingual
from raggen_embed.placement import Placement
from raggen_embed.preparation import Preparation
from raggen_embed.question import Question, Turn
from raggen_embed.schemas import Item
from raggen_embed.script import SCRIPTS

LONG = " ".join(f"The gravel path {n} leads past a quiet field and a mill." for n in range(40))


def say(identifier: str, text: str, **fields: Any) -> Item:
    return Item.model_validate({"id": identifier, "version": 1, "text": text, **fields})


def items() -> list[Item]:
    """A chat of two sessions in two languages, a document in sentences, and messages alone."""
    chat: list[tuple[str, str, str, int | None]] = [
        ("s1", "Anna", "Did you take Archie to the vet?", 0),
        ("s1", "Boris", "Yes, on Tuesday. He was afraid of the thunder all night.", 1),
        ("s1", "Anna", "Собака боится грозы, я так и знала.", 2),
        ("s1", "Boris", "Ветеринар дал капли.", 3),
        ("s1", "Anna", "Good. Do the drops cost forty euros?", 4),
        ("s2", "Boris", "We leave for Lisbon in May.", 0),
        ("s2", "Anna", "Чайковского послушаем в опере?", 1),
        ("s2", "Boris", "Tchaikovsky, yes! The tickets are in my drawer.", None),
        ("s2", "Anna", "Ok.", 3),
    ]
    made = [
        say(f"c{n}", text, conversation="chat", session=session, seq=seq, speaker=speaker,
            timestamp=f"2026-05-{n + 10}T10:00:00Z")
        for n, (session, speaker, text, seq) in enumerate(chat)
    ]  # fmt: skip
    sentences = [
        "The vet of the town opens at nine.",
        "It closes at five.",
        "Do dogs wait outside?",
    ]
    made += [
        say(f"d{n}", text, collection="documents", parent="p", seq=n)
        for n, text in enumerate(sentences)
    ]
    made += [
        say("long", f"{LONG} The dog Archie sleeps in the mill."),
        say("emoji", "😀 …", conversation="chat", session="s1", seq=9),
        say("olga", "Ольга купила билеты в Лиссабон.", conversation="other"),
        say("tea", "I like tea.", speaker="user", conversation="other"),
        say("чай", "Я люблю чай с грозой за окном.", conversation="third",
            timestamp="2025-05-10T10:00:00+03:00"),
    ]  # fmt: skip
    return made


def row_of(name: str) -> int:
    """The row of an item in the store."""
    return 1 + [item.id for item in items()].index(name)


class World:
    """The real models, and items and questions as they read them."""

    def __init__(self, encoder: Encoder, multilingual: Multilingual) -> None:
        self._main, self._multilingual = encoder, multilingual
        self._preparation = Preparation(encoder.windower)
        self.items = {item.id: item for item in items()}
        self.prepared = {name: self._preparation.item(item) for name, item in self.items.items()}
        self.read: dict[str, dict[Dense, list[Encoding]]] = {
            name: self._read(one.inputs, one.kind) for name, one in self.prepared.items()
        }
        self.dimensions: dict[Dense, int] = {
            "main": encoder.identity.dimensions,
            "multilingual": multilingual.identity.dimensions,
        }

    def _read(self, inputs: Sequence[str], kind: Any) -> dict[Dense, list[Encoding]]:
        return {
            "main": [self._main.encode([text])[0] for text in inputs],
            "multilingual": [self._multilingual.encode([text], [kind])[0] for text in inputs],
        }

    def signs(self, role: Dense, places: Sequence[Place]) -> dict[Place, bytes]:
        names = [*self.items]
        return {
            (row, number): self.read[names[row - 1]][role][number].bits.tobytes()
            for row, number in places
        }

    def entry(self, name: str, roles: Sequence[Dense]) -> Entry:
        item = self.items[name]
        placement = Placement(
            row=row_of(name), sequence=1, owner=item.owner,
            collection=item.collection, conversation=item.conversation, session=item.session,
            parent=item.parent, seq=item.seq,
            timestamp=None if item.timestamp is None else item.timestamp.isoformat(),
        )  # fmt: skip
        read = {
            role: Read.of(
                np.stack([one.vector for one in self.read[name][role]]),
                [one.ids for one in self.read[name][role]],
            )
            for role in roles
        }
        return Entry(placement, self.prepared[name].terms, read)

    def memory(self, names: Sequence[str], roles: Sequence[Dense], formula: Formula) -> Memory:
        memory = self.empty(roles, formula)
        for name in names:
            memory.add(self.entry(name, roles))
        return memory

    def empty(self, roles: Sequence[Dense], formula: Formula) -> Memory:
        return Memory({role: self.dimensions[role] for role in roles}, formula, self.signs)

    def built(self, names: Sequence[str], roles: Sequence[Dense], formula: Formula) -> Memory:
        """The same, made at once."""
        memory = self.empty(roles, formula)
        names = sorted(names, key=row_of)
        memory.build(stock_of([self.entry(name, roles) for name in names], roles, formula),
                     {role: number for number, role in enumerate(roles)})  # fmt: skip
        return memory

    def question(self, text: str, previous: Sequence[str], roles: Sequence[Dense]) -> Question:
        asked = self._preparation.question(text, previous)
        turns = []
        for said in asked.said:
            read = self._read(said.inputs, said.kind)
            kept = {role: read[role] for role in roles}
            turns.append(Turn(said.weight, said.stems, said.grams, kept))
        return Question(turns, asked.script)


def stock_of(entries: Sequence[Entry], roles: Sequence[Dense], formula: Formula) -> Stock:
    """What the store would say of items."""
    placed = [entry.placement for entry in entries]
    columns = Columns(
        rows=np.array([one.row for one in placed], np.int64),
        sequences=np.array([one.sequence for one in placed], np.int64),
        collections=[one.collection for one in placed],
        conversations=[one.conversation for one in placed],
        sessions=[one.session for one in placed],
        parents=[one.parent for one in placed],
        seq=np.array([-1 if one.seq is None else one.seq for one in placed], np.int64),
        timestamps=[one.timestamp for one in placed],
        scripts=np.array([SCRIPTS.index(entry.terms.script) for entry in entries], np.int8),
        asking=np.array([entry.terms.asking for entry in entries], np.float32),
    )
    vectors = {}
    for number, role in enumerate(roles):
        read = [entry.read[role] for entry in entries]
        late = [formula.keeps(LATE[role], entry.terms.script) for entry in entries]
        vectors[number] = Vectors(
            np.repeat(np.arange(len(read)), [len(one.vectors) for one in read]).astype(np.int32),
            np.concatenate([np.zeros((0, 384)), *(one.vectors for one in read)]).astype("f2"),
            Rows.of([np.array(one.distinct if kept else [], np.int32)
                     for one, kept in zip(read, late, strict=True)], np.int32),
            Rows.of([np.array(one.sizes if kept else [], np.int32)
                     for one, kept in zip(read, late, strict=True)], np.int32),
        )  # fmt: skip
    words, grams = (
        Bags.of([getattr(entry.terms, kind) for entry in entries]) for kind in ("words", "grams")
    )
    return Stock(columns, words, grams, vectors)
