import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from raggen_cli import ports, services
from raggen_cli.child import ChildSpec

TINY_SERVER = Path(__file__).with_name("tiny_server.py")

MakeSpec = Callable[..., ChildSpec]


def pytest_configure() -> None:
    """Let Ctrl-C reach what the tests start: behind a shell's `&` it is ignored by them all."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def make_spec(tmp_path: Path) -> MakeSpec:
    """Make the spec of a tiny server; words change how it behaves, see tiny_server.py."""

    def make(name: str, *words: str, port: int | None = None) -> ChildSpec:
        chosen = port or ports.free()
        return ChildSpec(
            name=name,
            command=[sys.executable, "-I", str(TINY_SERVER), str(chosen), f"name={name}", *words],
            environment=dict(os.environ),
            cwd=tmp_path,
            log=tmp_path / f"{name}.log",
            ready=lambda: services.answers(chosen, "/readyz"),
        )

    return make


@pytest.fixture
def failing_spec(tmp_path: Path) -> ChildSpec:
    async def never() -> bool:
        return False

    return ChildSpec(
        name="failing",
        command=[sys.executable, "-c", "import sys; print('why I die'); sys.exit(7)"],
        environment=dict(os.environ),
        cwd=tmp_path,
        log=tmp_path / "failing.log",
        ready=never,
    )


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and was not reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Ask until it is so, at most for some seconds; return how it is then."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def alive() -> Callable[[int], bool]:
    return is_alive


@pytest.fixture
def eventually() -> Callable[..., bool]:
    return wait_for
