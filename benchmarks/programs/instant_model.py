"""A model's server that answers at once: OpenAI's chat completions, streamed.

It notes when a request had arrived and when it sent the first piece, by the clock that all
processes share, and reads what it was asked only afterwards. ``GET /times`` tells, by question.
Prints its port.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from typing import Any, Final

from benchmarks.texts import Sentences

MODEL: Final = "instant"
# The notes from memory that may stand before a question, between two marker lines.
NOTES: Final = re.compile(r"\A<<memory [\w-]+>>.*?<<end of memory [\w-]+>>\s*", re.DOTALL)
LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
FIRST: Final = "Noted: "
STREAM: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
)


def main() -> None:
    """Serve until stopped."""
    asyncio.run(_serve())


async def _serve() -> None:
    times: dict[str, tuple[float, float]] = {}
    # No two answers alike: a memory that took the same text again and again would have less to do.
    said = Sentences("latin", 31).sentences()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await _request(reader, writer, times, said)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _request(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    times: dict[str, tuple[float, float]],
    said: Iterator[str],
) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if head.startswith(b"GET"):
        listed = {"object": "list", "data": [{"id": MODEL, "object": "model"}]}
        _json(writer, times if head.startswith(b"GET /times") else listed)
        return
    if not head.startswith(b"POST"):
        writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
        return
    length = LENGTH.search(head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    arrived = time.monotonic()
    writer.write(STREAM + _event({"content": FIRST}))
    sent = time.monotonic()
    words = re.findall(r"\S+\s*", next(said))
    rest = b"".join(_event({"content": word}) for word in words)
    writer.write(rest + _event({}, "stop") + _chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
    # A chat's title is asked for with the question too, but later.
    times.setdefault(_question(body), (arrived, sent))
    await writer.drain()


def _question(body: bytes) -> str:
    asked: str = json.loads(body)["messages"][-1]["content"]
    return NOTES.sub("", asked)


def _event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = json.dumps({"id": "1", "model": MODEL, "choices": [choice]})
    return _chunk(f"data: {data}\n\n".encode())


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _json(writer: asyncio.StreamWriter, value: Any) -> None:
    body = json.dumps(value).encode()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    writer.write(head % len(body) + body)


if __name__ == "__main__":
    main()
