"""BM25 in memories of one and of many items."""

from __future__ import annotations

import numpy as np
import pytest

from raggen_embed.lexical import WHOLE, Matches, WordLane


def lane_of(items: list[list[int]], scope: int = 0, built: bool = False) -> WordLane:
    lane = WordLane()
    terms = [
        (np.array(sorted(set(keys)), np.int64),
         np.array([keys.count(key) * WHOLE for key in sorted(set(keys))], np.int32))
        for keys in items
    ]  # fmt: skip
    if built:
        lane.build(np.arange(len(items), dtype=np.int32), [scope] * len(items), terms)
    else:
        for slot, (keys, counts) in enumerate(terms):
            lane.add(slot, scope, keys, counts)
    return lane


def search(lane: WordLane, keys: list[int], size: int, scope: int = 0) -> Matches:
    return lane.search(np.array(keys, np.int64), scope, np.ones(size, np.bool_))


@pytest.mark.parametrize("size", [1, 5, 100, 20_000])
def test_coverage_means_the_same_in_memories_of_all_sizes(size: int) -> None:
    fillers = [[1000 + n * 10 + k for k in range(10)] for n in range(size - 1)]
    lane = lane_of([[1, 2, *range(3, 11)], *fillers], built=True)
    both, one = search(lane, [1, 2], size), search(lane, [1, 999], size)
    assert both.scores[0] / both.idf.sum() == pytest.approx(1, abs=0.1)
    assert 0.35 < one.scores[0] / one.idf.sum() < 0.55
    assert np.count_nonzero(both.scores) == 1


def test_adding_and_building_are_the_same() -> None:
    items = [[1, 2, 2], [2, 3], [4]]
    one, other = search(lane_of(items), [2, 4], 3), search(lane_of(items, built=True), [2, 4], 3)
    assert one.scores.tolist() == other.scores.tolist()


def test_what_is_removed_leaves_no_trace() -> None:
    lane, fresh = lane_of([[1, 2], [2, 3]]), lane_of([[1, 2]])
    lane.remove(1, np.array([2, 3], np.int64))
    assert lane._postings.keys() == fresh._postings.keys()
    assert search(lane, [1, 2, 3], 1).scores.tolist() == search(fresh, [1, 2, 3], 1).scores.tolist()


def test_other_owners_do_not_count() -> None:
    lane = lane_of([[1, 2]])
    alone = search(lane, [1], 1)
    for slot in range(1, 50):
        lane.add(slot, 7, np.array([1], np.int64), np.array([WHOLE], np.int32))
    crowded = search(lane, [1], 50)
    assert crowded.scores[0] == alone.scores[0]
    assert np.count_nonzero(crowded.scores) == 1
