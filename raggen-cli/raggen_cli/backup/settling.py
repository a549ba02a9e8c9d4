"""After a restore, at the next start: the memory is brought to what the chats hold."""

import asyncio

from raggen_cli import reconcile
from raggen_cli.backup.swap import RECONCILE
from raggen_cli.errors import ServiceError
from raggen_cli.screen import Screen
from raggen_cli.services import Addresses
from raggen_cli.settings import Settings

PAUSE_SECONDS = 1.0


async def settle(settings: Settings, addresses: Addresses, screen: Screen) -> None:
    """Repair until nothing differs, where a restore has left its mark; then the mark goes.

    Cut off or refused, it is done at the next start.
    """
    mark = settings.data_dir / RECONCILE
    if not mark.exists():
        return
    repaired = 0
    try:
        while True:
            found = await asyncio.to_thread(reconcile.ask, addresses.web, repair=True)
            repaired += len(found["differences"])
            if not found["differences"] and not found["pending"]:
                break
            await asyncio.sleep(PAUSE_SECONDS)
    except ServiceError as error:
        screen.warn(error)
        return
    mark.unlink(missing_ok=True)
    screen.line("restore_reconciled", count=repaired)
