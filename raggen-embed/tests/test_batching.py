"""The queue in front of a model: what is read together, and who comes first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future

import numpy as np
import pytest

from raggen_embed.batching import MAX_BATCH_TOKENS, ROUND, Batcher
from raggen_embed.encoder import Encoding
from raggen_embed.engine import Kind
from raggen_embed.errors import NotReady, Overloaded, TooMuchText

NOTHING = np.zeros((0, 4), np.float32)


class Model:
    """Notes its batches, and holds the first one back until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.began, self.go_on = threading.Event(), threading.Event()

    def encode(self, texts: list[str], _kinds: list[Kind]) -> list[Encoding]:
        self.batches.append(texts)
        self.began.set()
        assert self.go_on.wait(10)
        if "bad" in texts:
            raise ValueError("bad")
        numbers = [np.array([len(text)], np.float32) for text in texts]
        tokens = np.ones((2, 4), np.float32)
        return [
            Encoding(one, np.zeros(0, np.int32), np.zeros(0, np.uint8), tokens) for one in numbers
        ]


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def batcher(model: Model) -> Iterator[Batcher]:
    batcher = Batcher(model.encode, 1000)
    yield batcher
    model.go_on.set()
    batcher.close()


def add(
    batcher: Batcher, *texts: str, urgent: bool = False, kind: Kind = "plain"
) -> Future[list[Encoding]]:
    """A text's letters are its tokens."""
    return batcher.submit([*texts], [*map(len, texts)], [kind] * len(texts), urgent=urgent)


def hold(batcher: Batcher, model: Model) -> None:
    """Let it work on something, so that all that is added now waits together."""
    add(batcher, "first")
    assert model.began.wait(10)


def test_what_waits_is_sorted_by_length(batcher: Batcher, model: Model) -> None:
    hold(batcher, model)
    lengths = [300, 20, 4, 250, 21, 256, 5, 240]
    waiting = [add(batcher, "x" * length) for length in lengths]
    assert batcher.waiting == len(lengths)
    model.go_on.set()
    assert [one.result(10)[0].vector[0] for one in waiting] == lengths
    assert [[len(text) for text in batch] for batch in model.batches[1:]] == [
        [4, 5, 20, 21],
        [240, 250],
        [256],
        [300],
    ]
    for batch in model.batches:
        assert len(batch) == 1 or max(map(len, batch)) * len(batch) <= MAX_BATCH_TOKENS
    assert batcher.waiting == 0


def test_the_oldest_are_read_first(batcher: Batcher, model: Model) -> None:
    """However many short ones come after a long one."""
    hold(batcher, model)
    long = add(batcher, "x" * 500)
    after = [add(batcher, "a") for _ in range(3 * ROUND)]
    model.go_on.set()
    for one in (long, *after):
        one.result(10)
    read = [text for batch in model.batches[1:] for text in batch]
    assert read.index("x" * 500) == ROUND - 1


def test_a_search_goes_before_bulk_work_and_between_its_batches(
    batcher: Batcher, model: Model
) -> None:
    hold(batcher, model)
    bulk = add(batcher, *["b" * 400] * 3)
    search = add(batcher, "search", urgent=True)
    model.go_on.set()
    search.result(10)
    bulk.result(10)
    assert model.batches == [["first"], ["search"], *[["b" * 400]] * 3]


def test_answers_are_in_the_order_of_the_texts(batcher: Batcher, model: Model) -> None:
    model.go_on.set()
    lengths = [7, 1, 300, 2, 5, 299]
    found = add(batcher, *("x" * length for length in lengths)).result(10)
    assert [one.vector[0] for one in found] == lengths
    assert add(batcher).result(10) == []


def test_only_of_questions_the_floats_of_tokens_are_kept(batcher: Batcher, model: Model) -> None:
    model.go_on.set()
    [asked] = add(batcher, "a", kind="question").result(10)
    [kept] = add(batcher, "a", kind="headed").result(10)
    assert (len(asked.tokens), len(kept.tokens)) == (2, 0)


def test_who_has_gone_is_not_read_for(batcher: Batcher, model: Model) -> None:
    hold(batcher, model)
    gone, stays = add(batcher, "gone", "too"), add(batcher, "stays")
    assert gone.cancel()
    model.go_on.set()
    stays.result(10)
    assert model.batches == [["first"], ["stays"]]
    with pytest.raises(CancelledError):
        gone.result()
    assert batcher.waiting == 0


def test_a_failure_is_of_its_batch(batcher: Batcher, model: Model) -> None:
    hold(batcher, model)
    bad, other = add(batcher, "bad", "x" * 500, "x" * 501), add(batcher, "x" * 300)
    model.go_on.set()
    with pytest.raises(ValueError, match="bad"):
        bad.result(10)
    other.result(10)
    assert model.batches[1:] == [["bad"], ["x" * 300]]


def test_too_much_is_refused_and_a_search_is_let_in(model: Model) -> None:
    batcher = Batcher(model.encode, 4)
    try:
        hold(batcher, model)
        with pytest.raises(TooMuchText):
            add(batcher, *"abcde")
        waiting = [add(batcher, *"abcd"), add(batcher, "e", urgent=True)]
        with pytest.raises(Overloaded, match="again in"):
            add(batcher, "f")
        model.go_on.set()
        for one in waiting:
            one.result(10)
    finally:
        model.go_on.set()
        batcher.close()


def test_closing_refuses_what_waits(model: Model) -> None:
    batcher = Batcher(model.encode, 1000)
    hold(batcher, model)
    waiting = [add(batcher, "a", "b"), add(batcher, "c", urgent=True)]
    closing = threading.Thread(target=batcher.close)
    closing.start()
    for one in waiting:
        with pytest.raises(NotReady):
            one.result(10)
    model.go_on.set()
    closing.join(10)
    assert not closing.is_alive()
    with pytest.raises(NotReady):
        add(batcher, "d")
