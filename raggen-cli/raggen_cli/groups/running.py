"""`raggen up` and `raggen setup`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from raggen_cli import layout, settings, setup, signals, up
from raggen_cli.commands import Commands
from raggen_cli.errors import SetupInterruptedError
from raggen_cli.groups.options import Options
from raggen_cli.ready_file import ReadyFile
from raggen_cli.screen import Screen


def register(app: typer.Typer, screen: Screen) -> None:
    """Add the commands that set raggen up and start it."""
    text = screen.messages.text
    options = Options(screen.messages)

    @app.command("up", help=text("help_up"))
    def up_command(
        port: Annotated[str | None, options.port()] = None,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        embed_port: Annotated[
            str | None, typer.Option("--embed-port", metavar="N", help=text("help_embed_port"))
        ] = None,
        local_model_port: Annotated[
            str | None,
            typer.Option("--local-model-port", metavar="N", help=text("help_local_model_port")),
        ] = None,
        ready_file: Annotated[
            Path | None,
            typer.Option("--ready-file", metavar="PATH", help=text("help_ready_file")),
        ] = None,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(
            os.environ,
            place.root,
            data_dir=data_dir,
            port=port,
            embed_port=embed_port,
            local_model_port=local_model_port,
        )
        raise typer.Exit(up.run(place, chosen, screen, os.environ, ReadyFile(ready_file)))

    @app.command("setup", help=text("help_setup"))
    def setup_command(
        *,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        dev: Annotated[bool, typer.Option("--dev", help=text("help_dev"))] = False,
        reference: Annotated[
            bool, typer.Option("--reference", help=text("help_reference"))
        ] = False,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir)
        environment = setup.environment_for(place, os.environ)
        signals.interrupt_on_all()
        try:
            log = chosen.logs_dir / "setup.log"
            commands = Commands(log, environment)
            setup.run(place, commands, screen, dev=dev, with_reference=reference)
        except KeyboardInterrupt as error:
            raise SetupInterruptedError from error
