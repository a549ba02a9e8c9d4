"""What each service says of its own settings: its own code reads them, so nothing can differ."""

import subprocess
import sys
from collections.abc import Iterator, Mapping

from raggen_cli.deployment.environment import Environment
from raggen_cli.finding import Finding, Text
from raggen_cli.layout import Layout

EMBED = """
import sys
from raggen_embed.errors import SettingsError
from raggen_embed.settings import load_settings
try:
    load_settings()
except SettingsError as error:
    sys.exit(str(error))
"""
# Types are taken out of the sources by Node itself, which calls that an experiment.
NODE_FLAGS = ("--disable-warning=ExperimentalWarning", "--experimental-transform-types")


def check(text: Text, layout: Layout, environment: Environment) -> Iterator[Finding]:
    """Let both services read the variables, and start nothing."""
    for path, number in environment.lines:
        found = text("found_no_assignment", path=path, number=number)
        yield Finding("lines", "fail", text("check_lines"), found, text("do_lines"))
    embed = [sys.executable, "-c", EMBED]
    web = [str(layout.node), *NODE_FLAGS, str(layout.web / "scripts/settings.mjs"), "--check"]
    yield verdict(text, layout, "settings_embed", embed, environment.values)
    yield verdict(text, layout, "settings_web", web, environment.values)


def verdict(
    text: Text, layout: Layout, row_id: str, command: list[str], values: Mapping[str, str]
) -> Finding:
    """Run a program that ends with a sentence where a setting is wrong."""
    name = text(f"check_{row_id}")
    # Of this checkout, whichever one the environment was installed from.
    path = str(layout.root / "raggen-embed")
    try:
        done = subprocess.run(
            command, env={**values, "PYTHONPATH": path}, cwd=layout.root,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        return Finding(row_id, "fail", name, str(error), text("do_setup"))
    if done.returncode == 0:
        return Finding(row_id, "ok", name, text("found_settings_taken"))
    lines = done.stderr.strip().splitlines() or [str(done.returncode)]
    return Finding(row_id, "fail", name, lines[-1], text("do_settings"))
