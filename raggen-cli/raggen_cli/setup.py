"""Everything that has to be there before raggen can start, in order."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from raggen_cli import (
    disk,
    local_model,
    lock,
    packages,
    promtool,
    reference,
    system_packages,
    website,
    weights,
)
from raggen_cli.commands import Commands
from raggen_cli.errors import CheckError
from raggen_cli.layout import Layout
from raggen_cli.screen import Screen
from raggen_cli.steps import Step

RESERVE_MEGABYTES = 200
DOWNLOAD_MEGABYTES = 500  # the largest package, as it lies in the temporary folder


def environment_for(layout: Layout, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the set-up's commands: our Node first, nothing sent home."""
    wrappers = f"{layout.root / 'bin'}:{layout.node.parent}"
    dropped = {"PYTHONPATH", "PYTHONHOME", "NODE_OPTIONS", "NODE_ENV"}
    kept = {name: value for name, value in environment.items() if name not in dropped}
    return {
        **kept,
        "PATH": f"{wrappers}:{environment.get('PATH', '/usr/bin:/bin')}",
        "NEXT_TELEMETRY_DISABLED": "1",
        "DEBIAN_FRONTEND": "noninteractive",
    }


def steps(
    layout: Layout, commands: Commands, *, dev: bool, with_reference: bool = False
) -> list[Step]:
    """Return the steps in order.

    Args:
        dev: add what tests and linters need.
        with_reference: add what other embedding models need, also where the settings name none.
    """
    found = [
        packages.step(layout, commands, "runtime", 600),
        packages.step(layout, commands, "models", 200),
        weights.step(layout, "step_check_encoder", weights.ENCODER),
        weights.step(layout, "step_check_multilingual", weights.MULTILINGUAL),
        website.install_step(layout, commands),
        website.generate_step(layout, commands),
        website.build_step(layout, commands),
    ]
    if dev or with_reference or reference.is_needed(commands.environment):
        found += reference.steps(layout, commands)
    if dev:
        found.append(packages.step(layout, commands, "dev", 370))
        found.append(packages.step(layout, commands, "docs", 60))
        found.append(system_packages.chromium(commands, commands.environment))
        found.append(system_packages.libfiu(commands, commands.environment))
        found.append(system_packages.postgresql(commands, commands.environment))
        found.append(system_packages.nginx(commands, commands.environment))
        found.append(system_packages.curl(commands, commands.environment))
        found.append(system_packages.systemd(commands, commands.environment))
        found.append(promtool.step(layout, commands, commands.environment))
    return found


def check_disk(layout: Layout, missing: Sequence[Step]) -> None:
    """Stop before anything is downloaded where it would not fit.

    Raises:
        CheckError: says how much is missing, and where.
    """
    megabytes = sum(step.megabytes for step in missing)
    if not megabytes:
        return
    downloads = Path(tempfile.gettempdir())
    needed = {layout.root: megabytes + RESERVE_MEGABYTES}
    if disk.same_disk(downloads, layout.root):
        needed[layout.root] += DOWNLOAD_MEGABYTES
    else:
        needed[downloads] = DOWNLOAD_MEGABYTES
    for place, amount in needed.items():
        free = disk.free_megabytes(place)
        if free < amount:
            key = "disk_too_small" if place == layout.root else "temporary_too_small"
            raise CheckError(key, path=place, needed=amount, free=free)


def run(
    layout: Layout,
    commands: Commands,
    screen: Screen,
    *,
    dev: bool = False,
    with_reference: bool = False,
) -> bool:
    """Do what is not done yet; `dev` and `with_reference` as for `steps`.

    Returns:
        Whether the local model is ready to use.

    Raises:
        CheckError: too little disk. SetupError: a step failed.
    """
    needed = steps(layout, commands, dev=dev, with_reference=with_reference)
    extra = local_model.steps(layout, commands)
    if not dev and local_model.failed_lately(layout):
        extra = []
    if not local_model.fits():
        screen.line("local_model_unsupported")
    missing = [step for step in (*needed, *extra) if not step.is_done()]
    if not missing:
        return bool(extra)
    check_disk(layout, missing)
    with ExitStack() as stack:
        path = layout.state / "setup.lock"
        try:
            stack.enter_context(lock.held(path))
        except lock.LockedError:
            screen.line("setup_waits")
            stack.enter_context(lock.held(path, wait=True))
        do(needed, screen)
        return bool(extra) and local_model.try_steps(layout, extra, screen)


def do(steps: Sequence[Step], screen: Screen) -> None:
    """Run the steps that are not done, each with its name and its time."""
    for step in steps:
        if not step.is_done():
            with screen.step(step.key) as detail:
                step.run(detail)
