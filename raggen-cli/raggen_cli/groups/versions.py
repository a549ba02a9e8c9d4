"""`raggen upgrade`, `raggen rollback`, and `raggen start-once`, which both of them call."""

import os
from collections.abc import Callable
from typing import Annotated

import typer

from raggen_cli import layout, settings, signals
from raggen_cli.backup import places
from raggen_cli.errors import CheckError, SetupInterruptedError
from raggen_cli.groups.options import Options
from raggen_cli.screen import Screen
from raggen_cli.tree import GitError
from raggen_cli.upgrade import journey, trial
from raggen_cli.upgrade.journey import Journey


def register(app: typer.Typer, screen: Screen) -> None:
    """Add the commands that change the version."""
    text = screen.messages.text
    options = Options(screen.messages)

    def travel(data_dir: str | None, way: Callable[[Journey], None]) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir)
        found = places.find(chosen, os.environ)
        signals.interrupt_on_all()
        try:
            with journey.alone(found):
                way(Journey(place, found, screen))
        except KeyboardInterrupt as error:
            raise SetupInterruptedError from error
        except GitError as error:
            tail = str(error).splitlines()[-10:]
            raise CheckError("upgrade_git_failed", tail=tail) from error

    @app.command("upgrade", help=text("help_upgrade"))
    def upgrade_command(
        tag: Annotated[str | None, typer.Argument(metavar="[TAG]", help=text("help_tag"))] = None,
        data_dir: Annotated[str | None, options.data_dir()] = None,
    ) -> None:
        travel(data_dir, lambda one: one.upgrade(tag))

    @app.command("rollback", help=text("help_rollback"))
    def rollback_command(data_dir: Annotated[str | None, options.data_dir()] = None) -> None:
        travel(data_dir, lambda one: one.rollback())

    @app.command("start-once", hidden=True, help=text("help_start_once"))
    def start_once_command(data_dir: Annotated[str | None, options.data_dir()] = None) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir)
        trial.run(place, chosen, screen, os.environ)
