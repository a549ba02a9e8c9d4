"""`raggen quality`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from raggen_cli import layout, settings
from raggen_cli.groups.options import Options
from raggen_cli.quality import command
from raggen_cli.quality.command import Wanted
from raggen_cli.screen import Screen


def register(app: typer.Typer, screen: Screen) -> None:
    """Add the command that says how answers do."""
    text = screen.messages.text
    options = Options(screen.messages)

    @app.command("quality", help=text("help_quality"))
    def quality_command(
        *,
        port: Annotated[str | None, options.port()] = None,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        since: Annotated[
            str | None, typer.Option("--since", metavar="DATE", help=text("help_quality_since"))
        ] = None,
        replay: Annotated[bool, typer.Option("--replay", help=text("help_quality_replay"))] = False,
        save: Annotated[
            Path | None, typer.Option("--save", metavar="FILE", help=text("help_quality_save"))
        ] = None,
        compare: Annotated[
            Path | None,
            typer.Option("--compare", metavar="FILE", help=text("help_quality_compare")),
        ] = None,
        with_: Annotated[
            Path | None, typer.Option("--with", metavar="FILE", help=text("help_quality_with"))
        ] = None,
        threshold: Annotated[
            float,
            typer.Option(
                "--threshold", metavar="SHARE", min=0, max=1, help=text("help_quality_threshold")
            ),
        ] = 0.0,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        place = layout.find()
        chosen = settings.parse(os.environ, place.root, data_dir=data_dir, port=port)
        wanted = Wanted(
            since=since,
            replay=replay,
            save=save,
            compare=compare,
            with_=with_,
            threshold=threshold,
            as_json=as_json,
        )
        raise typer.Exit(command.run(chosen, screen, wanted))
