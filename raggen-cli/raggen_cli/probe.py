"""One HTTP question to a server on this machine."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

LIMIT = 1024 * 1024


@dataclass(frozen=True)
class Reply:
    """A server's answer: status code and body."""

    status: int
    body: bytes


async def get(
    port: int, path: str, seconds: float = 1.0, headers: Mapping[str, str] | None = None
) -> Reply | None:
    """Ask 127.0.0.1 for a page; None where nobody answers with HTTP in time.

    HTTP/1.0, so that the answer ends with the connection and comes in one piece.
    """
    try:
        async with asyncio.timeout(seconds):
            return await ask(port, path, headers or {})
    except (OSError, TimeoutError, ValueError, asyncio.LimitOverrunError, EOFError):
        return None


async def ask(port: int, path: str, headers: Mapping[str, str]) -> Reply:
    """Send the question and read the answer, up to a megabyte.

    Raises:
        OSError, EOFError, ValueError: nobody there, cut off, or not HTTP.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        sent = {"Host": f"127.0.0.1:{port}", **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        writer.write(f"GET {path} HTTP/1.0\r\n{lines}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        version, status, *_ = head.split(None, 2)
        if not version.startswith(b"HTTP/"):
            raise ValueError("not HTTP")
        body = bytearray()
        while len(body) < LIMIT and (chunk := await reader.read(65536)):
            body += chunk
        return Reply(int(status), bytes(body))
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
