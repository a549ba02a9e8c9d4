"""What the tests need of the system's own packages: a browser, a disk that fails, PostgreSQL,
nginx, and what checks units of systemd."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from raggen_cli.commands import Commands
from raggen_cli.errors import SetupError
from raggen_cli.steps import Detail, Step

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
POSTGRESQL = Path("/usr/lib/postgresql")
NGINX = Path("/usr/sbin/nginx")  # where a person's PATH does not look
INSTALL = "apt-get install -y --no-install-recommends"


def chromium(commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that installs Chromium, where we may."""
    path = environment.get("PATH")
    install = _installation(commands, path, "chromium", "no_chromium")
    return Step("step_chromium", 400, lambda: _is_there(CHROMIUM, path), install)


def libfiu(commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that installs libfiu, by which writes to the disk fail in tests."""
    path = environment.get("PATH")
    install = _installation(commands, path, "fiu-utils", "no_libfiu")
    return Step("step_libfiu", 1, lambda: _is_there(("fiu-run",), path), install)


def postgresql(commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that installs PostgreSQL, on which the web application's tests run again."""
    path = environment.get("PATH")
    install = _installation(commands, path, "postgresql", "no_postgresql")
    return Step("step_postgresql", 60, lambda: _has_postgresql(path), install)


def nginx(commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that installs nginx, behind which a test talks to raggen."""
    path = environment.get("PATH")
    install = _installation(commands, path, "nginx-light", "no_nginx")
    return Step("step_nginx", 3, lambda: NGINX.exists() or _is_there(("nginx",), path), install)


def curl(commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that installs curl, with which the documentation's examples are executed."""
    path = environment.get("PATH")
    install = _installation(commands, path, "curl", "no_curl")
    return Step("step_curl", 2, lambda: _is_there(("curl",), path), install)


def systemd(commands: Commands, environment: Mapping[str, str]) -> Step:
    """Return the step that installs systemd's programs, one of which checks units."""
    path = environment.get("PATH")
    install = _installation(commands, path, "systemd", "no_systemd")
    return Step("step_systemd", 12, lambda: _is_there(("systemd-analyze",), path), install)


def _has_postgresql(path: str | None) -> bool:
    """Debian keeps the programs of each version apart, and out of PATH."""
    return _is_there(("postgres",), path) or any(POSTGRESQL.glob("*/bin/postgres"))


def _is_there(programs: tuple[str, ...], path: str | None) -> bool:
    return any(shutil.which(program, path=path) for program in programs)


def _installation(
    commands: Commands, path: str | None, package: str, refused: str
) -> Callable[[Detail], None]:
    def run(detail: Detail) -> None:
        apt = shutil.which("apt-get", path=path)
        install = f"{INSTALL} {package}"
        if os.geteuid() != 0 or apt is None:
            raise SetupError(refused, command=f"sudo apt-get update && sudo {install}")
        for command in (["update"], install.split()[1:]):
            # A package that apt-get is cut off in has to be put right by hand: let it finish.
            commands.run([apt, *command], cwd=Path("/"), detail=detail, seconds_to_stop=60)

    return run
