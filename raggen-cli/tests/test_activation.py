import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from raggen_cli import ports, probe, services
from raggen_cli.activation import Activation, Patience
from raggen_cli.child import ChildSpec

MakeSpec = Callable[..., ChildSpec]


@dataclass
class Door:
    """An activation that listens, with what it has told."""

    port: int
    activation: Activation
    told: list[str]
    note: Path

    @property
    def starts(self) -> int:
        lines = self.note.read_text().splitlines() if self.note.exists() else []
        return sum(line.startswith("started") for line in lines)


@dataclass
class Doors:
    """Opens doors to tiny servers."""

    make_spec: MakeSpec
    tmp_path: Path
    words: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def open(self, *words: str, patience: Patience | None = None) -> AsyncIterator[Door]:
        note, told = self.tmp_path / "note", list[str]()

        def spec_for(port: int) -> ChildSpec:
            spec = self.make_spec("model", f"note={note}", *words, port=port or 1)
            return replace(spec, ready=lambda: services.answers(port, "/health"))

        activation = Activation(spec_for, told.append, patience or Patience(start=10, stop=2))
        bound = ports.bind(0)
        await activation.listen(bound)
        try:
            yield Door(bound.getsockname()[1], activation, told, note)
        finally:
            await activation.close()


@pytest.fixture
def doors(make_spec: MakeSpec, tmp_path: Path) -> Doors:
    return Doors(make_spec, tmp_path)


async def pid_behind(door: Door) -> int:
    reply = await probe.get(door.port, "/pid", seconds=15)
    assert reply is not None
    assert reply.status == 200
    return int(reply.body)


async def status(door: Door) -> int:
    reply = await probe.get(door.port, "/", seconds=10)
    assert reply is not None
    return reply.status


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it is another process that we wait for
            await asyncio.sleep(0.02)


async def test_nothing_runs_until_somebody_comes(doors: Doors) -> None:
    async with doors.open() as door:
        await asyncio.sleep(0.1)
        assert door.starts == 0
        assert await pid_behind(door) > 0
        assert door.told == ["local_model_started"]


async def test_several_at_once_start_it_once(doors: Doors) -> None:
    async with doors.open("slow") as door:
        pids = await asyncio.gather(*(pid_behind(door) for _ in range(8)))
        assert len(set(pids)) == 1
        assert door.starts == 1


async def test_it_is_stopped_when_nobody_comes_and_started_again_when_somebody_does(
    doors: Doors, alive: Callable[[int], bool]
) -> None:
    async with doors.open(patience=Patience(idle=0.3)) as door:
        first = await pid_behind(door)
        await until(lambda: not alive(first))
        await until(lambda: door.told == ["local_model_started", "local_model_stopped"])
        assert await pid_behind(door) != first


async def test_an_open_connection_keeps_it_running(
    doors: Doors, alive: Callable[[int], bool]
) -> None:
    async with doors.open(patience=Patience(idle=0.2)) as door:
        pid = await pid_behind(door)
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        await asyncio.sleep(0.6)
        assert alive(pid)
        writer.close()
        await writer.wait_closed()
        await until(lambda: not alive(pid))
        assert reader.at_eof()


async def test_after_a_crash_the_next_connection_starts_it(
    doors: Doors, alive: Callable[[int], bool]
) -> None:
    async with doors.open() as door:
        first = await pid_behind(door)
        assert await probe.get(door.port, "/die") is None
        await until(lambda: not alive(first))
        second = await pid_behind(door)
        assert second != first
        os.kill(second, signal.SIGKILL)
        await until(lambda: not alive(second))
        # Whoever connects while its sockets are still being closed is turned away, once.
        await probe.get(door.port, "/pid", seconds=15)
        assert await pid_behind(door) not in {first, second}
        assert door.starts == 3


async def test_what_cannot_start_is_a_503_in_json(doors: Doors, tmp_path: Path) -> None:
    async with doors.open() as door:
        failing = [sys.executable, "-c", "raise SystemExit(1)"]
        real = door.activation.spec_for
        door.activation.spec_for = lambda port: replace(real(port), command=failing)
        reply = await probe.get(door.port, "/v1/models", seconds=10)
        assert reply is not None
        assert reply.status == 503
        assert json.loads(reply.body)["error"]["code"] == "local_model_unavailable"
        assert str(tmp_path / "model.log") in json.loads(reply.body)["error"]["message"]
        assert door.told == ["local_model_failed"]


async def test_a_large_question_gets_its_503_too(doors: Doors) -> None:
    async with doors.open("never", patience=Patience(start=0.2, stop=1)) as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"POST / HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000)
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 5\r\n" in answer
        writer.close()


async def test_a_failed_start_is_not_tried_again_at_once(doors: Doors) -> None:
    # What was told counts the tries: a child that is stopped so soon may not have come to its note.
    patience = Patience(start=0.2, stop=1, retry=2)
    async with doors.open("never", patience=patience) as door:
        for _ in range(3):
            assert await status(door) == 503
        assert door.told == ["local_model_failed"]
        await asyncio.sleep(2.1)
        assert await status(door) == 503
        assert door.told == ["local_model_failed"] * 2


async def test_bytes_pass_both_ways_unchanged(doors: Doors) -> None:
    body = os.urandom(3_000_000)
    async with doors.open() as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        head = f"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        writer.write_eof()  # half-closed: the answer must still come
        answer = await reader.read()
        assert answer.partition(b"\r\n\r\n")[2] == body
        writer.close()


async def test_a_slow_reader_is_waited_for(doors: Doors) -> None:
    """The server writes for ever; nobody reads: what is held on the way must stay small."""
    async with doors.open() as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port, limit=1000)
        writer.write(b"GET /endless HTTP/1.0\r\n\r\n")
        await reader.readline()
        await asyncio.sleep(0.5)
        pending = [task for task in asyncio.all_tasks() if "pump" in str(task.get_coro())]
        assert len(pending) == 2
        writer.transport.abort()


async def test_a_client_that_goes_away_takes_its_request_with_it(doors: Doors) -> None:
    async with doors.open() as door:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"GET /endless HTTP/1.0\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        writer.close()
        await until(lambda: "gone" in door.note.read_text())
        await until(lambda: not door.activation._connections)


async def test_closing_cuts_open_connections_and_stops_the_server(
    doors: Doors, alive: Callable[[int], bool]
) -> None:
    async with doors.open() as door:
        pid = await pid_behind(door)
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"GET /endless HTTP/1.0\r\n\r\n")
        await reader.readline()
        async with asyncio.timeout(5):
            await door.activation.close()
        assert not alive(pid)
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", door.port)
        writer.transport.abort()
    assert not ports.is_taken(door.port)


async def test_closing_while_it_starts_leaves_nothing(
    doors: Doors, alive: Callable[[int], bool]
) -> None:
    async with doors.open("never") as door:
        with socket.create_connection(("127.0.0.1", door.port)):
            await until(lambda: door.starts == 1)
            pid = int(door.note.read_text().split()[-1])
            await door.activation.close()
    assert not alive(pid)
