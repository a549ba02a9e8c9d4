"""What was read lately is not read again, and equal texts that wait at once are read once."""

from __future__ import annotations

import random
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pytest

from raggen_embed.batching import Batcher
from raggen_embed.embedding_cache import OVERHEAD, EmbeddingCache, Encodings
from raggen_embed.encoder import Encoder, Encoding
from raggen_embed.engine import Kind
from raggen_embed.errors import Overloaded
from raggen_embed.models import Models
from raggen_embed.preparation import Preparation

FINGERPRINT = "ab" * 32
LARGE = 1 << 20


def encoding(text: str) -> Encoding:
    """Tells its text by its numbers."""
    vector = np.full(4, len(text), np.float32)
    ids = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8).astype(np.int32)
    return Encoding(vector, ids, np.zeros((0, 1), np.uint8), np.zeros((0, 4), np.float32))


def text_of(one: Encoding) -> str:
    return bytes(one.ids.astype(np.uint8)).decode("utf-8", "surrogatepass")


class Queue:
    """A model's queue, whose answers come when the test says so."""

    def __init__(self) -> None:
        self.sent: list[tuple[list[str], Encodings]] = []

    def submit(self, texts: list[str], tokens: list[int], kinds: list[Kind]) -> Encodings:
        assert len(texts) == len(tokens) == len(kinds)
        future: Encodings = Future()
        self.sent.append((texts, future))
        return future

    def answer(self, number: int) -> None:
        texts, future = self.sent[number]
        future.set_result([encoding(text) for text in texts])


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def cache() -> EmbeddingCache:
    return EmbeddingCache(FINGERPRINT, LARGE)


def ask(
    cache: EmbeddingCache, queue: Any, *texts: str, kind: Kind = "plain", urgent: bool = False
) -> Encodings:
    tokens = [len(text) for text in texts]
    return cache.read([*texts], tokens, [kind] * len(texts), queue.submit, urgent=urgent)


def answered(future: Encodings) -> list[str]:
    return [text_of(one) for one in future.result(5)]


def test_what_was_read_is_not_read_again(cache: EmbeddingCache, queue: Queue) -> None:
    first = ask(cache, queue, "a", "bb")
    queue.answer(0)
    assert answered(first) == ["a", "bb"]
    second = ask(cache, queue, "ccc", "bb", "a", "bb")
    assert queue.sent[1][0] == ["ccc"]
    assert not second.done()
    queue.answer(1)
    assert answered(second) == ["ccc", "bb", "a", "bb"]
    assert answered(ask(cache, queue, "a", "ccc")) == ["a", "ccc"]
    assert answered(ask(cache, queue)) == []
    assert len(queue.sent) == 2
    assert cache.counts == {"hit": 5, "miss": 3, "joined": 0}


def test_kinds_are_apart_and_half_a_pair_is_a_text(cache: EmbeddingCache, queue: Queue) -> None:
    for kind in ("plain", "headed", "question"):
        ask(cache, queue, "a", "\ud83d", kind=kind)
    assert len(queue.sent) == 3


def test_models_are_apart() -> None:
    keys = {EmbeddingCache(one * 32, 0)._key("a", "plain") for one in ("ab", "cd")}
    assert len(keys) == 2
    assert all(len(key) == 16 for key in keys)


def test_equal_texts_that_wait_are_read_once(cache: EmbeddingCache, queue: Queue) -> None:
    waiting = [ask(cache, queue, "a", "bb", "a"), ask(cache, queue, "bb"), ask(cache, queue, "a")]
    assert [texts for texts, _ in queue.sent] == [["a", "bb"]]
    queue.answer(0)
    assert [answered(one) for one in waiting] == [["a", "bb", "a"], ["bb"], ["a"]]
    assert cache.counts == {"hit": 0, "miss": 2, "joined": 3}


def test_without_room_equal_texts_still_share(queue: Queue) -> None:
    cache = EmbeddingCache(FINGERPRINT, 0)
    waiting = [ask(cache, queue, "a"), ask(cache, queue, "a")]
    queue.answer(0)
    assert [answered(one) for one in waiting] == [["a"], ["a"]]
    ask(cache, queue, "a")
    assert len(queue.sent) == 2
    assert cache.size == 0


def test_a_search_does_not_wait_for_bulk_work(cache: EmbeddingCache, queue: Queue) -> None:
    bulk = ask(cache, queue, "a", "bb")
    search = ask(cache, queue, "a", urgent=True)
    assert [texts for texts, _ in queue.sent] == [["a", "bb"], ["a"]]
    more = ask(cache, queue, "a")
    queue.answer(1)
    assert answered(search) == answered(more) == ["a"]
    assert not bulk.done()
    queue.answer(0)
    assert answered(bulk) == ["a", "bb"]


def test_the_least_recently_used_goes_first(queue: Queue) -> None:
    each = OVERHEAD + 4 * 4 + 4
    cache = EmbeddingCache(FINGERPRINT, 3 * each)
    for number, text in enumerate("abc"):
        ask(cache, queue, text)
        queue.answer(number)
    ask(cache, queue, "a")  # is the youngest now
    ask(cache, queue, "d")
    queue.answer(3)
    assert cache.size == 3 * each
    assert [ask(cache, queue, text).done() for text in "acdb"] == [True, True, True, False]


def test_the_bound_holds_and_counts_what_is_there() -> None:
    cache, queue, draw = EmbeddingCache(FINGERPRINT, 20_000), Queue(), random.Random(1)
    for number in range(400):
        ask(cache, queue, "x" * draw.randrange(2000) + str(number))
        queue.answer(number)
        assert cache.size <= 20_000
    arrays = [(one.vector, one.ids) for one in cache._kept.values()]
    assert len(arrays) > 1
    assert cache.size == sum(OVERHEAD + a.nbytes + b.nbytes for a, b in arrays)
    ask(cache, queue, "x" * 30_000)
    queue.answer(400)
    assert len(cache._kept) == len(arrays)  # nothing went for what does not fit


def test_a_failure_is_kept_for_nobody(cache: EmbeddingCache, queue: Queue) -> None:
    waiting = [ask(cache, queue, "a"), ask(cache, queue, "a", "bb")]
    queue.sent[0][1].set_exception(Overloaded("full", retry_after=1))
    for one in waiting:
        with pytest.raises(Overloaded):
            one.result(5)
    assert queue.sent[1][1].cancelled()  # nobody waits for "bb" any more
    again = ask(cache, queue, "a")
    queue.answer(2)
    assert answered(again) == ["a"]


def test_a_refusal_leaves_nothing_behind(cache: EmbeddingCache, queue: Queue) -> None:
    class Full:
        def submit(self, *_: object) -> Encodings:
            raise Overloaded("full", retry_after=1)

    first = ask(cache, queue, "a")
    with pytest.raises(Overloaded):
        ask(cache, Full(), "a", "bb")
    again = ask(cache, queue, "bb")
    queue.answer(0)
    queue.answer(1)
    assert (answered(first), answered(again)) == (["a"], ["bb"])


def test_who_leaves_takes_nothing_from_the_others(cache: EmbeddingCache, queue: Queue) -> None:
    first, second = ask(cache, queue, "a", "bb"), ask(cache, queue, "bb")
    assert first.cancel()
    assert not queue.sent[0][1].cancelled()
    queue.answer(0)
    assert answered(second) == ["bb"]
    with pytest.raises(CancelledError):
        first.result()
    assert answered(ask(cache, queue, "a")) == ["a"]  # it was read after all


def test_when_all_have_left_it_is_called_off(cache: EmbeddingCache, queue: Queue) -> None:
    both = [ask(cache, queue, "a"), ask(cache, queue, "a")]
    for one in both:
        one.cancel()
    assert queue.sent[0][1].cancelled()
    again = ask(cache, queue, "a")
    queue.answer(1)
    assert answered(again) == ["a"]


def test_what_is_shared_cannot_be_changed(cache: EmbeddingCache, queue: Queue) -> None:
    future = ask(cache, queue, "a")
    queue.answer(0)
    with pytest.raises(ValueError, match="read-only"):
        future.result()[0].vector[0] = 1


def test_many_threads_get_what_they_asked_for() -> None:
    """With a real queue, callers who leave, and a bound that is always met."""
    cache = EmbeddingCache(FINGERPRINT, 30 * OVERHEAD)
    encoded: list[str] = []

    def encode(texts: list[str], kinds: list[Kind]) -> list[Encoding]:
        assert len(set(zip(texts, kinds, strict=True))) == len(texts)
        encoded.extend(texts)
        return [encoding(text) for text in texts]

    batcher = Batcher(encode, 1000)

    def work(seed: int) -> None:
        draw = random.Random(seed)
        for _ in range(200):
            texts = [f"text {draw.randrange(60)}" for _ in range(draw.randrange(6))]
            urgent = draw.random() < 0.5
            future = cache.read(
                texts, [3] * len(texts), ["plain"] * len(texts),
                partial(batcher.submit, urgent=urgent), urgent=urgent,
            )  # fmt: skip
            if draw.random() < 0.2:
                future.cancel()
            else:
                assert answered(future) == texts

    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
    finally:
        batcher.close()
    assert cache.counts["hit"] > 0
    assert len(encoded) <= cache.counts["miss"]
    assert cache._flying == {}
    assert cache.size <= 30 * OVERHEAD


async def test_a_question_that_is_asked_again_is_not_encoded(encoder: Encoder) -> None:
    models = Models(encoder, None, 64)
    prepared = [Preparation(encoder.windower).text("Where is Olga going?")]
    try:
        [[first]] = await models.read("main", prepared, urgent=True)
        threads = threading.active_count()
        [[second]] = await models.read("main", prepared, urgent=True)
        [[anew]] = models.read_now("main", prepared)
    finally:
        models.close()
    assert second is first
    assert anew is not first
    assert (anew.vector == first.vector).all()
    assert models.caches["main"].counts == {"hit": 1, "miss": 1, "joined": 0}
    assert threading.active_count() == threads - 1
