"""Chromium, for the browser tests alone."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from raggen_cli.commands import Commands
from raggen_cli.errors import SetupError
from raggen_cli.steps import Detail, Step

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = "apt-get install -y --no-install-recommends chromium"


def find(path: str | None = None) -> str | None:
    """Return the browser on PATH, None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name, path=path))), None)


def step(commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that installs Chromium from the system's packages, where we may."""
    path = environment.get("PATH")

    def run(detail: Detail) -> None:
        apt = shutil.which("apt-get", path=path)
        if os.geteuid() != 0 or apt is None:
            raise SetupError("no_chromium", command=f"sudo apt-get update && sudo {INSTALL}")
        for command in (["update"], INSTALL.split()[1:]):
            # A package that apt-get is cut off in has to be put right by hand: let it finish.
            commands.run([apt, *command], cwd=Path("/"), detail=detail, seconds_to_stop=60)

    return Step("step_chromium", 400, lambda: find(path) is not None, run)
