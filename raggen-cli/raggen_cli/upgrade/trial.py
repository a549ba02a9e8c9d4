"""`raggen start-once`: start both services on the real data, wait until they work, stop them.

This is how an upgrade migrates, and how it sees whether the version works here. An older version's
upgrade calls a newer one's, so the command's name and its options stay.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from raggen_cli import services, signals
from raggen_cli.errors import SetupInterruptedError
from raggen_cli.layout import Layout
from raggen_cli.ownership import data_lock
from raggen_cli.screen import Screen
from raggen_cli.settings import Settings
from raggen_cli.supervisor import Policy, Supervisor
from raggen_cli.up import choose_ports, finish_restore

# A new version may have to read everything anew before it is ready.
PATIENCE = Policy(ready_within=4 * 3600)


def run(layout: Layout, settings: Settings, screen: Screen, environment: Mapping[str, str]) -> None:
    """Start and stop, on ports that nobody knows.

    Raises:
        RaggenError: a service did not start, with the end of its log.
    """
    hidden = replace(settings, web_port=0, embed_port=0, local_model_port=0)
    with data_lock(settings.data_dir):
        finish_restore(settings, environment, screen)
        settings.logs_dir.mkdir(parents=True, exist_ok=True)
        given = (layout, settings, replace(choose_ports(hidden), local_model=None), environment)
        specs = [services.embed(*given), services.web(*given)]
        if asyncio.run(_once(Supervisor(specs, tell=lambda _: None, policy=PATIENCE))):
            raise SetupInterruptedError


async def _once(supervisor: Supervisor) -> bool:
    """Return whether somebody stopped us."""
    try:
        return await signals.run_until_stopped(supervisor.start(), lambda: None, supervisor.hurry)
    finally:
        await supervisor.stop()
