"""Another set of models takes over without anybody waiting: it reads what is stored, is compared
with the one that answers, and then answers in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import structlog

from raggen_embed.building import make
from raggen_embed.catalogue import Filter
from raggen_embed.errors import DatabaseUnusable, NotReady, Overloaded, RequestError
from raggen_embed.opening import superseded
from raggen_embed.ranking import Wanted
from raggen_embed.renewal import renew_readings
from raggen_embed.serving import Serving
from raggen_embed.shelf import SMALLEST
from raggen_embed.sources import Sources
from raggen_embed.store import Store

# Stored texts that are asked of both indexes, and of how many results the share is counted.
SAMPLE: Final = 32
DEPTH: Final = 10
# Requests that had begun with the old models are answered by then.
GRACE_SECONDS: Final = 10.0
# How often the difference is read before the rest is read while writes wait.
ROUNDS: Final = 5
# After a failure it goes on where it was.
PATIENCE_SECONDS: Final = 300.0
_PAUSE_SECONDS: Final = 0.2

State = Literal["filling", "comparing", "switched", "failed"]


@dataclass(frozen=True)
class Progress:
    """How far it is: ``read`` of ``total`` items; ``overlap``: the share of the results of the old
    models that the new ones give too, once that is known."""

    state: State
    read: int
    total: int
    overlap: float | None = None


class Shadow:
    """A thread that fills a serving and hands it over."""

    def __init__(
        self,
        before: Serving,
        after: Serving,
        store: Store,
        on_writer: Callable[[Callable[[], None]], None],
        switch: Callable[[Serving], None],
    ) -> None:
        """Start the thread.

        Args:
            before: what answers.
            after: what shall.
            store: both are made of it.
            on_writer: runs something between two commits.
            switch: makes ``after`` answer; called between two commits.
        """
        self._before, self._after = before, after
        self._store = store
        self._sources = Sources(store.reader)
        self._on_writer, self._switch = on_writer, switch
        self._closed = threading.Event()
        self._left: list[int] = []
        self._log = structlog.get_logger("raggen_embed.shadow")
        self.progress = Progress("filling", 0, 0)
        self._count()
        self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what has been read stays read. Models must be closed before, or it may wait."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                self._take_over()
                break
            except NotReady:
                return  # the process is stopping
            except RequestError as error:  # a full disk, or a full queue
                self._log.warning("the new models do not take over yet", reason=error.message)
            except Exception:  # noqa: BLE001 - logged with its traceback
                self._log.exception("the new models do not take over yet")
            # What answers goes on answering.
            self.progress = replace(self.progress, state="failed")
            self._closed.wait(PATIENCE_SECONDS)
        try:
            self._tidy()
        except NotReady:
            pass
        except Exception:  # noqa: BLE001 - logged with its traceback
            self._log.exception("something is left of the models before")

    def _take_over(self) -> None:
        self.progress = replace(self.progress, state="filling")
        self._log.info("reading with the new models", items=self.progress.total)
        for _ in range(ROUNDS):
            if not self._fill() or self._closed.is_set():
                break
        self._make_snapshots()
        self._index()
        if self._closed.is_set():
            return
        self.progress = replace(self.progress, state="comparing")
        overlap = self._overlap()
        # What came meanwhile, so that writes wait for little.
        self._fill()
        self._index()
        if self._closed.is_set():
            return
        self._on_writer(self._finish)
        self.progress = replace(self.progress, state="switched", overlap=overlap)
        self._log.info("the new models answer", overlap=overlap)

    def _fill(self) -> int:
        """Read what is unread; how many items that was."""
        already = self._count().read

        def tell(read: int) -> bool:
            now = min(already + read, self.progress.total)
            self.progress = replace(self.progress, read=now)
            return not self._closed.is_set()

        after = self._after
        upkeep = self._store.upkeep
        return renew_readings(
            self._sources, upkeep, after.preparation, after.readers, self._on_writer, tell
        )

    def _count(self) -> Progress:
        total = sum(self._sources.owners().values())
        unread = self._sources.unread_count(self._after.readers.reads)
        self.progress = replace(self.progress, read=max(0, total - unread), total=total)
        return self.progress

    def _make_snapshots(self) -> None:
        """In processes of their own: here, this would slow down searches, and could not be
        stopped."""
        for owner, items in self._sources.owners().items():
            if self._closed.is_set():
                return
            if items >= SMALLEST:
                make(self._after.index, owner, self._store.path, self._on_writer, self._closed)

    def _index(self) -> None:
        """Fill the index as far as that is possible while others write: what has not been read yet
        comes between."""
        for _ in range(ROUNDS):
            if self._closed.is_set():
                return
            try:
                self._after.index.fill(self._store.generation)
            except DatabaseUnusable:
                self._fill()
            else:
                return

    def _finish(self) -> None:
        """Between two commits: the last difference, then the switch."""
        after, store = self._after, self._store
        renew_readings(self._sources, store.upkeep, after.preparation, after.readers)
        after.index.fill(store.generation)
        store.upkeep.activate(after.readers.numbers.values())
        self._switch(after)

    def _tidy(self) -> None:
        """Let go of the models before, once nobody waits for them, and of their snapshots, in which
        nobody would look after deletions."""
        self._closed.wait(GRACE_SECONDS)
        while any(self._before.models.waiting.values()):
            if self._closed.wait(GRACE_SECONDS):
                return
        if self.progress.state != "switched" or self._closed.is_set():
            return
        self._before.models.close()
        self._on_writer(self._sweep)
        # In pieces, between which others write.
        while self._left and not self._closed.is_set():
            self._on_writer(self._forget_some)

    def _sweep(self) -> None:
        self._after.shelf.sweep(self._sources.owners(), half_written=False)
        self._left = superseded(self._store)

    def _forget_some(self) -> None:
        if self._store.upkeep.forget_some(self._left[-1]):
            self._left.pop()

    def _overlap(self) -> float | None:
        """Ask both for what is stored; the mean share of results that both give."""
        shares: list[float] = []
        for owner, memory in self._after.index.memories().items():
            rows, _ = memory.catalogue.stored()
            step = max(1, len(rows) // SAMPLE)
            asked = self._store.reader.rows(rows[::step][: SAMPLE - len(shares)].tolist())
            for stored in asked.values():
                if self._closed.is_set():
                    return None
                before, after = (
                    self._found(one, owner, stored.item.text) for one in (self._before, self._after)
                )
                if before:
                    shares.append(len(before & after) / len(before))
            if len(shares) >= SAMPLE:
                break
        return round(float(np.mean(shares)), 3) if shares else None

    def _found(self, serving: Serving, owner: str, text: str) -> set[int]:
        while True:
            try:
                question = serving.searching.question_now(owner, text, serving.index)
                break
            except Overloaded:  # by others, who go first
                self._closed.wait(_PAUSE_SECONDS)
        wanted = Wanted(where=Filter(), count=DEPTH)
        found = serving.index.search(owner, question, wanted, serving.searching.ranker)
        return set() if found is None else {*found.rows[:DEPTH].tolist()}
