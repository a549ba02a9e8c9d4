"""The demonstration model: what installs it, and the llama.cpp server that runs it."""

import os
import platform
import stat
import sys
import time
from collections.abc import Mapping, Sequence

from raggen_cli import packages, weights
from raggen_cli.commands import Commands
from raggen_cli.errors import SetupError
from raggen_cli.layout import Layout
from raggen_cli.screen import Screen
from raggen_cli.steps import Step

NAME = "smollm2-135m-instruct"
GLIBC_NEEDED = (2, 35)  # the server's wheel is built against it
SECONDS_TO_TRY_AGAIN = 24 * 3600


def fits() -> bool:
    """Tell whether the server has a build for this machine."""
    libc, version = platform.libc_ver()
    if sys.platform != "linux" or platform.machine() != "x86_64" or libc != "glibc":
        return False
    return tuple(int(part) for part in version.split(".")[:2]) >= GLIBC_NEEDED


def steps(layout: Layout, commands: Commands) -> list[Step]:
    """Return what has to be set up: nothing where there is no build for this machine."""
    if not fits():
        return []
    return [
        packages.step(layout, commands, "local-model", 320),
        weights.step(layout, "step_check_local_model", weights.LOCAL_MODEL),
    ]


def failed_lately(layout: Layout) -> bool:
    """Tell whether it failed less than a day ago: not every start shall wait for it."""
    try:
        return time.time() - (layout.state / "local-model.failed").stat().st_mtime < (
            SECONDS_TO_TRY_AGAIN
        )
    except OSError:
        return False


def try_steps(layout: Layout, steps: Sequence[Step], screen: Screen) -> bool:
    """Do the steps that are not done; a failure is told and remembered, and stops nothing.

    Returns:
        Whether the model can be used.
    """
    failed = layout.state / "local-model.failed"
    try:
        for step in steps:
            if not step.is_done():
                with screen.step(step.key) as detail:
                    step.run(detail)
    except SetupError as error:
        failed.touch()
        screen.warn(error)
        screen.line("local_model_skipped")
        return False
    failed.unlink(missing_ok=True)
    return True


def command(layout: Layout, port: int) -> list[str]:
    """Return the server's command line.

    Its defaults let any web page that the person has open read its answers, so other origins are
    refused; no page of its own, no slots with other people's prompts, nothing fetched.
    """
    server = layout.llama_server
    if not os.access(server, os.X_OK):  # a wheel can lose the bit on its way through pip
        server.chmod(server.stat().st_mode | stat.S_IXUSR)
    return [
        str(server),
        *("-m", str(layout.packages / weights.LOCAL_MODEL.file)),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("-ngl", "0", "-c", "8192", "-np", "1", "--alias", NAME),
        *("--no-webui", "--no-slots", "--offline"),
        *("--cors-origins", "localhost", "--no-cors-credentials"),
    ]


def environment(layout: Layout, base: Mapping[str, str]) -> dict[str, str]:
    """Return the server's environment: its libraries are beside it, but for OpenMP, which a bare
    Debian does not have.

    Variables that llama.cpp would read as settings are left out: it listens for us alone.
    """
    kept = {name: value for name, value in base.items() if not name.startswith("LLAMA_")}
    folders = [str(layout.llama_server.parent), base.get("LD_LIBRARY_PATH"), openmp(layout)]
    return {**kept, "LD_LIBRARY_PATH": ":".join(filter(None, folders))}


def openmp(layout: Layout) -> str | None:
    """Return a folder with the OpenMP library that faiss brings along, under the name by which
    others ask for it; None where there is none."""
    found = sorted((layout.packages / "faiss_cpu.libs").glob("libgomp-*.so.*"))
    if not found:
        return None
    link = layout.state / "openmp" / "libgomp.so.1"
    if not (link.is_symlink() and link.readlink() == found[0]):
        link.parent.mkdir(parents=True, exist_ok=True)
        # Aside, then in place: a server that starts right now finds one or the other.
        aside = link.with_name(f"{link.name}.{os.getpid()}")
        aside.unlink(missing_ok=True)
        aside.symlink_to(found[0])
        aside.replace(link)
    return str(link.parent)
