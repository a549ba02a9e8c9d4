"""Options that several commands have, in the person's language."""

from dataclasses import dataclass
from typing import Any

import typer

from raggen_cli.messages import Messages


@dataclass(frozen=True)
class Options:
    """Makes options whose help is in one language."""

    messages: Messages

    def data_dir(self) -> Any:
        """Return `--data-dir`."""
        return typer.Option("--data-dir", metavar="PATH", help=self.messages.text("help_data_dir"))

    def port(self) -> Any:
        """Return `--port`, raggen-web's."""
        return typer.Option("--port", metavar="N", help=self.messages.text("help_port"))

    def as_json(self) -> Any:
        """Return `--json`."""
        return typer.Option("--json", help=self.messages.text("help_json"))
