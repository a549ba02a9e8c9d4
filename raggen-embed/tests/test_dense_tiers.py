"""Each tier of the dense lane on vectors like those of texts, with its thresholds moved so that a
few ten thousand vectors reach it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from dense_world import (
    Floats,
    Mask,
    Truth,
    add,
    built,
    like_texts,
    listed,
    mapped,
    nearest,
    reloaded,
    rows_of,
)

from raggen_embed.dense import DenseIndex
from raggen_embed.rabitq import RaBitQ
from raggen_embed.tiers import Tier, Tiers

D = 192
ITEMS = 32_000  # of 1.5 windows on average
WANTED = 10
QUESTIONS = 40
EXACT = Tiers(exact=60_000)
CODES = Tiers(exact=1000, candidates=100)
LISTS = Tiers(exact=1000, codes=2000, candidates=100)
IDS = ["exact", "codes", "lists"]


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """Items and questions: a question is near one of the items, as people's are."""

    truth: Truth
    questions: Floats


@pytest.fixture(scope="module")
def world() -> World:
    rng = np.random.default_rng(11)
    counts = rng.integers(1, 3, ITEMS)
    vectors = like_texts(rng, int(counts.sum()) + 500, D)
    starts = np.cumsum(counts) - counts
    truth = {
        slot: vectors[start : start + count]
        for slot, (start, count) in enumerate(zip(starts.tolist(), counts.tolist(), strict=True))
    }
    asked = vectors[rng.permutation(len(vectors))[:QUESTIONS]]
    noise = rng.normal(size=asked.shape).astype(np.float32) * 0.03
    questions = asked + noise
    return World(truth, questions / np.linalg.norm(questions, axis=1, keepdims=True))


class Brute:
    """The same items in one matrix."""

    def __init__(self, truth: Truth) -> None:
        self.slots, self.rows = rows_of(truth)

    def best(self, question: Floats, allowed: Mask | None) -> list[int]:
        """The nearest slots."""
        order = np.argsort(-(self.rows @ question), kind="stable")
        slots = self.slots[order]
        if allowed is not None:
            slots = slots[allowed[slots]]
        _, first = np.unique(slots, return_index=True)
        return [int(slot) for slot in slots[np.sort(first)[:WANTED]]]


def recall(index: DenseIndex, truth: Truth, questions: Floats, allowed: Mask | None) -> float:
    """Which share of the nearest items are found; what is found is allowed, and its cosines and
    windows are those of the vectors."""
    brute, shares = Brute(truth), []
    for question in questions:
        found = index.search(question, allowed, WANTED)
        assert len(found.slots) == WANTED
        assert (np.diff(found.cosines) <= 0).all()
        own = {slot: truth[slot] for slot in found.slots.tolist()}
        exact = {slot: cosine for slot, cosine, _ in nearest(own, question, allowed)}
        assert set(exact) == set(own)
        for slot, cosine, window in listed(found):
            assert cosine == np.vecdot(own[slot], question)[window] <= exact[slot]
        shares.append(len({*own} & {*brute.best(question, allowed)}) / WANTED)
    return float(np.mean(shares))


@pytest.fixture
def coded(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether only half of the lists was looked at, for each question that codes were asked."""
    asked: list[bool] = []
    whole = RaBitQ.nearest

    def noted(
        self: RaBitQ, query: Floats, live: Mask | None, count: int, *, half: bool
    ) -> npt.NDArray[np.int64]:
        asked.append(half)
        return whole(self, query, live, count, half=half)

    monkeypatch.setattr(RaBitQ, "nearest", noted)
    return asked


@pytest.mark.parametrize(
    ("tiers", "tier"), [(EXACT, "exact"), (CODES, "codes"), (LISTS, "lists")], ids=IDS
)
def test_recall_through_filters_removals_adds_and_a_snapshot(
    tiers: Tiers, tier: Tier, world: World, coded: list[bool], tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    truth, index = dict(world.truth), built(world.truth, D, tiers)
    assert index.tier == tier
    required = 1.0 if tier == "exact" else 0.99
    loaded = reloaded(index, tmp_path, D, tiers)
    for slot in rng.permutation(ITEMS)[: ITEMS // 10].tolist():
        loaded.remove(slot)
        del truth[slot]
    late = {ITEMS + place: one[None, :] for place, one in enumerate(like_texts(rng, 1000, D))}
    add(loaded, late)
    truth |= late
    for slot in range(ITEMS, ITEMS + 1000, 7):
        loaded.remove(slot)
        del truth[slot]
    assert len(loaded) == sum(map(len, truth.values()))
    for share in (None, 0.5, 0.1, 0.01):
        allowed = None if share is None else rng.random(ITEMS + 1000) < share
        within = {s: rows for s, rows in truth.items() if allowed is None or allowed[s]}
        coded.clear()
        found = recall(loaded, truth, world.questions, allowed)
        assert found >= required, share
        if share == 0.01 or tier == "exact":
            # So few are compared exactly, at every tier.
            assert not coded
            found = recall(loaded, within, world.questions, allowed)
            assert found == 1
        else:
            assert len(coded) >= QUESTIONS
            if share != 0.5:
                # Half of the lists, but all of them for what a filter leaves.
                assert {*coded} == {tier == "lists" and share is None}


@pytest.mark.parametrize("tiers", [EXACT, CODES, LISTS], ids=IDS)
def test_loaded_is_built_to_the_last_bit(tiers: Tiers, world: World, tmp_path: Path) -> None:
    index = built(world.truth, D, tiers)
    arrays = mapped(index, tmp_path)
    assert arrays["vectors"].dtype == np.float16
    assert not arrays["vectors"].flags.writeable
    loaded = DenseIndex(D, tiers)
    loaded.load(arrays)
    # Held by what was loaded alone from now on.
    del arrays
    again = built(world.truth, D, tiers)
    allowed = np.random.default_rng(1).random(ITEMS) < 0.3
    some = np.arange(0, ITEMS + 9, 50, dtype=np.int32)
    for question in world.questions:
        for mask in (None, allowed):
            expected = listed(index.search(question, mask, 30))
            assert listed(loaded.search(question, mask, 30)) == expected
            # What is trained is trained the same each time.
            assert listed(again.search(question, mask, 30)) == expected
        assert listed(loaded.score(question, some)) == listed(index.score(question, some))
    assert loaded.counts(some).tolist() == index.counts(some).tolist()
    assert loaded.tier == index.tier


def test_the_vectors_of_a_mapped_file_are_not_copied(tmp_path: Path, world: World) -> None:
    loaded = DenseIndex(D, EXACT)
    arrays = mapped(built(world.truth, D, EXACT), tmp_path)
    loaded.load(arrays)
    base = loaded._base
    assert base is not None
    assert np.shares_memory(base.rows.vectors, arrays["vectors"])
    assert np.shares_memory(base.slots, arrays["slots"])
    start = arrays["vectors"].ctypes.data
    # FAISS's own pointer.
    assert int(base.rows._scanner.codes.data()) == start


def test_codes_ask_for_more_where_one_item_fills_the_candidates(world: World) -> None:
    """300 windows of one item are nearer than everything else, and 100 candidates are asked for."""
    question = world.questions[0]
    noise = np.random.default_rng(2).normal(size=(300, D)).astype(np.float32) * 0.01
    long = (question + noise).astype(np.float16).astype(np.float32)
    truth = {**world.truth, ITEMS: long}
    index = built(truth, D, CODES)
    found = index.search(question, None, WANTED)
    assert found.slots[0] == ITEMS
    expected = [slot for slot, _, _ in nearest(truth, question, None)[:WANTED]]
    assert len({*expected} & {*found.slots.tolist()}) >= WANTED - 1


@pytest.mark.parametrize(
    ("vectors", "tier"),
    [(1, "exact"), (50_000, "exact"), (50_001, "codes"), (1_000_000, "codes"), (2**21, "lists")],
)
def test_tiers_by_size(vectors: int, tier: Tier) -> None:
    assert Tiers().of(vectors) == tier
