"""A commit, on the thread that writes: one transaction, then the index that searches use."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import structlog

from raggen_embed.changes import Change, Delete, Outcome, Upsert
from raggen_embed.index import Addition, Removal
from raggen_embed.metrics import STAGE_SECONDS, WRITE_ITEMS
from raggen_embed.placement import Placement
from raggen_embed.serving import Serving
from raggen_embed.store import Store

PATIENCE_SECONDS: Final = 5.0


class Commits:
    """Writes to the store and keeps the index equal to it. All but ``serving`` and ``is_damaged``
    belong to the writing thread."""

    def __init__(self, store: Store, serving: Serving) -> None:
        """``serving``: what answers at first."""
        self._store = store
        self.serving = serving
        self.is_damaged = False
        self._not_before = 0.0
        self._log = structlog.get_logger("raggen_embed.index")

    def apply(self, groups: Sequence[Sequence[Change]]) -> list[list[Outcome]]:
        """Commit the changes of several callers, and show them to searches.

        Raises:
            DiskFull: nothing of it was stored.
        """
        WRITE_ITEMS.observe(sum(map(len, groups)))
        with STAGE_SECONDS.labels("commit").time():
            outcomes = self._store.apply([self._readable(group) for group in groups])
        generation = self._store.generation
        applied: list[Removal | Addition] = []
        for changes, results in zip(groups, outcomes, strict=True):
            for change, outcome in zip(changes, results, strict=True):
                if outcome.row is None:
                    continue
                if isinstance(change, Upsert) and change.encoded is not None:
                    place = Placement.of(change.item, outcome.row, generation)
                    applied.append(Addition(place, change.encoded))
                elif isinstance(change, Delete):
                    applied.append(Removal(change.owner, outcome.row))
        self._show(applied, generation)
        return outcomes

    def idle(self) -> bool:
        """What is done when nobody writes; False: again soon."""
        if self.is_damaged:
            self._try_again()
        return self._store.scrub() and not self.is_damaged

    def switch(self, after: Serving) -> None:
        """Let other models answer, whose index is equal to the store now."""
        self.serving = after
        self.is_damaged = False

    def _show(self, applied: Sequence[Removal | Addition], generation: int) -> None:
        if self.is_damaged:
            self._try_again()
            return
        try:
            with STAGE_SECONDS.labels("index").time():
                self.serving.index.apply(applied, generation)
        except Exception:  # noqa: BLE001 - logged with its traceback
            self._log.exception("index made again")
            self._repair()

    def _readable(self, changes: Sequence[Change]) -> list[Change]:
        """The same; what other models have read than those that answer now has to be read again."""
        have_read = self.serving.readers.have_read
        return [
            Upsert(one.item, None)
            if isinstance(one, Upsert) and one.encoded is not None and not have_read(one.encoded)
            else one
            for one in changes
        ]

    def _try_again(self) -> None:
        if time.monotonic() > self._not_before:
            self._repair()

    def _repair(self) -> None:
        """The store is the truth: whatever went wrong, an index made from it is right."""
        self.is_damaged = True
        try:
            self.serving.index.refill(self._store.generation)
        except Exception:  # noqa: BLE001 - logged with its traceback
            # What was committed is committed. Searches are refused until this succeeds.
            self._not_before = time.monotonic() + PATIENCE_SECONDS
            self._log.exception("index unusable")
        else:
            self.is_damaged = False
