"""What the set-up has installed: Node, packages, weights, the web page."""

import subprocess
from collections.abc import Iterator

from raggen_cli import local_model, packages, reference, website, weights
from raggen_cli.commands import Commands
from raggen_cli.finding import Finding, Text
from raggen_cli.layout import Layout
from raggen_cli.weights import Weights


def check(text: Text, layout: Layout, commands: Commands) -> Iterator[Finding]:
    """Look at everything that is installed, all files of it."""
    yield node(text, layout)
    yield python_packages(text, layout, commands)
    yield encoder(text, layout)
    yield multilingual(text, layout)
    yield demonstration(text, layout)
    steps = (
        ("npm", website.install_step(layout, commands), "found_installed"),
        ("build", website.build_step(layout, commands), "found_current"),
    )
    for name, step, found in steps:
        if step.is_done():
            yield Finding(name, "ok", text(f"check_{name}"), text(found))
        else:
            # `raggen up` does this by itself, so it is no failure.
            key = "found_stale" if layout.standalone.exists() else "found_not_installed"
            yield Finding(name, "warn", text(f"check_{name}"), text(key), text("do_setup"))


def node(text: Text, layout: Layout) -> Finding:
    """Ask Node for its version."""
    try:
        done = subprocess.run(
            [layout.node, "--version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        missing = text("found_not_installed")
        return Finding("node", "fail", text("check_node"), missing, text("do_setup"))
    return Finding("node", "ok", text("check_node"), done.stdout.strip())


def python_packages(text: Text, layout: Layout, commands: Commands) -> Finding:
    """Compare what is installed with the pinned lists, and every package with its own record."""
    extra = reference.LISTS if reference.is_needed(commands.environment) else ()
    lists = [layout.requirements / f"{name}.txt" for name in ("runtime", "models", *extra)]
    name = text("check_packages")
    missing = [pin.name for file in lists for pin in packages.missing(file, layout.packages)]
    if missing:
        found = text("found_missing", names=", ".join(sorted(missing)[:8]))
        return Finding("packages", "fail", name, found, text("do_setup"))
    damaged = [name for file in lists for name in packages.damaged(file, layout.packages)]
    if damaged:
        found = text("found_damaged", names=", ".join(sorted(damaged)[:8]))
        return Finding("packages", "fail", name, found, text("do_repair"))
    count = sum(1 for file in lists for _ in packages.pins(file))
    return Finding("packages", "ok", name, text("found_packages", count=count))


def encoder(text: Text, layout: Layout) -> Finding:
    """Read the encoder's weights and compare their hash with the published one."""
    return hashed(text, layout, "encoder", weights.ENCODER)


def multilingual(text: Text, layout: Layout) -> Finding:
    """Do the same for the multilingual encoder's."""
    return hashed(text, layout, "multilingual", weights.MULTILINGUAL)


def demonstration(text: Text, layout: Layout) -> Finding:
    """Do the same for the demonstration model, which may be absent."""
    name = text("check_local_model")
    if not local_model.fits():
        return Finding("local_model", "ok", name, text("found_unsupported"))
    if not (layout.packages / weights.LOCAL_MODEL.file).exists():
        return Finding("local_model", "warn", name, text("found_optional"), text("do_setup"))
    return hashed(text, layout, "local_model", weights.LOCAL_MODEL)


def hashed(text: Text, layout: Layout, name: str, file: Weights) -> Finding:
    """Compare a file of weights with the published one."""
    title = text(f"check_{name}")
    if not (layout.packages / file.file).exists():
        return Finding(name, "fail", title, text("found_not_installed"), text("do_setup"))
    if weights.is_published(layout, file):
        return Finding(name, "ok", title, text("found_hash_ok"))
    command = weights.reinstall(layout, file)
    return Finding(
        name, "fail", title, text("found_hash_differs"), text("do_weights", command=command)
    )
