"""`raggen up`: check, set up, start, say where, keep running, stop."""

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace

from raggen_cli import lock, ports, setup, signals
from raggen_cli.backup import places, restoration, swap
from raggen_cli.commands import Commands
from raggen_cli.errors import SetupInterruptedError
from raggen_cli.layout import Layout
from raggen_cli.ownership import data_lock
from raggen_cli.ready_file import ReadyFile
from raggen_cli.screen import Screen
from raggen_cli.services import Addresses
from raggen_cli.session import Session
from raggen_cli.settings import Settings
from raggen_cli.upgrade import journal


def run(
    layout: Layout,
    settings: Settings,
    screen: Screen,
    environment: Mapping[str, str],
    ready_file: ReadyFile,
) -> int:
    """Do everything, until somebody stops it.

    Args:
        environment: of the person; both services get it, with our settings.
        ready_file: is there from the moment when the address is printed until the end.

    Returns:
        The exit code: 0 when stopped on purpose.

    Raises:
        RaggenError: it could not start, or could not go on.
    """
    started = time.monotonic()
    signals.interrupt_on_all()
    try:
        with data_lock(settings.data_dir) as held:
            journal.refuse_unfinished(settings.data_dir)
            finish_restore(settings, environment, screen)
            addresses = choose_ports(settings)
            log = settings.logs_dir / "setup.log"
            commands = Commands(log, setup.environment_for(layout, environment))
            if not setup.run(layout, commands, screen):
                addresses = replace(addresses, local_model=None)
            lock.write(
                held, {"pid": os.getpid(), "url": addresses.urls()["web"]} | asdict(addresses)
            )
            session = Session(layout, settings, environment, screen, addresses, ready_file)
            return asyncio.run(session.run(started))
    except KeyboardInterrupt as error:
        raise SetupInterruptedError from error


def finish_restore(settings: Settings, environment: Mapping[str, str], screen: Screen) -> None:
    """Go on with a restore that was cut off while it exchanged files.

    Raises:
        CheckError: it cannot go on, and why.
    """
    found = places.find(settings, environment)
    if swap.is_unfinished(found):
        with restoration.services_at_rest(found):  # however they were started
            swap.finish(found)
        screen.line("restore_finished")
    swap.clear(found)


def choose_ports(settings: Settings) -> Addresses:
    """Find the ports before the set-up: nobody shall wait minutes to hear that one is taken.

    Raises:
        CheckError: one is taken; says by whom, and what to write.
    """
    with ExitStack() as stack:
        wanted = (
            (settings.web_port, "--port"),
            (settings.embed_port, "--embed-port"),
            (settings.local_model_port, "--local-model-port"),
        )
        # All are held until all are chosen, so that "any" never means the same one twice.
        held = [stack.enter_context(ports.choose(port, option)) for port, option in wanted]
        web, embed, local_model = (int(bound.getsockname()[1]) for bound in held)
        return Addresses(web, embed, local_model)
