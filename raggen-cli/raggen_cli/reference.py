"""sentence-transformers and torch, 1.2 GB that only another embedding model than ours needs."""

from collections.abc import Mapping
from typing import Final

from raggen_cli import packages
from raggen_cli.commands import Commands
from raggen_cli.layout import Layout
from raggen_cli.steps import Step

LISTS: Final = ("reference", "torch")
# What raggen-embed runs without them; it has the same name in its encoder.py.
PACKAGED: Final = "all-MiniLM-L6-v2"


def is_needed(environment: Mapping[str, str]) -> bool:
    """Tell whether the settings name another model. raggen-embed says what is wrong with an empty
    name."""
    return environment.get("RAGGEN_EMBED_MODEL", "") not in {"", PACKAGED}


def steps(layout: Layout, commands: Commands) -> list[Step]:
    """Return the steps that install them.

    torch has no hashes, because its build differs by machine; its dependencies are in the other
    list, so pip finds them there.
    """
    return [
        packages.step(layout, commands, "reference", 480),
        packages.step(layout, commands, "torch", 800, hashed=False),
    ]
