"""Keeps bases fresh: makes a new one where a memory's delta has grown, or where something was
deleted from it, out of the way of searches."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from raggen_embed.building import make
from raggen_embed.freed import give_back
from raggen_embed.index import Index
from raggen_embed.memory import Memory
from raggen_embed.shelf import SMALLEST

# A new base is worth its while when the delta is this large, and this share of the base.
LEAST: Final = 4000
LEAST_OF_SMALL: Final = 500
SHARE: Final = 0.125
# What was deleted has left the snapshot, too, after so many seconds without another deletion.
PURGE_SECONDS: Final = 30.0
# … and after so many where deletions do not cease.
PURGE_AT_LAST_SECONDS: Final = 600.0
# How long after a failure the next attempt is made: a full disk does not get better by trying.
PATIENCE_SECONDS: Final = 300.0
_LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True)
class _Deaths:
    """How many items of a base have been removed, and when the first and the last of them were
    noticed."""

    count: int
    first: float
    last: float


class Refresher:
    """A thread that has snapshots made, one at a time, and puts them to use."""

    def __init__(
        self,
        index: Callable[[], Index],
        database: Path,
        on_writer: Callable[[Callable[[], None]], None],
    ) -> None:
        """Start the thread.

        Args:
            index: the one that searches use now.
            database: the store's file.
            on_writer: runs something between two commits.
        """
        self._index = index
        self._database = database
        self._on_writer = on_writer
        self._closed = threading.Event()
        self._not_before: dict[str, float] = {}
        self._deaths: dict[str, _Deaths] = {}
        self._log = structlog.get_logger("raggen_embed.index")
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, and stop what is being made."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(_LOOK_SECONDS):
            try:
                self._look()
            except Exception:  # noqa: BLE001 - logged with its traceback
                self._log.exception("bases not looked after")

    def _look(self) -> None:
        index = self._index()
        memories = index.memories()
        for known in (self._not_before, self._deaths):
            for owner in known.keys() - memories.keys():
                del known[owner]
        wanted = [owner for owner, memory in memories.items() if self._wants(owner, memory)]
        del memories  # or those that are replaced would stay
        for owner in wanted:
            if self._closed.is_set() or self._index() is not index:
                return
            try:
                done = self._refresh(index, owner)
            except Exception:  # noqa: BLE001 - logged with its traceback
                # The index that is in use stays in use.
                self._log.exception("base not renewed")
                done = False
            if not done:
                self._not_before[owner] = time.monotonic() + PATIENCE_SECONDS

    def _wants(self, owner: str, memory: Memory) -> bool:
        now = time.monotonic()
        size, delta, dead = len(memory), memory.delta, memory.dead
        if now < self._not_before.get(owner, 0):
            return False
        if size < SMALLEST:
            # Whoever writes the same few items over and over leaves a dead slot each time.
            return memory.base_is_mapped or delta > max(LEAST_OF_SMALL, 2 * size)
        if delta + dead > max(LEAST, SHARE * memory.base) or not memory.base_is_mapped:
            return True
        if not dead:
            self._deaths.pop(owner, None)
            return False
        before = self._deaths.get(owner, _Deaths(0, now, now))
        if before.count != dead:
            before = self._deaths[owner] = _Deaths(dead, before.first, now)
        return now - before.last > PURGE_SECONDS or now - before.first > PURGE_AT_LAST_SECONDS

    def _refresh(self, index: Index, owner: str) -> bool:
        started = time.monotonic()
        memory = index.memories().get(owner)
        if memory is None:
            return True
        is_small = len(memory) < SMALLEST
        del memory
        if is_small:
            index.shelf.drop(owner)
        elif not make(index, owner, self._database, self._on_writer, self._closed):
            return False
        fresh = index.from_store(owner)
        # What came meanwhile: what comes during this is little, and writes wait for no more.
        fresh = index.level(owner, fresh)
        self._on_writer(lambda: self._swap(index, owner, fresh))
        self._deaths.pop(owner, None)
        give_back()
        self._log.info("base renewed", items=len(fresh), seconds=time.monotonic() - started)
        return is_small or fresh.base_is_mapped

    def _swap(self, index: Index, owner: str, fresh: Memory) -> None:
        if self._index() is index:
            index.replace(owner, fresh)
        else:
            # Other models answer by now, and nobody would look after these models' snapshots.
            index.shelf.drop(owner)
