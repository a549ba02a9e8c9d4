"""`raggen up` with tiny servers in place of the services and nothing to set up.

python driver.py OPTION …; the words for the two tiny servers come from EMBED_WORDS and WEB_WORDS.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from raggen_cli import local_model, services, setup
from raggen_cli.__main__ import main
from raggen_cli.child import ChildSpec
from raggen_cli.layout import Layout
from raggen_cli.services import Addresses
from raggen_cli.settings import Settings

TINY_SERVER = str(Path(__file__).with_name("tiny_server.py"))
REAL = {"embed": services.embed, "web": services.web}


def tiny(name: str, port_of: Callable[[Addresses], int]) -> Callable[..., ChildSpec]:
    """Return a spec maker that keeps the real environment and log, and runs a tiny server."""

    def spec(
        layout: Layout, settings: Settings, addresses: Addresses, base: Mapping[str, str]
    ) -> ChildSpec:
        real = REAL[name](layout, settings, addresses, base)
        words = os.environ.get(f"{name.upper()}_WORDS", "").split()
        command = [sys.executable, "-I", TINY_SERVER, str(port_of(addresses)), *words]
        return replace(real, command=command, cwd=settings.data_dir)

    return spec


services.embed = tiny("embed", lambda addresses: addresses.embed)
services.web = tiny("web", lambda addresses: addresses.web)
setup.run = lambda *_args, **_words: local_model.fits()
sys.exit(main())
