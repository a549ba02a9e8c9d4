"""A closed loop of clients on raw sockets: each sends its next request when it has its answer.

One client costs some 30 µs a request here, so the two cores stay with the server that is measured.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.samples import percentile

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
ANSWER_SECONDS = 60


@dataclass
class Load:
    """What the clients saw: seconds of each answer, the errors by status, the time it all took."""

    seconds: list[float] = field(default_factory=list)
    errors: dict[int, int] = field(default_factory=dict)
    elapsed: float = 0

    @property
    def per_second(self) -> float:
        """Answers a second, errors apart."""
        return len(self.seconds) / self.elapsed

    @property
    def p99_ms(self) -> float:
        """99 % of the answers came within so many milliseconds."""
        return 1000 * percentile(self.seconds, 99)


def request(port: int, path: str, body: bytes) -> bytes:
    """A POST of JSON as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def closed_loop(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Load:
    """Let ``clients`` send requests one after another for ``seconds``.

    Raises:
        OSError: the server closed a connection.
        TimeoutError: an answer took longer than ANSWER_SECONDS.
    """
    return asyncio.run(_all(port, requests, clients, seconds))


async def _all(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> Load:
    load = Load()
    started = time.perf_counter()
    end = started + seconds
    await asyncio.gather(*(_client(port, requests, end, load) for _ in range(clients)))
    load.elapsed = time.perf_counter() - started
    return load


async def _client(port: int, requests: Iterator[bytes], end: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (sent := time.perf_counter()) < end:
            writer.write(next(requests))
            async with asyncio.timeout(ANSWER_SECONDS):
                status = await _answer(reader)
            if status == 200:
                load.seconds.append(time.perf_counter() - sent)
            else:
                load.errors[status] = load.errors.get(status, 0) + 1
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read an answer to its end; its status."""
    head = (await reader.readuntil(END_OF_HEAD)).lower()
    at = head.index(LENGTH) + len(LENGTH)
    await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
    return int(head[9:12])
