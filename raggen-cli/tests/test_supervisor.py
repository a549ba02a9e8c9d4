import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from raggen_cli import ports, probe
from raggen_cli.child import ChildSpec
from raggen_cli.errors import ServiceError
from raggen_cli.supervisor import Died, Event, Policy, Returned, Supervisor

QUICK = Policy(ready_within=10, stop_within=5, deaths=3, first_delay=0.02, longest_delay=0.1)
MakeSpec = Callable[..., ChildSpec]
Alive = Callable[[int], bool]


def ignore(_event: Event) -> None:
    pass


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it is another process that we wait for
            await asyncio.sleep(0.02)


async def test_start_waits_until_all_are_ready(make_spec: MakeSpec) -> None:
    supervisor = Supervisor([make_spec("one"), make_spec("two", "slow")], ignore, QUICK)
    began = time.monotonic()
    await supervisor.start()
    try:
        assert time.monotonic() - began > 1
        assert [await spec.ready() for spec in supervisor.specs] == [True, True]
    finally:
        await supervisor.stop()


async def test_each_has_a_process_group_of_its_own(make_spec: MakeSpec) -> None:
    supervisor = Supervisor([make_spec("one"), make_spec("two")], ignore, QUICK)
    await supervisor.start()
    try:
        groups = {os.getpgid(child.pid) for child in supervisor.children.values()}
        assert groups == {child.pid for child in supervisor.children.values()}
    finally:
        await supervisor.stop()


async def test_the_last_started_stops_first(
    make_spec: MakeSpec, tmp_path: Path, alive: Alive
) -> None:
    note = tmp_path / "note"
    specs = [make_spec(name, f"note={note}") for name in ("embed", "web")]
    supervisor = Supervisor(specs, ignore, QUICK)
    await supervisor.start()
    pids = [child.pid for child in supervisor.children.values()]
    await supervisor.stop()
    lines = [line.split()[:2] for line in note.read_text().splitlines()]
    assert lines[-2:] == [["stopped", "web"], ["stopped", "embed"]]
    assert not any(alive(pid) for pid in pids)


async def test_one_that_does_not_listen_is_killed_after_the_deadline(make_spec: MakeSpec) -> None:
    policy = Policy(ready_within=10, stop_within=0.3)
    supervisor = Supervisor([make_spec("deaf", "deaf")], ignore, policy)
    await supervisor.start()
    began = time.monotonic()
    await supervisor.stop()
    assert 0.3 <= time.monotonic() - began < 3
    assert supervisor.children["deaf"].process.returncode == -signal.SIGKILL


async def test_a_hurried_stop_waits_for_nothing(make_spec: MakeSpec) -> None:
    supervisor = Supervisor([make_spec("deaf", "deaf")], ignore, Policy(stop_within=60))
    await supervisor.start()
    stopping = asyncio.create_task(supervisor.stop())
    await asyncio.sleep(0.1)
    assert not stopping.done()
    supervisor.hurry()
    async with asyncio.timeout(3):
        await stopping


async def test_what_a_service_started_goes_with_it(make_spec: MakeSpec, alive: Alive) -> None:
    supervisor = Supervisor([make_spec("parent", "family")], ignore, QUICK)
    await supervisor.start()
    family = psutil.Process(supervisor.children["parent"].pid).children()
    assert len(family) == 1
    await supervisor.stop()
    await until(lambda: not alive(family[0].pid))


async def test_one_that_ends_while_starting_is_an_error_with_its_last_words(
    make_spec: MakeSpec, failing_spec: ChildSpec
) -> None:
    supervisor = Supervisor([make_spec("well"), failing_spec], ignore, QUICK)
    with pytest.raises(ServiceError, match="service_died") as caught:
        await supervisor.start()
    await supervisor.stop()
    assert caught.value.tail == ("why I die",)
    assert caught.value.values["code"] == "exit 7"


async def test_one_that_is_never_ready_is_an_error(make_spec: MakeSpec) -> None:
    supervisor = Supervisor([make_spec("never", "never")], ignore, Policy(ready_within=0.5))
    with pytest.raises(ServiceError, match="service_slow") as caught:
        await supervisor.start()
    await supervisor.stop()
    assert caught.value.tail == ("tiny server starts",)


async def test_one_that_is_killed_is_started_again_and_the_other_is_left_alone(
    make_spec: MakeSpec,
) -> None:
    events: list[Event] = []
    supervisor = Supervisor([make_spec("embed"), make_spec("web")], events.append, QUICK)
    await supervisor.start()
    before = {name: child.pid for name, child in supervisor.children.items()}
    watching = asyncio.create_task(supervisor.watch())
    try:
        os.kill(before["embed"], signal.SIGKILL)
        await until(lambda: len(events) == 2)
        after = {name: child.pid for name, child in supervisor.children.items()}
        assert events == [
            Died("embed", -signal.SIGKILL, QUICK.first_delay),
            Returned("embed", after["embed"]),
        ]
        assert after["embed"] != before["embed"]
        assert after["web"] == before["web"]
        assert await supervisor.specs[0].ready()
    finally:
        watching.cancel()
        await supervisor.stop()


async def test_one_that_keeps_dying_is_given_up(make_spec: MakeSpec, tmp_path: Path) -> None:
    """Its port is taken after its first death, so that no later start of it can succeed."""
    events: list[Event] = []
    port = ports.free()
    supervisor = Supervisor([make_spec("embed", port=port)], events.append, QUICK)
    await supervisor.start()
    watching = asyncio.create_task(supervisor.watch())
    try:
        await probe.get(port, "/die")
        await until(lambda: len(events) == 1)
        with ports.bind(port) as taken:
            taken.listen()
            with pytest.raises(ServiceError, match="service_keeps_dying") as caught:
                async with asyncio.timeout(20):
                    await watching
    finally:
        watching.cancel()
        await supervisor.stop()
    deaths = [event for event in events if isinstance(event, Died)]
    assert [event.code for event in deaths] == [3, 1, 1]
    assert [event.delay for event in deaths] == [0.02, 0.04, 0.08]
    assert "Address already in use" in "\n".join(caught.value.tail)


async def test_a_long_life_is_forgiven(make_spec: MakeSpec) -> None:
    """Deaths far apart never add up."""
    events: list[Event] = []
    port = ports.free()
    policy = Policy(ready_within=10, deaths=1, first_delay=0.01, calm_after=0.0)
    supervisor = Supervisor([make_spec("embed", port=port)], events.append, policy)
    await supervisor.start()
    watching = asyncio.create_task(supervisor.watch())
    try:
        for times in range(1, 4):
            await probe.get(port, "/die")
            await until(lambda times=times: len(events) == 2 * times)  # type: ignore[misc]
        assert not watching.done()
    finally:
        watching.cancel()
        await supervisor.stop()
