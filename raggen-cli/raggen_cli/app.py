"""The command line: options in, one call, exit code out. The commands are in `groups`."""

from typing import Annotated

import typer

from raggen_cli import __version__
from raggen_cli.groups import copies, deployment, diagnosis, quality, running, versions
from raggen_cli.messages import Messages
from raggen_cli.screen import Screen

GROUPS = (running, diagnosis, quality, copies, deployment, versions)


def build(messages: Messages, screen: Screen) -> typer.Typer:
    """Return the command line in the person's language.

    Every command ends with typer.Exit, or with a RaggenError for `main` to show.
    """
    app = typer.Typer(
        name="raggen",
        help=messages.text("help"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )

    @app.callback(invoke_without_command=True)
    def about(
        *,
        version: Annotated[
            bool, typer.Option("--version", is_eager=True, help=messages.text("help_version"))
        ] = False,
    ) -> None:
        if version:
            screen.write(f"raggen {__version__}")
            raise typer.Exit

    for group in GROUPS:
        group.register(app, screen)
    return app
