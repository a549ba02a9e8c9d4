"""Ports on the loopback address: free, taken, and by whom."""

import errno
import socket
from dataclasses import dataclass

import psutil

from raggen_cli.errors import CheckError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Holder:
    """The process that listens on a port."""

    pid: int
    name: str


def bind(port: int) -> socket.socket:
    """Return a socket bound to a port of the loopback address (0: any free one), not yet listening.

    Raises:
        OSError: EADDRINUSE where somebody has it, EACCES where the system keeps it (below 1024).
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # As servers do: connections of an earlier run that are still closing are no reason to refuse.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError:
        bound.close()
        raise
    return bound


def is_taken(port: int) -> bool:
    """Tell whether somebody listens on the port, or may not be asked to."""
    try:
        bind(port).close()
    except OSError:
        return True
    return False


def holder(port: int) -> Holder | None:
    """Return who listens on a port; None where nobody does or the system does not tell us."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except (psutil.Error, OSError):
        return None
    for connection in connections:
        if connection.status != psutil.CONN_LISTEN or not connection.laddr:
            continue
        if connection.laddr.port == port and connection.pid is not None:
            try:
                return Holder(connection.pid, psutil.Process(connection.pid).name())
            except psutil.Error:
                return None
    return None


def choose(port: int, option: str) -> socket.socket:
    """Return a socket bound to the wanted port, or to any where 0 is wanted.

    Raises:
        CheckError: it is taken or forbidden; names the holder and the option to write.
    """
    try:
        return bind(port)
    except OSError as error:
        if error.errno == errno.EACCES:
            raise CheckError("port_forbidden", port=port, option=option) from error
        found = holder(port)
        if found:
            raise CheckError(
                "port_taken_by", port=port, option=option, free=free(), name=found.name,
                pid=found.pid,
            ) from error  # fmt: skip
        raise CheckError("port_taken", port=port, option=option, free=free()) from error


def free() -> int:
    """Return a port that nobody has at this moment."""
    with bind(0) as bound:
        return int(bound.getsockname()[1])
