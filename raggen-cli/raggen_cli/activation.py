"""A server that runs only while somebody needs it.

We listen in its place. The first connection starts it on a port of its own, every connection is
spliced through to it, and after some time without any it is stopped: a model that nobody asks takes
no memory. What systemd calls socket activation, without systemd.
"""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from raggen_cli import child, ports
from raggen_cli.child import Child, ChildSpec
from raggen_cli.errors import ServiceError
from raggen_cli.splice import End, splice

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Patience:
    """Seconds: without connections until it is stopped, to its first answer, for it to end, and
    after a failed start until the next try."""

    idle: float = 600.0
    start: float = 60.0
    stop: float = 5.0
    retry: float = 5.0


def unavailable(log: str, seconds: float) -> bytes:
    """Return the whole HTTP answer for the time when the server cannot be started."""
    body = json.dumps({
        "error": {
            "code": "local_model_unavailable",
            "type": "unavailable_error",
            "message": f"The local model's server did not start. Its log is {log}",
        }
    }).encode()  # fmt: skip
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nRetry-After: {max(1, round(seconds))}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Activation:
    """Listens for a server and starts it on demand.

    Args:
        spec_for: makes what to start, given the port on which it shall listen.
        tell: called with the key of a sentence when it starts, stops or fails.
    """

    spec_for: Callable[[int], ChildSpec]
    tell: Callable[[str], None]
    patience: Patience = field(default_factory=Patience)
    running: Child | None = None
    _port: int = 0
    _failed_at: float = float("-inf")
    _connections: set[asyncio.Task[None]] = field(default_factory=set)
    _changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _idle: asyncio.Task[None] | None = None
    _server: asyncio.Server | None = None

    async def listen(self, bound: socket.socket) -> None:
        """Begin to take connections on a socket that is bound already."""
        self._server = await asyncio.start_server(self._connected, sock=bound)

    async def close(self) -> None:
        """Take no more connections, cut those that are open, stop the server."""
        if self._server:
            self._server.close()
        tasks = [*self._connections, *([self._idle] if self._idle else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._server:
            await self._server.wait_closed()
        async with self._changing:
            await self._stop()

    def kill(self) -> None:
        """Kill the server at once; `close` has then nothing to wait for."""
        if self.running:
            self.running.kill()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:  # asyncio runs this in a task of its own
            return
        self._connections.add(task)
        if self._idle:
            self._idle.cancel()
        try:
            await self._serve(End(reader, writer))
        except asyncio.CancelledError:
            writer.transport.abort()  # we are closing: the end of this task is all that is wanted
        finally:
            self._connections.discard(task)
            if not self._connections:
                self._idle = asyncio.create_task(self._stop_when_idle())
            await finish(writer)

    async def _serve(self, client: End) -> None:
        try:
            upstream = await self._upstream()
        except (ServiceError, OSError):
            await refuse(client, unavailable(str(self.spec_for(0).log), self.patience.retry))
            return
        try:
            await splice(client, upstream)
        finally:
            await finish(upstream.writer)

    async def _upstream(self) -> End:
        """Connect to the server, once more where it was just about to end."""
        try:
            return End(*await asyncio.open_connection(ports.LOOPBACK, await self._started()))
        except ConnectionRefusedError:
            async with self._changing:
                await self._stop()
            return End(*await asyncio.open_connection(ports.LOOPBACK, await self._started()))

    async def _started(self) -> int:
        """Return the server's port; whoever comes while it starts waits for that same start."""
        async with self._changing:
            if self.running is None or not self.running.is_running:
                await self._start()
            return self._port

    async def _start(self) -> None:
        spec_name = "local_model_failed"
        if time.monotonic() - self._failed_at < self.patience.retry:
            raise ServiceError(spec_name)
        self._port = ports.free()
        spec = self.spec_for(self._port)
        self.running = started = await child.start(spec)
        deadline = time.monotonic() + self.patience.start
        try:
            while started.is_running and time.monotonic() < deadline:
                if await spec.ready():
                    self.tell("local_model_started")
                    return
                await asyncio.sleep(POLL_SECONDS)
        except asyncio.CancelledError:
            started.kill()
            raise
        await self._stop()
        self._failed_at = time.monotonic()
        self.tell(spec_name)
        raise ServiceError(spec_name, tail=started.tail())

    async def _stop(self) -> None:
        if self.running:
            await self.running.stop(self.patience.stop)
            self.running = None

    async def _stop_when_idle(self) -> None:
        await asyncio.sleep(self.patience.idle)
        async with self._changing:
            if self.running and not self._connections:
                await self._stop()
                self.tell("local_model_stopped")


async def refuse(client: End, answer: bytes) -> None:
    """Send an answer and let it arrive: closing while the question is still coming in would reset
    the connection, and the client would never see the answer."""
    with contextlib.suppress(OSError, TimeoutError):
        client.writer.write(answer)
        client.writer.write_eof()
        async with asyncio.timeout(1.0):
            while await client.reader.read(65536):
                pass


async def finish(writer: asyncio.StreamWriter) -> None:
    """Close a connection, however it ended."""
    writer.close()
    with contextlib.suppress(OSError, asyncio.CancelledError):
        await writer.wait_closed()
