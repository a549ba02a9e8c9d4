"""One thread owns all writes: it takes what waits as one commit, which costs the same for 1 or 32
items."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from raggen_embed.changes import Change, Outcome
from raggen_embed.errors import NotReady

MAX_GROUP = 64
# How often the thread tries again to clean the write-ahead log, where a reader was in the way.
_IDLE_SECONDS = 0.2

Apply = Callable[[Sequence[Sequence[Change]]], list[list[Outcome]]]
T = TypeVar("T")
_Entry = tuple[list[Change], Future[list[Outcome]]]


@dataclass(frozen=True, eq=False)
class _Job(Generic[T]):
    """Something else that only the writing thread may do, between two commits."""

    work: Callable[[], T]
    future: Future[T]

    def run(self) -> None:
        try:
            result = self.work()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Writer:
    """A queue of changes in front of ``apply``, which commits and then updates the indexes."""

    def __init__(self, apply: Apply, idle: Callable[[], bool]) -> None:
        """Start the thread. ``idle`` is called when nothing waits, until it returns True."""
        self._apply = apply
        self._idle = idle
        self._queue: queue.SimpleQueue[_Entry | _Job[Any] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, changes: list[Change]) -> Future[list[Outcome]]:
        """Queue changes; the future is done when they are durable and visible to searches.

        A caller that goes away does not undo its changes.
        """
        future: Future[list[Outcome]] = Future()
        future.set_running_or_notify_cancel()
        self._put((changes, future))
        return future

    def run(self, work: Callable[[], T]) -> T:
        """Do something between two commits, and wait for it.

        Raises:
            NotReady: the process is stopping.
        """
        job = _Job(work, Future[T]())
        self._put(job)
        return job.future.result()

    @property
    def waiting(self) -> int:
        """How many callers wait, about."""
        return self._queue.qsize()

    def _put(self, entry: _Entry | _Job[Any]) -> None:
        with self._closing:
            if self._closed:
                raise NotReady(
                    "raggen-embed is stopping: send this again in 5 seconds.", retry_after=5
                )
            self._queue.put(entry)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs: nothing should ever end it before ``close``."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._closing:
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        clean = False
        group: list[_Entry] = []
        while True:
            try:
                # A commit takes what waits, and waits for nobody.
                timeout = 0 if group else None if clean else _IDLE_SECONDS
                entry = self._queue.get(block=not group, timeout=timeout)
            except queue.Empty:
                if group:
                    self._write(group)
                    group = []
                else:
                    clean = self._idle()
                continue
            clean = False
            if isinstance(entry, tuple):
                group.append(entry)
                if len(group) < MAX_GROUP:
                    continue
            if group:
                self._write(group)
                group = []
            if isinstance(entry, _Job):
                entry.run()
            elif entry is None:
                return

    def _write(self, waiting: list[tuple[list[Change], Future[list[Outcome]]]]) -> None:
        try:
            outcomes = self._apply([changes for changes, _ in waiting])
        except Exception as error:  # noqa: BLE001 - handed to whoever waits; the thread must live on
            if len(waiting) == 1:
                waiting[0][1].set_exception(error)
                return
            # One caller's trouble must not be everybody's: each gets a commit of its own.
            for entry in waiting:
                self._write([entry])
            return
        for (_, future), outcome in zip(waiting, outcomes, strict=True):
            future.set_result(outcome)
