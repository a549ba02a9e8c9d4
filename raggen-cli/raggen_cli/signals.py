"""Ctrl-C, SIGTERM and SIGHUP: one meaning while setting up, one while running."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interrupt_on_all() -> None:
    """Let every one of them raise KeyboardInterrupt, as Ctrl-C does."""
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)


async def run_until_stopped(
    work: Coroutine[Any, Any, None], stopping: Callable[[], None], hurry: Callable[[], None]
) -> bool:
    """Run something until it ends or somebody asks us to stop, then cancel it.

    Args:
        work: what runs.
        stopping: called at the first signal.
        hurry: called at every later one, as long as this loop runs.

    Returns:
        Whether somebody asked us to stop.

    Raises:
        Exception: what `work` raised before that.
    """
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()

    def received() -> None:
        if asked.is_set():
            hurry()
        else:
            asked.set()
            stopping()

    for number in STOPPING:
        loop.add_signal_handler(number, received)
    running = asyncio.create_task(work)
    waiting = asyncio.create_task(asked.wait())
    await asyncio.wait((running, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.done() and not asked.is_set():
        running.result()
    running.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await running
    return asked.is_set()
