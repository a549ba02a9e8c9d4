"""The ranking against a slow one, written out item by item from evaluation/study/README.md."""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from raggen_embed import analysis
from raggen_embed.background import Background
from raggen_embed.calibration import Calibration
from raggen_embed.catalogue import Filter
from raggen_embed.encoder import Encoder, Encoding
from raggen_embed.fusion import Dense, Formula
from raggen_embed.loading import Placement
from raggen_embed.memory import Entry, Memory, Read
from raggen_embed.multilingual import Multilingual
from raggen_embed.preparation import Preparation
from raggen_embed.question import Question, Turn
from raggen_embed.ranking import Ranked, Ranker, Wanted
from raggen_embed.schemas import Item
from raggen_embed.tokens import Window

NOW = datetime.fromisoformat("2026-06-01T00:00:00Z").timestamp()
WEIGHTS: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "both": {
        "latin": {"late_main": 0.6, "main": 0.1, "words": 0.2, "grams": 0.1},
        "cyrillic": {"late_multilingual": 0.5, "multilingual": 0.2, "words": 0.2, "grams": 0.1},
        "cross": {"late_multilingual": 0.6, "multilingual": 0.2, "grams": 0.2},
    },
    "main": {
        "latin": {"late_main": 0.6, "main": 0.1, "words": 0.2, "grams": 0.1},
        "cyrillic": {"main": 0.05, "words": 0.5, "grams": 0.45},
        "cross": {"main": 0.05, "words": 0.3, "grams": 0.65},
    },
}
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

    def entry(self, name: str, roles: Sequence[Dense]) -> Entry:
        item = self.items[name]
        placement = Placement(
            row=1 + [*self.items].index(name), sequence=1, owner=item.owner, id=item.id,
            collection=item.collection, conversation=item.conversation, session=item.session,
            parent=item.parent, seq=item.seq,
            timestamp=None if item.timestamp is None else item.timestamp.isoformat(),
        )  # fmt: skip
        read = {
            role: Read(
                np.stack([one.vector for one in self.read[name][role]]),
                [Window(one.ids, one.bits) for one in self.read[name][role]],
            )
            for role in roles
        }
        return Entry(placement, self.prepared[name].terms, read)

    def memory(self, names: Sequence[str], roles: Sequence[Dense], formula: Formula) -> Memory:
        memory = Memory({role: self.dimensions[role] for role in roles}, formula)
        for name in names:
            memory.add(self.entry(name, roles))
        return memory

    def question(self, text: str, previous: Sequence[str], roles: Sequence[Dense]) -> Question:
        asked = self._preparation.question(text, previous)
        turns = []
        for said in asked.said:
            read = self._read(said.inputs, said.kind)
            kept = {role: read[role] for role in roles}
            turns.append(Turn(said.text, said.weight, said.stems, said.grams, kept))
        return Question(turns, asked.script)


@pytest.fixture(scope="module")
def world(encoder: Encoder) -> World:
    return World(encoder, Multilingual.load(1))


@dataclass
class Slow:
    """The formula over dictionaries, one item and one term at a time, in double precision."""

    world: World
    names: Sequence[str]
    roles: Sequence[Dense]

    def __post_init__(self) -> None:
        self.background = Background.load()
        self.script = {name: self.world.prepared[name].terms.script for name in self.names}
        self.words, self.grams = {}, {}
        for name in self.names:
            item = self.world.items[name]
            header = self.world.prepared[name].inputs[0].removesuffix(item.text)
            # What every header says (said, on) is in no item's words; the rest of it is.
            text = f"{self._named(item, header)} {item.text}"
            self.words[name] = Counter(word.stem for word in analysis.words(text))
            self.grams[name] = Counter(analysis.grams(text))

    def _named(self, item: Item, header: str) -> str:
        if item.timestamp is None:
            date = ""
        elif self.script[item.id] == "latin":
            date = f"{item.timestamp.day} May {item.timestamp.year}"
        else:
            date = f"{item.timestamp.day} мая {item.timestamp.year} г."
        assert date in header or len(item.text) > 1000
        return f"{date} {item.speaker or ''}".replace("user", "")

    def weight(self, df: float, items: float, common: float) -> float:
        d, n = df + 200 * common, items + 200
        return float(math.log(1 + (max(n - d, 0) + 0.5) / (d + 0.5)) ** 1.5)

    def lexical(
        self, bags: Mapping[str, Counter[str]], weights: Mapping[str, float]
    ) -> dict[str, dict[str, float]]:
        """Strengths by term and item."""
        mean = (sum(bag.total() for bag in bags.values()) + 3000) / (len(bags) + 200)
        return {
            term: {
                name: bag[term] / (bag[term] + 0.9 * (0.6 + 0.4 * bag.total() / mean))
                for name, bag in bags.items()
            }
            for term in weights
        }

    def group(self, name: str) -> tuple[Any, ...] | None:
        item = self.world.items[name]
        if item.parent is not None:
            return "parent", item.collection, item.parent
        if item.conversation is None and item.session is None:
            return None
        return "chat", item.collection, item.conversation, item.session

    def order(self) -> dict[tuple[Any, ...], list[str]]:
        groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for name in self.names:
            if (own := self.group(name)) is not None:
                groups[own].append(name)

        def key(name: str) -> tuple[float, str, int]:
            item = self.world.items[name]
            seq = math.inf if item.seq is None else item.seq
            time = "" if item.timestamp is None else item.timestamp.isoformat()
            return seq, time, [*self.world.items].index(name)

        return {own: sorted(members, key=key) for own, members in groups.items()}

    def lifted(self, strength: Mapping[str, float], allowed: set[str]) -> dict[str, float]:
        own = {name: strength.get(name, 0.0) for name in allowed}
        found = dict(own)
        for away, share in ((1, 0.5), (2, 0.3)):
            raised = dict(found)
            for members in self.order().values():
                for place, name in enumerate(members):
                    # 0 stands where nobody does.
                    best = max(
                        own.get(members[at], 0.0) if 0 <= at < len(members) else 0.0
                        for at in (place - away, place + away)
                    )
                    if name in allowed:
                        raised[name] = found[name] + share * max(0.0, best - found[name])
            found = raised
        return found

    def covered(
        self, rows: Sequence[Mapping[str, float]], weights: Sequence[float], allowed: set[str]
    ) -> dict[str, float]:
        total = sum(weights)
        lifted = [self.lifted(row, allowed) for row in rows]
        return {
            name: sum(w * row[name] for w, row in zip(weights, lifted, strict=True)) / total
            if total
            else 0.0
            for name in allowed
        }

    def lanes(self, question: Question, allowed: set[str]) -> dict[str, dict[str, float]]:
        of_script: Counter[str] = Counter(self.script.values())
        words: dict[str, float] = {}
        grams: dict[str, float] = {}
        for turn in question.turns:
            for stem in turn.stems:
                own = "cyrillic" if any("а" <= c <= "я" for c in stem) else "latin"
                df = sum(stem in bag for bag in self.words.values())
                w = self.weight(df, of_script[own], self.background.stems.get(stem, 0.0))
                words[stem] = max(words.get(stem, 0.0), turn.weight * w)
            for gram in turn.grams:
                df = sum(gram in bag for bag in self.grams.values())
                common = self.background.grams[question.script].get(gram, 0.0)
                w = self.weight(df, len(self.names), common)
                grams[gram] = max(grams.get(gram, 0.0), turn.weight * w)
        lanes: dict[str, dict[str, float]] = {}
        for lane, bags, weights in (("words", self.words, words), ("grams", self.grams, grams)):
            strengths = self.lexical(bags, weights)
            rows = [strengths[term] for term in weights]
            lanes[lane] = self.covered(rows, [*weights.values()], allowed)
        for role in self.roles:
            lanes[role] = self.cosines(role, question, allowed)
            lanes[f"late_{role}"] = self.late(role, question, allowed, of_script)
        return lanes

    def cosines(self, role: Dense, question: Question, allowed: set[str]) -> dict[str, float]:
        asked = np.zeros(self.world.dimensions[role])
        for turn in question.turns:
            vectors = np.mean([one.vector for one in turn.read[role]], axis=0)
            asked += turn.weight * vectors / np.linalg.norm(vectors)
        asked /= np.linalg.norm(asked)
        return {
            name: max(float(one.vector @ asked) for one in self.world.read[name][role])
            for name in allowed
        }

    def speaks(self, role: Dense, question: str, item: str) -> bool:
        pair = question if question == item else "cross"
        return f"late_{role}" in WEIGHTS["both" if len(self.roles) == 2 else "main"][pair]

    def late(
        self, role: Dense, question: Question, allowed: set[str], of_script: Counter[str]
    ) -> dict[str, float]:
        rows, weights = [], []
        having = {
            name: {int(token) for one in self.world.read[name][role] for token in one.ids}
            for name in self.names
            if self.speaks(role, "latin", self.script[name])
            or self.speaks(role, "cyrillic", self.script[name])
        }
        signs: dict[str, npt.NDArray[np.float64]] = {}
        for name in allowed:
            if self.speaks(role, question.script, self.script[name]):
                bits = np.concatenate([one.bits for one in self.world.read[name][role]])
                unpacked = np.unpackbits(bits, axis=1).astype(float)
                signs[name] = (2 * unpacked - 1) / math.sqrt(unpacked.shape[1])
        for turn in question.turns:
            for one in turn.read[role]:
                for token, vector in zip(one.ids.tolist(), one.tokens, strict=True):
                    df = sum(token in ids for ids in having.values())
                    if role == "main":
                        common, items = self.background.wordpieces[token], len(self.names)
                    else:
                        common = self.background.pieces[token]
                        is_cyrillic = self.background.piece_is_cyrillic[token]
                        items = of_script["cyrillic" if is_cyrillic else "latin"]
                    weights.append(turn.weight * self.weight(df, items, float(common)))
                    rows.append({
                        name: float((own @ vector).max()) for name, own in signs.items() if len(own)
                    })  # fmt: skip
        # The heaviest of the question's tokens, up to 95 % of what all weigh.
        kept: list[int] = []
        for place in sorted(range(len(weights)), key=lambda at: -weights[at]):
            if sum(weights[at] for at in kept) < 0.95 * sum(weights):
                kept.append(place)
        return self.covered([rows[at] for at in kept], [weights[at] for at in kept], allowed)

    def rank(self, question: Question, wanted: Wanted, allowed: set[str]) -> dict[str, Any]:
        kind = "both" if len(self.roles) == 2 else "main"
        lanes = self.lanes(question, allowed)
        pair = {
            name: self.script[name] if self.script[name] == question.script else "cross"
            for name in allowed
        }
        fused = {
            name: sum(
                weight * min(max(lanes[lane][name], 0), 1)
                for lane, weight in WEIGHTS[kind][pair[name]].items()
            )
            for name in allowed
        }
        score = {}
        for name in allowed:
            own = self.group(name)
            alike = sorted((fused[one] for one in allowed if self.group(one) == own), reverse=True)
            share = fused[name] if own is None else sum(alike[:3]) / 3
            time = self.world.items[name].timestamp
            new = 0.0
            if time is not None:
                age = max(0.0, (NOW - time.timestamp()) / 86_400)
                new = 0.05 * wanted.recency * 0.5 ** (age / wanted.half_life)
            sentences = re.split(r"(?<=[.!?]) ", self.world.items[name].text)
            asks = sum(one.endswith("?") for one in sentences) / len(sentences)
            if self.world.items[name].conversation is None:
                asks = 0.0
            score[name] = (
                fused[name] + 0.2 * share + new + 0.1 * (name in wanted.pinned) - 0.08 * asks
            )
        coefficients = Calibration.load().coefficients["both" if kind == "both" else "main"]
        logit = {}
        for name in allowed:
            c = next(one for key, one in coefficients.items() if key == pair[name])
            alike = sorted((score[one] for one in allowed if pair[one] == pair[name]), reverse=True)
            level = (sum(alike[10:30]) + 0.2 * (20 - len(alike[10:30]))) / 20
            lead = alike[0] - (sum(alike[5:10]) + 0.2 * (5 - len(alike[5:10]))) / 5
            logit[name] = (
                c.bias + c.score * score[name] + c.gap * (score[name] - alike[0])
                + c.background * level + c.lead * lead
                - c.floor_slope * max(0, c.floor - score[name])
            )  # fmt: skip
        return {"lanes": lanes, "score": score, "logit": logit, "pair": pair}


def whole(roles: Sequence[Dense]) -> Formula:
    """Everything is a candidate, and gets every lane."""
    return replace(Formula.of(roles), pool=10**6, late_pool=10**6, late_tokens=10**9)


def ranker(roles: Sequence[Dense], formula: Formula) -> Ranker:
    kind = Calibration.kind(roles)
    return Ranker(formula, Calibration.load().coefficients[kind], Background.load())


def names_of(memory: Memory, ranked: Ranked, world: World) -> list[str]:
    rows, _ = memory.catalogue.versions(ranked.slots)
    return [[*world.items][row - 1] for row in rows.tolist()]


def check(
    world: World, names: Sequence[str], roles: Sequence[Dense], memory: Memory, question: Question,
    wanted: Wanted, allowed: set[str],
) -> None:  # fmt: skip
    formula = whole(roles)
    ranked = ranker(roles, formula).rank(memory, question, wanted)
    slow = Slow(world, names, roles).rank(question, wanted, allowed)
    found = names_of(memory, ranked, world)
    assert set(found) == allowed
    assert ranked.allowed == len(allowed)
    kind = "both" if len(roles) == 2 else "main"
    for place, name in enumerate(found):
        for lane, weight in WEIGHTS[kind][slow["pair"][name]].items():
            assert weight
            lanes = {str(key): values for key, values in ranked.lanes.items()}
            # The vectors are 16-bit floats; the rest is exact.
            close = pytest.approx(slow["lanes"][lane][name], abs=1e-3 if lane in roles else 2e-5)
            assert float(lanes[lane][place]) == close, (lane, name)
        assert float(ranked.score[place]) == pytest.approx(slow["score"][name], abs=1e-3), name
        assert float(ranked.logit[place]) == pytest.approx(slow["logit"][name], abs=0.3), name
        assert bool(ranked.in_chat[place]) == (world.items[name].conversation is not None)
    assert np.allclose(sum(ranked.shares.values()), ranked.score, atol=1e-5)
    assert np.allclose(sum(ranked.log_odds.values()), ranked.logit, atol=1e-3)
    assert (np.diff(ranked.logit) <= 0).all()
    assert np.allclose(ranked.relevance, 1 / (1 + np.exp(-ranked.logit)), atol=1e-5)


BOTH: list[Dense] = ["main", "multilingual"]
QUESTIONS: list[tuple[str, list[str]]] = [
    ("What is the dog afraid of?", []),
    ("Чего боится собака?", []),
    ("Where are the tickets for Tchaikovsky?", []),
    ("Где Чайковский?", []),
    ("and how much?", ["What did the vet give to Archie?"]),
    ("And the vet, what?", ["What did the vet give to Archie?"]),
    ("А когда она уезжает?", ["Где билеты Ольги в Лиссабон?"]),
    ("Wann schläft Archie in der Mühle?", []),
    ("42?", []),
]


@pytest.mark.parametrize("roles", [BOTH, BOTH[:1]], ids=["both", "main"])
@pytest.mark.parametrize(("text", "previous"), QUESTIONS)
def test_the_same_as_the_slow_one(
    world: World, text: str, previous: list[str], roles: list[Dense]
) -> None:
    names = [*world.items]
    question = world.question(text, previous, roles)
    memory = world.memory(names, roles, whole(roles))
    check(world, names, roles, memory, question, Wanted(Filter(), 10), set(names))


def test_bonuses(world: World) -> None:
    names = [*world.items]
    memory = world.memory(names, BOTH, Formula())
    question = world.question("What is the dog afraid of?", [], BOTH)
    wanted = Wanted(
        Filter(), 5, recency=0.7, half_life=14, now=NOW, pinned=["tea", "nobody", "c3"]
    )  # fmt: skip
    check(world, names, BOTH, memory, question, wanted, set(names))


@pytest.mark.parametrize("text", ["What is Archie afraid of?", "Что дал ветеринар собаке?"])
@pytest.mark.parametrize(
    "where",
    [
        Filter(exclude_ids=["c1", "nobody"]),
        Filter(exclude_ids=["c0", "c2", "c4"]),
        Filter(collections=["documents"]),
        Filter(conversations=["chat", "third"]),
        Filter(exclude_conversations=["chat"]),
        Filter(before=datetime.fromisoformat("2026-05-13T10:00:00Z")),
        Filter(after=datetime.fromisoformat("2026-05-12T12:00:00+03:00")),
        Filter(conversations=["nobody"]),
    ],
)
def test_filters_apply_inside(world: World, where: Filter, text: str) -> None:
    """What is excluded neither shows nor lifts its neighbours, though it counts for how rare words
    are; nor does it count for its session."""

    def passes(item: Item) -> bool:
        time, talk = item.timestamp, item.conversation
        return (
            item.id not in (where.exclude_ids or ())
            and (where.collections is None or item.collection in where.collections)
            and (where.conversations is None or talk in where.conversations)
            and (where.exclude_conversations is None or talk not in where.exclude_conversations)
            and (where.before is None or (time is not None and time < where.before))
            and (where.after is None or (time is not None and time > where.after))
        )

    names = [*world.items]
    allowed = {name for name, item in world.items.items() if passes(item)}
    question = world.question(text, [], BOTH)
    memory = world.memory(names, BOTH, Formula())
    check(world, names, BOTH, memory, question, Wanted(where, 10, pinned=["c1"]), allowed)


def ranking(
    memory: Memory, world: World, text: str, formula: Formula
) -> list[tuple[str, Any, Any]]:
    ranked = ranker(BOTH, formula).rank(
        memory, world.question(text, [], BOTH), Wanted(Filter(), 10)
    )
    names = names_of(memory, ranked, world)
    return [
        (name, pytest.approx(float(score), abs=1e-5), pytest.approx(float(cosine), abs=1e-5))
        for name, score, cosine in zip(names, ranked.score, ranked.cosine, strict=True)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_what_was_removed_leaves_no_trace(world: World, seed: int) -> None:
    """After any adding and removing a memory is one that never had the removed items."""
    rng, names = random.Random(seed), [*world.items]
    gone = set(rng.sample(names, 7))
    memory = world.memory([], BOTH, Formula())
    there: set[str] = set()
    wishes = names + [rng.choice(names) for _ in range(60)]
    for name in [*wishes, *(name for name in names if name in gone)]:
        entry = world.entry(name, BOTH)
        if name in there:
            memory.remove(entry.placement.row, entry.terms)
            there.discard(name)
        elif name not in gone or rng.random() < 0.7:
            memory.add(entry)
            there.add(name)
    for name in names:
        entry = world.entry(name, BOTH)
        if name in gone:
            memory.remove(entry.placement.row, entry.terms)
        elif name not in there:
            memory.add(entry)
    kept = [name for name in names if name not in gone]
    fresh = world.memory(kept, BOTH, Formula())
    built = Memory(world.dimensions, Formula())
    built.build([world.entry(name, BOTH) for name in kept])
    assert len(memory) == len(fresh) == len(built) == len(kept)
    for text, _ in QUESTIONS[:4]:
        found = ranking(fresh, world, text, Formula())
        assert {name for name, _, _ in found} <= set(kept)
        assert ranking(memory, world, text, Formula()) == found
        assert ranking(built, world, text, Formula()) == found
    for name in kept:
        entry = world.entry(name, BOTH)
        memory.remove(entry.placement.row, entry.terms)
        memory.remove(entry.placement.row, entry.terms)
    assert len(memory) == 0
    assert ranking(memory, world, "Archie", Formula()) == []


def test_small_pools_lose_little(world: World) -> None:
    """A pool of three, of every lane's best and their neighbours, finds the same best item."""
    names = [*world.items]
    small = replace(Formula(), pool=3, late_pool=3)
    memory = world.memory(names, BOTH, small)
    for text, _ in QUESTIONS[:4]:
        wide = ranking(memory, world, text, Formula())
        ranked = ranker(BOTH, small).rank(
            memory, world.question(text, [], BOTH), Wanted(Filter(), 1)
        )
        assert names_of(memory, ranked, world)[0] == wide[0][0]
        assert len(ranked.slots) < len(names)
        left = next(name for name in names if name not in names_of(memory, ranked, world))
        # What is pinned is looked at nevertheless, unless it is excluded.
        for excluded, there in (((), True), ((left,), False)):
            wanted = Wanted(Filter(exclude_ids=excluded), 1, pinned=[left])
            ranked = ranker(BOTH, small).rank(memory, world.question(text, [], BOTH), wanted)
            assert (left in names_of(memory, ranked, world)) is there
