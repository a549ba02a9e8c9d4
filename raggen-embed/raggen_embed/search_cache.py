"""Answers to searches that were asked before and cannot have changed.

An answer is kept under the generation of the index that it was made from, and the first search or
write of another generation throws all older ones away: a cache of one generation cannot be stale,
and holds no text of what was deleted.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import Final

from raggen_embed.index import Index
from raggen_embed.search_schemas import SearchRequest, SearchResponse

# What Python keeps around a result besides its text: an estimate, not measured.
_OVERHEAD: Final = 3000

Ask = Callable[[], Awaitable[SearchResponse]]


class SearchCache:
    """For the event loop's thread alone; the least recently used answer goes first."""

    def __init__(self, limit: int) -> None:
        """``limit``: bytes that the answers may take; 0 keeps none, and equal searches that wait
        at once still share one."""
        self.counts: Counter[str] = Counter(hit=0, miss=0, joined=0)
        self._limit = limit
        self._size = 0
        self._of: tuple[Index | None, int] = (None, -1)
        self._kept: OrderedDict[bytes, SearchResponse] = OrderedDict()
        self._flying: dict[bytes, asyncio.Task[SearchResponse]] = {}

    async def answer(self, request: SearchRequest, index: Index, ask: Ask) -> SearchResponse:
        """What ``ask`` answers to ``request``, or answered before in this state of ``index``.

        Raises:
            RequestError: whatever ``ask`` raises; kept for nobody.
        """
        if request.recency:
            return await ask()  # what is new grows old by itself, without any write
        started = time.perf_counter()
        self.level(index)
        key = _key(request)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            self.counts["hit"] += 1
            took = round((time.perf_counter() - started) * 1000, 2)
            return kept.model_copy(update={"cached": True, "took_ms": took})
        flying = self._flying.get(key)
        if flying is not None:
            self.counts["joined"] += 1
            return await asyncio.shield(flying)
        self.counts["miss"] += 1
        # A task of its own: its first caller may leave while others wait for it.
        task = asyncio.ensure_future(self._fly(key, index, ask))
        task.add_done_callback(_look)
        self._flying[key] = task
        return await asyncio.shield(task)

    def level(self, index: Index) -> None:
        """Throw away what was not made from ``index`` as it is now."""
        if self._of[0] is not index or self._of[1] != index.generation:
            self._of = (index, index.generation)
            self._kept.clear()
            self._flying.clear()
            self._size = 0

    async def _fly(self, key: bytes, index: Index, ask: Ask) -> SearchResponse:
        try:
            response = await ask()
            self.level(index)
            # A commit may have come in between: the answer says of which state it is.
            if self._of[1] == response.generation:
                self._keep(key, response)
            return response
        finally:
            if self._flying.get(key) is asyncio.current_task():
                del self._flying[key]

    def _keep(self, key: bytes, response: SearchResponse) -> None:
        size = _bytes(response)
        if size > self._limit:
            return
        before = self._kept.pop(key, None)
        self._size += size - (0 if before is None else _bytes(before))
        self._kept[key] = response
        while self._size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._size -= _bytes(oldest)


def _look(task: asyncio.Task[SearchResponse]) -> None:
    """Take note of how it ended, also where nobody waits any more."""
    if not task.cancelled():
        task.exception()


def _key(request: SearchRequest) -> bytes:
    """A hash: the cache holds no question."""
    return blake2b(request.model_dump_json().encode(), digest_size=16).digest()


def _bytes(response: SearchResponse) -> int:
    letters = sum(len(one.text.encode()) for one in response.results)
    return _OVERHEAD * (1 + len(response.results)) + 2 * letters
