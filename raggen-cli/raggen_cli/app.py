"""The command line: options in, one call, exit code out."""

import os
from pathlib import Path
from typing import Annotated

import typer

from raggen_cli import __version__, doctor, layout, reconcile, settings, setup, signals, up
from raggen_cli.commands import Commands
from raggen_cli.errors import SetupInterruptedError
from raggen_cli.messages import Messages
from raggen_cli.ready_file import ReadyFile
from raggen_cli.screen import Screen


def build(messages: Messages, screen: Screen) -> typer.Typer:
    """Return the command line in the person's language.

    Every command ends with typer.Exit, or with a RaggenError for `main` to show.
    """
    text = messages.text
    app = typer.Typer(
        name="raggen",
        help=text("help"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    data_dir_option = typer.Option("--data-dir", metavar="PATH", help=text("help_data_dir"))
    port_option = typer.Option("--port", metavar="N", help=text("help_port"))

    @app.callback(invoke_without_command=True)
    def about(
        *,
        version: Annotated[
            bool, typer.Option("--version", is_eager=True, help=text("help_version"))
        ] = False,
    ) -> None:
        if version:
            screen.write(f"raggen {__version__}")
            raise typer.Exit

    @app.command("up", help=text("help_up"))
    def up_command(
        port: Annotated[str | None, port_option] = None,
        data_dir: Annotated[str | None, data_dir_option] = None,
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
        data_dir: Annotated[str | None, data_dir_option] = None,
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

    @app.command("doctor", help=text("help_doctor"))
    def doctor_command(
        *,
        port: Annotated[str | None, port_option] = None,
        data_dir: Annotated[str | None, data_dir_option] = None,
        as_json: Annotated[bool, typer.Option("--json", help=text("help_json"))] = False,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir, port=port)
        raise typer.Exit(doctor.run(place, chosen, screen, os.environ, as_json=as_json))

    @app.command("reconcile", help=text("help_reconcile"))
    def reconcile_command(
        *,
        port: Annotated[str | None, port_option] = None,
        data_dir: Annotated[str | None, data_dir_option] = None,
        repair: Annotated[bool, typer.Option("--repair", help=text("help_repair"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=text("help_json"))] = False,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir, port=port)
        raise typer.Exit(reconcile.run(chosen, screen, repair=repair, as_json=as_json))

    return app
