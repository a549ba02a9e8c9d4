"""promtool, by which tests check alert rules and the dashboard's queries.

Debian has it in the package of Prometheus itself, which would install a server and start it. So the
package is only fetched, and the one program taken out of it.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from raggen_cli.commands import Commands
from raggen_cli.errors import SetupError
from raggen_cli.layout import Layout
from raggen_cli.steps import Detail, Step

PACKAGE = "prometheus"


def find(layout: Layout, path: str | None) -> str | None:
    """Return the program: the system's, or the one that the step took; None where there is none."""
    own = layout.state / "promtool"
    return shutil.which("promtool", path=path) or (str(own) if own.is_file() else None)


def step(layout: Layout, commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that fetches it."""
    path = environment.get("PATH")

    def run(detail: Detail) -> None:
        apt, dpkg = (shutil.which(name, path=path) for name in ("apt-get", "dpkg-deb"))
        if apt is None or dpkg is None:
            raise SetupError("no_promtool")
        with tempfile.TemporaryDirectory() as folder:
            if os.geteuid() == 0:  # the lists of a fresh machine are empty
                commands.run([apt, "update"], cwd=Path("/"), detail=detail, seconds_to_stop=60)
            commands.run([apt, "download", PACKAGE], cwd=Path(folder), detail=detail)
            found = next(Path(folder).glob("*.deb"))
            commands.run([dpkg, "--extract", str(found), "."], cwd=Path(folder), detail=detail)
            layout.state.mkdir(parents=True, exist_ok=True)
            # Aside, then in place: it is whole or not there.
            aside = layout.state / "promtool.new"
            shutil.copy(Path(folder) / "usr" / "bin" / "promtool", aside)
            aside.replace(layout.state / "promtool")

    return Step("step_promtool", 90, lambda: find(layout, path) is not None, run)
