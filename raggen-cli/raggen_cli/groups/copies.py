"""`raggen backup`, `raggen backup verify` and `raggen restore`."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from raggen_cli import layout, settings, tree
from raggen_cli.backup import creation, places, restoration, verification
from raggen_cli.backup.creation import Made
from raggen_cli.backup.manifest import SECRET, Manifest
from raggen_cli.backup.restoration import Restored
from raggen_cli.disk import MEGABYTE
from raggen_cli.errors import SettingsError
from raggen_cli.groups.options import Options
from raggen_cli.screen import Screen


def register(app: typer.Typer, screen: Screen) -> None:
    """Add the commands that make copies and put them back."""
    text = screen.messages.text
    options = Options(screen.messages)
    file = typer.Argument(metavar="FILE", help=text("help_backup_file"))
    group = typer.Typer(help=text("help_backup"), invoke_without_command=True)
    app.add_typer(group, name="backup")
    register_backup(group, screen)

    @group.command("verify", help=text("help_backup_verify"))
    def verify_command(
        path: Annotated[Path, file],
        *,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        made = verification.verify(path, layout.find())
        if as_json:
            write_json(screen, path, made)
        else:
            tell_contents(screen, made, "backup_whole")

    @app.command("restore", help=text("help_restore"))
    def restore_command(
        path: Annotated[Path, file],
        *,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        place = layout.find()
        found = places.find(settings.parse(os.environ, place.root, data_dir=data_dir), os.environ)
        with restoration.at_rest(found):
            done = restoration.restore(found, place, path)
        if as_json:
            before = str(done.before) if done.before else None
            write_json(screen, path, done.manifest, before=before)
        else:
            tell_restored(screen, done)


def register_backup(group: typer.Typer, screen: Screen) -> None:
    """Add what `raggen backup` alone does."""
    text = screen.messages.text
    options = Options(screen.messages)

    @group.callback()
    def backup_command(
        context: typer.Context,
        *,
        to: Annotated[
            Path | None, typer.Option("--to", metavar="PATH", help=text("help_backup_to"))
        ] = None,
        keep: Annotated[
            int | None, typer.Option("--keep", metavar="N", help=text("help_backup_keep"))
        ] = None,
        without_keys: Annotated[
            bool, typer.Option("--without-keys", help=text("help_without_keys"))
        ] = False,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        if context.invoked_subcommand is not None:
            return
        if keep is not None and keep < 1:
            raise SettingsError("bad_keep", value=keep)
        place = layout.find()
        found = places.find(settings.parse(os.environ, place.root, data_dir=data_dir), os.environ)
        revision = tree.describe(place.root)
        made = creation.create(found, revision, to=to, keep=keep, with_keys=not without_keys)
        if as_json:
            write_json(screen, made.path, made.manifest, removed=[str(p) for p in made.removed])
        else:
            tell_made(screen, made, without_keys=without_keys)


def write_json(screen: Screen, path: Path, made: Manifest, **more: object) -> None:
    """Write what a script wants to know."""
    content = {"file": str(path.absolute()), "manifest": asdict(made), **more}
    screen.write(json.dumps(content, ensure_ascii=False, indent=2))


def tell_made(screen: Screen, made: Made, *, without_keys: bool) -> None:
    """Write where a backup is, and what went."""
    megabytes = f"{made.size / MEGABYTE:.1f}"
    screen.line("backup_made", path=made.path, megabytes=megabytes, **made.manifest.counts)
    if without_keys:
        screen.line("backup_without_keys")
    for path in made.removed:
        screen.line("backup_removed", path=path)


def tell_contents(screen: Screen, made: Manifest, key: str) -> None:
    """Write what a backup holds."""
    created = f"{made.created[:16].replace('T', ' ')} UTC"
    screen.line(key, created=created, maker=made.maker, **made.counts)


def tell_restored(screen: Screen, done: Restored) -> None:
    """Write what is there now, where the former data is, and what to do next."""
    tell_contents(screen, done.manifest, "restored")
    if done.before is not None:
        screen.line("restored_before", path=done.before)
    if done.manifest.entry(SECRET) is None:
        screen.line("restored_without_keys")
    screen.line("restored_next")
