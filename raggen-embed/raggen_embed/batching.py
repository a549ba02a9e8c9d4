"""One thread works for the model, in micro-batches, so that the event loop never waits for it.

There is no timer: the thread takes what waits whenever the model is free, sorted by length into
batches. Searches go before bulk work, and between two batches of bulk work the thread looks for
searches again.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from raggen_embed.encoder import Encoding
from raggen_embed.engine import Kind
from raggen_embed.errors import NotReady, Overloaded, TooMuchText
from raggen_embed.fusion import Dense
from raggen_embed.metrics import BATCH_WINDOWS, STAGE_SECONDS

# Padded tokens in a batch: larger ones are no faster (measured from 200 on), and a search waits for
# one that has begun, some 30 ms.
MAX_BATCH_TOKENS = 512
# Windows that are sorted together: more would be padded less, and the longest would wait longer.
ROUND = 128
# Windows a second before the first measurement.
FIRST_RATE = 100.0


# Texts that each fit the model, and their kinds → their encodings.
Encode = Callable[[list[str], list[Kind]], list[Encoding]]


class _Job:
    """Texts of one caller, and what is encoded of them so far."""

    def __init__(self, texts: list[str], tokens: list[int], kinds: list[Kind]) -> None:
        self.texts = texts
        self.tokens = tokens
        self.kinds = kinds
        self.encodings: list[Encoding | None] = [None] * len(texts)
        self.missing = len(texts)
        self.submitted = time.perf_counter()
        self.is_begun = False
        self.future: Future[list[Encoding]] = Future()

    def keep(self, index: int, encoding: Encoding) -> None:
        """Take the encoding of a text; the last one is the caller's answer."""
        # An item's vectors of tokens would be a gigabyte in a full queue.
        self.encodings[index] = (
            encoding if self.kinds[index] == "question" else encoding.without_floats()
        )
        self.missing -= 1
        if not self.missing:
            with suppress(InvalidStateError):  # its caller has gone
                self.future.set_result([one for one in self.encodings if one is not None])


class _Line:
    """Windows that wait, the oldest first in rounds; those of a round shortest first, or short ones
    would be padded to the longest of their batch."""

    def __init__(self) -> None:
        self._windows: deque[tuple[_Job, int]] = deque()
        self._round: deque[tuple[_Job, int]] = deque()

    def __len__(self) -> int:
        return len(self._windows) + len(self._round)

    def add(self, job: _Job) -> None:
        self._windows.extend((job, index) for index in range(len(job.texts)))

    def batch(self) -> list[tuple[_Job, int]]:
        """Windows for one batch; those whose caller has gone are left out."""
        batch: list[tuple[_Job, int]] = []
        while self._round or (not batch and self._begin_round()):
            job, index = self._round[0]
            if not job.future.done():  # cancelled by its caller, or an earlier batch of it failed
                if batch and job.tokens[index] * (len(batch) + 1) > MAX_BATCH_TOKENS:
                    break
                batch.append((job, index))
            self._round.popleft()
        return batch

    def _begin_round(self) -> bool:
        taken = [self._windows.popleft() for _ in range(min(ROUND, len(self._windows)))]
        self._round.extend(sorted(taken, key=lambda window: window[0].tokens[window[1]]))
        return bool(taken)

    def clear(self) -> set[_Job]:
        """Let all go; the jobs that they belong to."""
        jobs = {job for job, _ in (*self._round, *self._windows)}
        self._round.clear()
        self._windows.clear()
        return jobs


class Batcher:
    """A bounded queue in front of a model."""

    def __init__(self, encode: Encode, limit: int, role: Dense = "main") -> None:
        """Start the thread that calls ``encode``; at most ``limit`` windows may wait. ``role`` is
        what metrics call the model."""
        self._role = role
        self._encode_batch = encode
        self._limit = limit
        self._urgent = _Line()
        self._bulk = _Line()
        self._rate = FIRST_RATE
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)
        self._thread.start()

    def submit(
        self, texts: list[str], tokens: list[int], kinds: list[Kind], *, urgent: bool
    ) -> Future[list[Encoding]]:
        """Queue windows of text; the future's encodings are in their order.

        Args:
            texts: windows, each of which fits the model.
            tokens: their lengths in tokens.
            kinds: what each is; of questions the tokens' vectors are kept.
            urgent: a person waits for it (a search), as opposed to bulk work.

        Raises:
            TooMuchText: more than the whole queue may hold.
            Overloaded: too much is waiting; says when to come back.
            NotReady: the process is stopping.
        """
        job = _Job(texts, tokens, kinds)
        if not texts:
            job.future.set_result([])
            return job.future
        with self._changed:
            if self._closed:
                raise NotReady(
                    "raggen-embed is stopping: send this again in 5 seconds.", retry_after=5
                )
            if len(texts) > self._limit:
                sentence = (
                    f"The texts make {len(texts)} windows, and at most {self._limit} can wait: "
                    "send fewer or shorter texts at once."
                )
                raise TooMuchText(sentence, details={"windows": len(texts), "limit": self._limit})
            # Searches are few and short: they are let in over the limit that bulk work fills.
            limit = self._limit * 2 if urgent else self._limit
            if self.waiting + len(texts) > limit:
                seconds = max(1, math.ceil(self.waiting / self._rate))
                sentence = f"Too much text is waiting: send this again in {seconds} seconds."
                raise Overloaded(sentence, retry_after=seconds)
            (self._urgent if urgent else self._bulk).add(job)
            self._changed.notify()
        return job.future

    @property
    def waiting(self) -> int:
        """How many windows wait."""
        return len(self._urgent) + len(self._bulk)

    def close(self) -> None:
        """Refuse what waits and stop the thread after the batch that it works on."""
        with self._changed:
            self._closed = True
            waiting = self._urgent.clear() | self._bulk.clear()
            self._changed.notify()
        for job in waiting:
            sentence = "raggen-embed is stopping: send this again in 5 seconds."
            _fail(job, NotReady(sentence, retry_after=5))
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._urgent or self._bulk or self._closed):
                    self._changed.wait()
                if self._closed:
                    return
                batch = self._urgent.batch() or self._bulk.batch()
            if batch:
                self._encode(batch)

    def _encode(self, batch: list[tuple[_Job, int]]) -> None:
        started = time.perf_counter()
        for job in {job for job, _ in batch if not job.is_begun}:
            job.is_begun = True
            STAGE_SECONDS.labels("encode_wait").observe(started - job.submitted)
        BATCH_WINDOWS.labels(self._role).observe(len(batch))
        try:
            encodings = self._encode_batch(
                [job.texts[index] for job, index in batch],
                [job.kinds[index] for job, index in batch],
            )
        except Exception as error:  # noqa: BLE001 - handed to whoever waits; the thread must live on
            for job, _ in batch:
                _fail(job, error)
            return
        took = time.perf_counter() - started
        STAGE_SECONDS.labels("encode").observe(took)
        self._rate += 0.2 * (len(batch) / max(took, 1e-6) - self._rate)
        for (job, index), encoding in zip(batch, encodings, strict=True):
            job.keep(index, encoding)


def _fail(job: _Job, error: Exception) -> None:
    with suppress(InvalidStateError):  # its caller has gone
        job.future.set_exception(error)
