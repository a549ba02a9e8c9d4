"""raggen-web: its packages, its generated code, its one build."""

import json
from pathlib import Path

from raggen_cli import stamps
from raggen_cli.commands import Commands
from raggen_cli.layout import Layout
from raggen_cli.steps import Detail, Step, stamped

INSTALLED_FROM = ("package.json", "package-lock.json", ".npmrc")
GENERATED_FROM = ("prisma/schema.prisma", "package-lock.json", "scripts")
BUILT_FROM = (
    "src",
    "messages",
    "public",
    "prisma",
    "scripts",
    "next.config.ts",
    "postcss.config.mjs",
    "tsconfig.json",
    "package.json",
    "package-lock.json",
)


def npm(layout: Layout, *arguments: str) -> list[str]:
    """Return the command that runs npm with Node from the wheel."""
    return [str(layout.node), str(layout.npm), *arguments]


def is_installed(web: Path) -> bool:
    """Tell whether node_modules is what package-lock.json says, by npm's own note of what it did.

    npm writes node_modules/.package-lock.json last; packages for other systems are left out of it.
    """
    try:
        wanted = json.loads((web / "package-lock.json").read_text())["packages"]
        there = json.loads((web / "node_modules/.package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    for name, package in wanted.items():
        if not name:  # the project itself
            continue
        if name in there:
            if there[name].get("version") != package.get("version"):
                return False
        elif not package.get("optional"):
            return False
    return set(there) <= set(wanted)


def install_step(layout: Layout, commands: Commands) -> Step:
    """Return the step that runs `npm ci`, unless node_modules is what it would make."""
    command = npm(layout, "ci", "--no-audit", "--no-fund", "--loglevel=error")

    def run(detail: Detail) -> None:
        if not is_installed(layout.web):
            commands.run(command, cwd=layout.web, detail=detail)

    return stamped(
        "step_npm",
        900,
        layout.web / "node_modules" / ".raggen-stamp",
        lambda: stamps.fingerprint([layout.web / name for name in INSTALLED_FROM], layout.root),
        run,
        is_there=(layout.web / "node_modules/.package-lock.json").is_file,
    )


def generate_step(layout: Layout, commands: Commands) -> Step:
    """Return the step that makes the database client and the types of raggen-embed's answers."""
    generated = layout.web / "src" / "db" / "generated"
    inputs = [layout.web / name for name in GENERATED_FROM]
    inputs.append(layout.root / "raggen-embed" / "openapi.json")
    return stamped(
        "step_generate",
        5,
        generated / ".raggen-stamp",
        lambda: stamps.fingerprint(inputs, layout.root),
        lambda detail: commands.run(npm(layout, "run", "generate"), cwd=layout.web, detail=detail),
        is_there=generated.is_dir,
    )


def build_step(layout: Layout, commands: Commands) -> Step:
    """Return the step that builds the server once, complete in .next/standalone."""
    return stamped(
        "step_build",
        300,
        layout.standalone.parent / ".raggen-stamp",
        lambda: stamps.fingerprint([layout.web / name for name in BUILT_FROM], layout.root),
        lambda detail: commands.run(npm(layout, "run", "build"), cwd=layout.web, detail=detail),
        is_there=layout.standalone.is_file,
    )
