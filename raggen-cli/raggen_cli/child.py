"""A service as a child process: its own process group, its log, how it is started and ended."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from raggen_cli import logs
from raggen_cli.commands import launched


@dataclass(frozen=True)
class ChildSpec:
    """What to run.

    Args:
        name: as the log and the messages call it.
        command: program and arguments.
        environment: all of it.
        cwd: where it runs.
        log: gets its output; put aside when it has grown large.
        ready: tells whether it does its work already.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    cwd: Path
    log: Path
    ready: Callable[[], Awaitable[bool]]


class Child:
    """A running service. Made by `start`; it dies with us, see `launch`."""

    def __init__(self, spec: ChildSpec, process: asyncio.subprocess.Process, since: int) -> None:
        self.spec = spec
        self.process = process
        self.log_since = since

    @property
    def pid(self) -> int:
        """Its process id, which is its process group's as well."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.returncode is None

    def tail(self) -> list[str]:
        """Return the last lines that this run of it has logged."""
        return logs.tail(self.spec.log, since=self.log_since)

    def kill(self) -> None:
        """Kill it and all that it has started."""
        self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    async def stop(self, seconds: float) -> None:
        """End it: asked first, killed after so many seconds, with all that it leaves behind."""
        if self.is_running:
            self.signal(signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.process.wait()
        self.kill()
        await self.process.wait()


async def start(spec: ChildSpec) -> Child:
    """Start a service; call it on the main thread, whose end is what the kernel watches for.

    Raises:
        OSError: the log cannot be written.
    """
    logs.rotate(spec.log)
    with spec.log.open("ab") as log:
        since = log.tell()
        process = await asyncio.create_subprocess_exec(
            *launched(spec.command, "become"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(spec.environment),
            cwd=spec.cwd,
            start_new_session=True,
        )
    return Child(spec, process, since)
