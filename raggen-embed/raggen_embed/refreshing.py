"""Keeps bases fresh: makes a new one where a memory's delta has grown, or where something was
deleted from it, out of the way of searches."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from raggen_embed.building import orders
from raggen_embed.index import Index
from raggen_embed.memory import Memory
from raggen_embed.shelf import SMALLEST

# A new base is worth its while when the delta is this large, and this share of the base.
LEAST: Final = 4000
SHARE: Final = 0.125
# What was deleted has left the snapshot, too, after so many seconds without another deletion.
PURGE_SECONDS: Final = 30.0
# How long after a failure the next attempt is made: a full disk does not get better by trying.
PATIENCE_SECONDS: Final = 300.0
_LOOK_SECONDS: Final = 1.0
_STOP_SECONDS: Final = 5.0


class Refresher:
    """A thread that has snapshots made, one at a time, and puts them to use."""

    def __init__(
        self,
        index: Callable[[], Index],
        data: Path,
        database: Path,
        on_writer: Callable[[Callable[[], None]], None],
    ) -> None:
        """Start the thread.

        Args:
            index: the one that searches use now.
            data: the service's directory.
            database: the store's file.
            on_writer: runs something between two commits.
        """
        self._index = index
        self._data = data
        self._database = database
        self._on_writer = on_writer
        self._closed = threading.Event()
        self._not_before: dict[str, float] = {}
        self._deaths: dict[str, tuple[int, float]] = {}
        self._log = structlog.get_logger("raggen_embed.index")
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, and stop what is being made."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(_LOOK_SECONDS):
            index = self._index()
            for owner, memory in index.memories().items():
                if self._closed.is_set() or not self._wants(owner, memory):
                    continue
                try:
                    done = self._refresh(index, owner)
                except Exception:  # noqa: BLE001 - logged with its traceback
                    # The index that is in use stays in use.
                    self._log.exception("snapshot not made")
                    done = False
                if not done:
                    self._not_before[owner] = time.monotonic() + PATIENCE_SECONDS

    def _wants(self, owner: str, memory: Memory) -> bool:
        now = time.monotonic()
        size, delta, dead = len(memory), memory.delta, memory.dead
        if now < self._not_before.get(owner, 0):
            return False
        if size < SMALLEST:
            return memory.base_is_mapped
        if delta + dead > max(LEAST, SHARE * memory.base) or not memory.base_is_mapped:
            return True
        known, since = self._deaths.get(owner, (0, now))
        if known != dead:
            self._deaths[owner] = (dead, now)
            return False
        return dead > 0 and now - since > PURGE_SECONDS

    def _refresh(self, index: Index, owner: str) -> bool:
        started = time.monotonic()
        if len(index.memories()[owner]) < SMALLEST:
            index.shelf.drop(owner)
        elif not self._make(orders(self._data, self._database, owner, index.suite)):
            return False
        memory = index.from_store(owner)
        self._on_writer(lambda: index.replace(owner, memory))
        self._deaths.pop(owner, None)
        self._log.info("base renewed", items=len(memory), seconds=time.monotonic() - started)
        return True

    def _make(self, told: str) -> bool:
        command = [sys.executable, "-m", "raggen_embed.building"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            if process.stdin is None or process.stderr is None:
                raise AssertionError("no pipes")
            process.stdin.write(told + "\n")
            process.stdin.flush()
            while process.poll() is None:
                if self._closed.wait(0.05):
                    process.kill()
            said = process.stderr.read()
        if process.returncode and not self._closed.is_set():
            self._log.warning("snapshot not made", reason=said[-500:])
        return process.returncode == 0
