import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from raggen_cli import ports
from raggen_cli.errors import CheckError
from raggen_cli.messages import Messages


@pytest.fixture
def taken() -> "socket.socket":
    listening = ports.bind(0)
    listening.listen()
    return listening


def test_a_free_port_is_given() -> None:
    port = ports.free()
    with ports.choose(port, "--port") as bound:
        assert bound.getsockname() == ("127.0.0.1", port)


def test_zero_is_any() -> None:
    with ports.choose(0, "--port") as one, ports.choose(0, "--port") as other:
        assert one.getsockname() != other.getsockname()


def test_a_taken_port_names_its_holder_and_another_port(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    with taken, pytest.raises(CheckError) as caught:
        ports.choose(port, "--port")
    text = Messages("en").text(caught.value.key, **caught.value.values)
    assert psutil.Process().name() in text
    assert str(os.getpid()) in text
    free = int(text.rsplit("--port ", 1)[1])
    assert not ports.is_taken(free)


def test_a_port_taken_on_all_addresses_is_taken() -> None:
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))  # noqa: S104 - that is what is tried
        everywhere.listen()
        assert ports.is_taken(everywhere.getsockname()[1])


def test_a_connection_that_is_closing_does_not_take_its_port(taken: socket.socket) -> None:
    port = taken.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)), taken.accept()[0] as accepted:
        taken.close()
        accepted.close()  # ours is closed first, so ours waits
    assert not ports.is_taken(port)


def test_nobody_holds_a_free_port() -> None:
    assert ports.holder(ports.free()) is None


def test_another_process_is_found(tmp_path: Path, eventually: Callable[..., bool]) -> None:
    port = ports.free()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:  # fmt: skip
        try:
            assert eventually(lambda: ports.is_taken(port))
            holder = ports.holder(port)
            assert holder is not None
            assert holder.pid == process.pid
        finally:
            process.kill()
