"""`raggen doctor`, `raggen status` and `raggen reconcile`."""

import os
from typing import Annotated

import typer

from raggen_cli import doctor, layout, reconcile, settings
from raggen_cli.groups.options import Options
from raggen_cli.screen import Screen
from raggen_cli.status import report


def register(app: typer.Typer, screen: Screen) -> None:
    """Add the commands that say how an installation is."""
    text = screen.messages.text
    options = Options(screen.messages)

    @app.command("doctor", help=text("help_doctor"))
    def doctor_command(
        *,
        port: Annotated[str | None, options.port()] = None,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir, port=port)
        raise typer.Exit(doctor.run(place, chosen, screen, os.environ, as_json=as_json))

    @app.command("status", help=text("help_status"))
    def status_command(
        *,
        port: Annotated[str | None, options.port()] = None,
        embed_port: Annotated[
            str | None, typer.Option("--embed-port", metavar="N", help=text("help_embed_port"))
        ] = None,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(
            os.environ, place.root, data_dir=data_dir, port=port, embed_port=embed_port
        )
        raise typer.Exit(report.run(place, chosen, screen, os.environ, as_json=as_json))

    @app.command("reconcile", help=text("help_reconcile"))
    def reconcile_command(
        *,
        port: Annotated[str | None, options.port()] = None,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        repair: Annotated[bool, typer.Option("--repair", help=text("help_repair"))] = False,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir, port=port)
        raise typer.Exit(reconcile.run(chosen, screen, repair=repair, as_json=as_json))
