"""Another set of models takes over without anybody waiting: it reads what is stored, is compared
with the one that answers, and then answers in its place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import structlog

from raggen_embed.catalogue import Filter
from raggen_embed.errors import NotReady
from raggen_embed.opening import take_over
from raggen_embed.ranking import Wanted
from raggen_embed.renewal import renew_readings
from raggen_embed.serving import Serving
from raggen_embed.sources import Sources
from raggen_embed.store import Store

# Stored texts that are asked of both indexes, and of how many results the share is counted.
SAMPLE: Final = 32
DEPTH: Final = 10
# Requests that had begun with the old models are answered by then.
GRACE_SECONDS: Final = 10.0
# How often the difference is read before the rest is read while writes wait.
ROUNDS: Final = 5

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
        self._log = structlog.get_logger("raggen_embed.shadow")
        total = sum(self._sources.owners().values())
        unread = self._sources.unread_count(after.readers.reads)
        self.progress = Progress("filling", total - unread, total)
        self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what has been read stays read. Models must be closed before, or it may wait."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._take_over()
        except NotReady:
            pass  # the process is stopping
        except Exception:  # noqa: BLE001 - logged with its traceback
            # What answers goes on answering.
            self._log.exception("the new models do not take over")
            self.progress = replace(self.progress, state="failed")

    def _take_over(self) -> None:
        self._log.info("reading with the new models", items=self.progress.total)
        for _ in range(ROUNDS):
            self._fill()
            if self._closed.is_set():
                return
        self._after.index.fill(self._store.generation)
        self.progress = replace(self.progress, state="comparing")
        overlap = self._overlap()
        if self._closed.is_set():
            return
        self._on_writer(self._finish)
        self.progress = replace(self.progress, state="switched", overlap=overlap)
        self._log.info("the new models answer", overlap=overlap)
        self._closed.wait(GRACE_SECONDS)
        self._before.models.close()

    def _fill(self) -> None:
        already = self.progress.read

        def tell(read: int) -> bool:
            self.progress = replace(self.progress, read=already + read)
            return not self._closed.is_set()

        after = self._after
        upkeep = self._store.upkeep
        renew_readings(
            self._sources, upkeep, after.preparation, after.readers, self._on_writer, tell
        )

    def _finish(self) -> None:
        """Between two commits: the last difference, then the switch."""
        after, store = self._after, self._store
        renew_readings(self._sources, store.upkeep, after.preparation, after.readers)
        after.index.fill(store.generation)
        take_over(store, after)
        self._switch(after)

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
            time.sleep(0)
        return round(float(np.mean(shares)), 3) if shares else None

    def _found(self, serving: Serving, owner: str, text: str) -> set[int]:
        question = serving.searching.question_now(owner, text, serving.index)
        wanted = Wanted(where=Filter(), count=DEPTH)
        found = serving.index.search(owner, question, wanted, serving.searching.ranker)
        return set() if found is None else {*found.rows[:DEPTH].tolist()}
