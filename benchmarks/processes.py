"""Processes that a benchmark starts: each is stopped by its id, and so is what it started."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, TypeVar

import psutil

GRACE_SECONDS: Final = 20
T = TypeVar("T")


class OutOfTimeError(Exception):
    """Something took longer than it may; it was stopped."""


class BrokenError(Exception):
    """Something ended before it had an answer; the message says how."""


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a program whose output goes to ``log``, in this directory or another; it is stopped on
    leaving."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            cwd=directory,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        stop(process.pid)
        process.wait()


def stop(pid: int) -> None:
    """End a process and what it started: by request, then by force."""
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        _signalled(process.terminate)
    _, left = psutil.wait_procs(family, GRACE_SECONDS)
    for process in left:
        _signalled(process.kill)
    psutil.wait_procs(left, GRACE_SECONDS)


def apart(seconds: float, function: Callable[..., T], *arguments: object) -> T:
    """Call a module's function in a process of its own, so that nothing before it counts.

    Raises:
        OutOfTimeError: it took longer than ``seconds``.
        BrokenError: it raised, or its process ended without an answer.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise OutOfTimeError(f"stopped after {seconds:.0f} s")
        try:
            answer, error = ours.recv()
        except EOFError:
            process.join(GRACE_SECONDS)
            raise BrokenError(f"its process ended with status {process.exitcode}") from None
    finally:
        if process.pid is not None and process.is_alive():
            process.join(1)
            stop(process.pid)
        process.join()
        ours.close()
    if error is not None:
        raise BrokenError(error)
    return answer  # type: ignore[no-any-return]


def _answer(pipe: Connection, function: Callable[..., object], arguments: Sequence[object]) -> None:
    # What it started is stopped by `finally` blocks, which a bare SIGTERM would pass over.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        pipe.send((function(*arguments), None))
    except Exception as error:  # noqa: BLE001 - told to whoever waits, who decides
        pipe.send((None, f"{type(error).__name__}: {error}"))
    finally:
        pipe.close()


def _signalled(send: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        send()


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process, and what it starts, to one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
