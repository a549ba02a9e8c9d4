"""The ranking against a slow one, written out item by item from evaluation/study/README.md."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from ranked_world import World, row_of
from slow_ranking import NOW, WEIGHTS, Slow

from raggen_embed.background import Background
from raggen_embed.calibration import Calibration
from raggen_embed.catalogue import Filter
from raggen_embed.encoder import Encoder
from raggen_embed.fusion import Dense, Formula
from raggen_embed.memory import Memory
from raggen_embed.multilingual import Multilingual
from raggen_embed.question import Question
from raggen_embed.ranking import Ranked, Ranker, Wanted
from raggen_embed.schemas import Item


@pytest.fixture(scope="module")
def world(encoder: Encoder) -> World:
    return World(encoder, Multilingual.load(1))


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
        Filter(), 5, recency=0.7, half_life=14, now=NOW, pinned=[row_of("tea"), 999, row_of("c3")]
    )  # fmt: skip
    check(world, names, BOTH, memory, question, wanted, set(names))


@pytest.mark.parametrize("text", ["What is Archie afraid of?", "Что дал ветеринар собаке?"])
@pytest.mark.parametrize(
    "where",
    [
        Filter(exclude_rows=[row_of("c1"), 999]),
        Filter(exclude_rows=[*map(row_of, ["c0", "c2", "c4"])]),
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
            row_of(item.id) not in (where.exclude_rows or ())
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
    check(world, names, BOTH, memory, question, Wanted(where, 10, pinned=[row_of("c1")]), allowed)


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


def at_once(world: World, names: Sequence[str]) -> list[Memory]:
    """Memories of these items: built, loaded as from a snapshot, and built of a half to which the
    others were added."""
    built = world.built(names, BOTH, Formula())
    loaded = world.empty(BOTH, Formula())
    loaded.load(built.arrays())
    half = world.built(names[::2], BOTH, Formula())
    for name in names[1::2]:
        half.add(world.entry(name, BOTH))
    return [built, loaded, half]


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
            memory.remove(entry.placement.row)
            there.discard(name)
        elif name not in gone or rng.random() < 0.7:
            memory.add(entry)
            there.add(name)
    for name in names:
        entry = world.entry(name, BOTH)
        if name in gone:
            memory.remove(entry.placement.row)
        elif name not in there:
            memory.add(entry)
    kept = [name for name in names if name not in gone]
    fresh = world.memory(kept, BOTH, Formula())
    others = at_once(world, kept)
    assert {len(one) for one in (memory, fresh, *others)} == {len(kept)}
    for text, _ in QUESTIONS[:4]:
        found = ranking(fresh, world, text, Formula())
        assert {name for name, _, _ in found} <= set(kept)
        assert ranking(memory, world, text, Formula()) == found
        for other in others:
            assert ranking(other, world, text, Formula()) == found
    for name in kept:
        entry = world.entry(name, BOTH)
        memory.remove(entry.placement.row)
        memory.remove(entry.placement.row)
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
            wanted = Wanted(Filter(exclude_rows=[row_of(one) for one in excluded]), 1,
                            pinned=[row_of(left)])  # fmt: skip
            ranked = ranker(BOTH, small).rank(memory, world.question(text, [], BOTH), wanted)
            assert (left in names_of(memory, ranked, world)) is there
