"""What a browser does, by HTTP on raw sockets: it costs some 50 µs a request, so the cores stay
with the services that are measured."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Self

from benchmarks.processes import BrokenError

ANSWER_SECONDS: Final = 60
LAST_CHUNK: Final = b"0\r\n\r\n"
TEXT: Final = b'"type":"text-delta"'
END_OF_HEAD: Final = b"\r\n\r\n"


@dataclass
class Answer:
    """What came back. Times are of the clock that all processes share, in seconds."""

    status: int
    body: bytes
    sent: float
    ended: float
    first_text: float | None = None  # when the first piece of a streamed answer was read

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The parts of a streamed answer, the first one first."""
        lines = self.body.split(b"\n\n")
        return [json.loads(line[6:]) for line in lines if line.startswith(b"data: {")]


@dataclass
class Browser:
    """One connection, closed on leaving. Not for two tasks at once."""

    port: int
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None)

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a request and read its answer to the end.

        Raises:
            TimeoutError: it took longer than ANSWER_SECONDS.
            BrokenError: the connection broke.
        """
        request = _request(self.port, method, path, body)
        async with asyncio.timeout(ANSWER_SECONDS):
            try:
                return await self._exchange(request)
            except (ConnectionError, asyncio.IncompleteReadError) as error:
                raise BrokenError(f"{method} {path}: {error!r}") from error

    async def __aenter__(self) -> Self:
        """Return itself; it connects when it is first needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self._close()

    async def _close(self) -> None:
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, request: bytes) -> Answer:
        if self._streams is None or self._streams[0].at_eof():  # idle for too long
            await self._close()
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 26)
        reader, writer = self._streams
        sent = time.monotonic()
        writer.write(request)
        head = (await reader.readuntil(END_OF_HEAD)).lower()
        status = int(head[9:12])
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        first_text = None
        if fields.get(b"transfer-encoding") == b"chunked":
            raw, first_text = await _chunks(reader)
        else:
            raw = await reader.readexactly(int(fields.get(b"content-length", 0)))
        ended = time.monotonic()
        if fields.get(b"connection") == b"close":
            await self._close()
        return Answer(status, raw, sent, ended, first_text)


async def called(browser: Browser, method: str, path: str, body: Any = None) -> Any:
    """The decoded answer of a call that must succeed.

    Raises:
        BrokenError: it did not.
    """
    answer = await browser.call(method, path, body)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise BrokenError(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
    return answer.json if answer.body else None


async def _chunks(reader: asyncio.StreamReader) -> tuple[bytes, float | None]:
    raw, first_text = bytearray(), None
    while not raw.endswith(LAST_CHUNK):
        piece = await reader.read(1 << 16)
        if not piece:
            raise asyncio.IncompleteReadError(bytes(raw), None)
        raw += piece
        if first_text is None and TEXT in piece:
            first_text = time.monotonic()
    return _joined(bytes(raw)), first_text


def _joined(raw: bytes) -> bytes:
    """The body of which these are the chunks."""
    pieces, at = [], 0
    while size := int(raw[at : (line := raw.index(b"\r\n", at))], 16):
        pieces.append(raw[line + 2 : line + 2 + size])
        at = line + 2 + size + 2
    return b"".join(pieces)


def _request(port: int, method: str, path: str, body: Any) -> bytes:
    """As it goes over the wire; ``body`` is sent as JSON."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    if body is None:
        return f"{head}\r\n".encode()
    data = json.dumps(body, ensure_ascii=False).encode()
    return (
        f"{head}Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode()
        + data
    )
