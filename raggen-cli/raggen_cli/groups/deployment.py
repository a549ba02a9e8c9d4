"""`raggen deploy check`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from raggen_cli import layout
from raggen_cli.deployment import check
from raggen_cli.groups.options import Options
from raggen_cli.screen import Screen


def register(app: typer.Typer, screen: Screen) -> None:
    """Add the commands for running raggen on a server."""
    text = screen.messages.text
    options = Options(screen.messages)
    group = typer.Typer(help=text("help_deploy"), no_args_is_help=True)
    app.add_typer(group, name="deploy")

    # Without it, typer would take the only command of the group for the group itself.
    @group.callback()
    def deploy() -> None:
        pass

    @group.command("check", help=text("help_deploy_check"))
    def check_command(
        *,
        env_file: Annotated[
            list[Path] | None,
            typer.Option("--env-file", metavar="FILE", help=text("help_env_file")),
        ] = None,
        data_dir: Annotated[str | None, options.data_dir()] = None,
        url: Annotated[
            str | None, typer.Option("--url", metavar="URL", help=text("help_url"))
        ] = None,
        as_json: Annotated[bool, options.as_json()] = False,
    ) -> None:
        code = check.run(
            layout.find(),
            screen,
            os.environ,
            env_file or [],
            data_dir=data_dir,
            url=url,
            as_json=as_json,
        )
        raise typer.Exit(code)
