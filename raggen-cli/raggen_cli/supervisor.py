"""Keeps the services running: starts them, waits for them, revives what dies, stops all."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from raggen_cli import child
from raggen_cli.child import Child, ChildSpec
from raggen_cli.errors import ServiceError

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Policy:
    """How patient to be, in seconds, and how often a service may die in a row before we give up."""

    ready_within: float = 120.0
    stop_within: float = 10.0
    deaths: int = 5
    first_delay: float = 0.5
    longest_delay: float = 8.0
    calm_after: float = 60.0


@dataclass(frozen=True)
class Died:
    """A service has ended by itself and will be started again after `delay` seconds."""

    name: str
    code: int
    delay: float


@dataclass(frozen=True)
class Returned:
    """A service that had died works again."""

    name: str
    pid: int


Event = Died | Returned


def describe(code: int) -> str:
    """Return an exit code in words that fit both languages: `exit 1`, `signal 9`."""
    return f"signal {-code}" if code < 0 else f"exit {code}"


def _first(failed: ExceptionGroup) -> Exception:
    """Return the service's error out of a task group's.

    Not `except*`: up to Python 3.11.3 it puts what is raised in it into a group again.
    """
    errors = failed.subgroup(ServiceError)
    return errors.exceptions[0] if errors else failed


@dataclass
class Supervisor:
    """Runs services.

    Args:
        specs: in the order in which they start; they stop in the opposite one.
        tell: called with what happens while they run.
    """

    specs: Sequence[ChildSpec]
    tell: Callable[[Event], None]
    policy: Policy = field(default_factory=Policy)
    children: dict[str, Child] = field(default_factory=dict)
    hurried: bool = False

    async def start(self) -> None:
        """Start every service at once and wait until all work.

        Raises:
            ServiceError: one has ended, or was not ready in time; with the end of its log.
        """
        for spec in self.specs:
            self.children[spec.name] = await child.start(spec)
        try:
            async with asyncio.TaskGroup() as group:
                for started in self.children.values():
                    group.create_task(self._until_ready(started))
        except ExceptionGroup as failed:
            raise _first(failed) from None

    async def watch(self) -> None:
        """Start again what dies, until one service dies too often in a row.

        Raises:
            ServiceError: that one, with the end of its log.
        """
        try:
            async with asyncio.TaskGroup() as group:
                for spec in self.specs:
                    group.create_task(self._keep(spec))
        except ExceptionGroup as failed:
            raise _first(failed) from None

    async def stop(self) -> None:
        """Stop all, the last started first: nobody is asked for what is gone already."""
        for spec in reversed(self.specs):
            running = self.children.get(spec.name)
            if running is not None:
                await running.stop(0 if self.hurried else self.policy.stop_within)

    def hurry(self) -> None:
        """Kill all at once; the `stop` that is waiting then returns."""
        self.hurried = True
        for running in self.children.values():
            running.kill()

    async def _until_ready(self, started: Child) -> None:
        deadline = time.monotonic() + self.policy.ready_within
        while started.is_running:
            if await started.spec.ready():
                return
            if time.monotonic() > deadline:
                raise self._error("service_slow", started, seconds=int(self.policy.ready_within))
            await asyncio.sleep(POLL_SECONDS)
        raise self._error("service_died", started, code=describe(await started.process.wait()))

    async def _keep(self, spec: ChildSpec) -> None:
        deaths = 0
        while True:
            running = self.children[spec.name]
            began = time.monotonic()
            code = await running.process.wait()
            running.kill()  # what it had started
            deaths = 1 if time.monotonic() - began > self.policy.calm_after else deaths + 1
            if deaths > self.policy.deaths:
                raise self._error("service_keeps_dying", running, times=deaths, code=describe(code))
            delay = min(self.policy.first_delay * 2 ** (deaths - 1), self.policy.longest_delay)
            self.tell(Died(spec.name, code, delay))
            await asyncio.sleep(delay)
            await self._revive(spec)

    async def _revive(self, spec: ChildSpec) -> None:
        revived = await child.start(spec)
        self.children[spec.name] = revived
        try:
            await self._until_ready(revived)
        except ServiceError:
            revived.kill()  # one that hangs counts as one that died: `_keep` sees its end
        else:
            self.tell(Returned(spec.name, revived.pid))

    def _error(self, key: str, failed: Child, **values: object) -> ServiceError:
        log = failed.spec.log
        return ServiceError(key, tail=failed.tail(), name=failed.spec.name, log=log, **values)
