"""Encodings that were asked for lately, and those that somebody waits for already.

It stands in front of a model's queue: a text that was read a moment ago is not read again, and
equal texts that wait at once are read once. It holds no text, only a hash of it; the vectors of a
deleted item stay until others push them out or the process ends, but only who has the text itself
can ask for them: a search never looks here.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

import numpy.typing as npt

from raggen_embed.encoder import Encoding
from raggen_embed.engine import Kind

# What Python keeps around four small arrays and an entry, measured.
OVERHEAD: Final = 900

Encodings = Future[list[Encoding]]
# Windows, their tokens and kinds → their encodings, sooner or later; as Batcher.submit.
Submit = Callable[[list[str], list[int], list[Kind]], Encodings]


@dataclass(eq=False)
class _Flight:
    """Windows on their way through the model, and the requests that wait for some of them."""

    keys: list[bytes]
    future: Encodings = field(default_factory=Future)
    waiting: set[_Request] = field(default_factory=set)


class _Request:
    """Windows of one caller, and what is known of them so far."""

    def __init__(self, keys: list[bytes]) -> None:
        self.future: Encodings = Future()
        self.places: dict[bytes, list[int]] = {}
        for place, key in enumerate(keys):
            self.places.setdefault(key, []).append(place)
        self.encodings: list[Encoding | None] = [None] * len(keys)
        self.flights: set[_Flight] = set()

    def take(self, key: bytes, encoding: Encoding) -> None:
        for place in self.places.pop(key, ()):
            self.encodings[place] = encoding

    def finish(self, error: BaseException | None = None) -> None:
        with suppress(InvalidStateError):  # its caller has gone
            if error is not None:
                self.future.set_exception(error)
            elif not self.places:
                self.future.set_result([one for one in self.encodings if one is not None])


class EmbeddingCache:
    """Of one model. For any thread; the least recently used goes first."""

    def __init__(self, fingerprint: str, limit: int) -> None:
        """Start empty.

        Args:
            fingerprint: of the model; its vectors are no other model's.
            limit: bytes that the encodings may take; 0 keeps none, and equal texts still share.
        """
        self.counts: Counter[str] = Counter(hit=0, miss=0, joined=0)
        self.size = 0
        self._limit = limit
        self._salt = bytes.fromhex(fingerprint)[:64]
        self._kept: OrderedDict[bytes, Encoding] = OrderedDict()
        # By urgency too: a search does not wait for what bulk work has queued.
        self._flying: dict[tuple[bytes, bool], _Flight] = {}
        self._lock = threading.Lock()

    def read(
        self,
        texts: list[str],
        tokens: list[int],
        kinds: list[Kind],
        submit: Submit,
        *,
        urgent: bool,
    ) -> Encodings:
        """The encodings of windows, read-only, of which ``submit`` gets those that are not known.

        Cancelled, it gives up what nobody else waits for. A failure is handed to all who wait and
        kept for nobody.

        Raises:
            RequestError: whatever ``submit`` raises.
        """
        keys = [self._key(*each) for each in zip(texts, kinds, strict=True)]
        request = _Request(keys)
        with self._lock:
            found = self._find(request, urgent=urgent)
            missing = [key for key in request.places if key not in found]
            flight = None
            if missing:
                first = [request.places[key][0] for key in missing]
                flight = _Flight(missing)
                # Under the lock, or two threads could both send it off.
                flight.future = submit(
                    [texts[at] for at in first],
                    [tokens[at] for at in first],
                    [kinds[at] for at in first],
                )
                self._flying |= {(key, urgent): flight for key in missing}
                request.flights.add(flight)
            for each in request.flights:
                each.waiting.add(request)
        if flight is not None:
            landing = flight
            flight.future.add_done_callback(lambda _: self._land(landing, urgent=urgent))
        request.finish()
        request.future.add_done_callback(lambda _: self._leave(request))
        return request.future

    def _find(self, request: _Request, *, urgent: bool) -> set[bytes]:
        """Take what is kept; the keys that are on their way."""
        joined: set[bytes] = set()
        for key, places in list(request.places.items()):
            kept = self._kept.get(key)
            flight = self._flying.get((key, True)) or (
                None if urgent else self._flying.get((key, False))
            )
            if kept is not None:
                self._kept.move_to_end(key)
                self.counts["hit"] += len(places)
                request.take(key, kept)
            elif flight is not None:
                self.counts["joined"] += len(places)
                request.flights.add(flight)
                joined.add(key)
            else:
                self.counts["miss"] += 1
                self.counts["joined"] += len(places) - 1
        return joined

    def _land(self, flight: _Flight, *, urgent: bool) -> None:
        """Hand the encodings of a flight to all who wait for them, and keep them."""
        if flight.future.cancelled():
            return  # by _leave, when nobody was left
        error = flight.future.exception()
        made = {} if error else dict(zip(flight.keys, flight.future.result(), strict=True))
        with self._lock:
            self._forget(flight, urgent=urgent)
            for key, encoding in made.items():
                _freeze(encoding)
                self._keep(key, encoding)
            for request in flight.waiting:
                request.flights.discard(flight)
                for key, encoding in made.items():
                    request.take(key, encoding)
            waiting = list(flight.waiting)
        for request in waiting:
            request.finish(error)

    def _leave(self, request: _Request) -> None:
        """A request is over. Where its caller went early, call off what nobody else waits for."""
        alone = []
        with self._lock:
            for flight in request.flights:
                flight.waiting.discard(request)
                if not flight.waiting:
                    for urgent in (True, False):
                        self._forget(flight, urgent=urgent)
                    alone.append(flight)
            request.flights.clear()
        for flight in alone:
            flight.future.cancel()

    def _forget(self, flight: _Flight, *, urgent: bool) -> None:
        for key in flight.keys:
            if self._flying.get((key, urgent)) is flight:
                del self._flying[key, urgent]

    def _keep(self, key: bytes, encoding: Encoding) -> None:
        size = _size(encoding)
        if size > self._limit:
            return
        before = self._kept.pop(key, None)
        self.size += size - (0 if before is None else _size(before))
        self._kept[key] = encoding
        while self.size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self.size -= _size(oldest)

    def _key(self, text: str, kind: Kind) -> bytes:
        whole = f"{kind} {text}".encode("utf-8", "surrogatepass")
        return blake2b(whole, digest_size=16, key=self._salt).digest()


def _arrays(encoding: Encoding) -> tuple[npt.NDArray[Any], ...]:
    return encoding.vector, encoding.ids, encoding.bits, encoding.tokens


def _size(encoding: Encoding) -> int:
    return OVERHEAD + sum(array.nbytes for array in _arrays(encoding))


def _freeze(encoding: Encoding) -> None:
    """Others hold the same arrays."""
    for array in _arrays(encoding):
        array.flags.writeable = False
