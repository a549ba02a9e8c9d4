"""`raggen`, and `python -m raggen_cli`."""

import os
import sys

from raggen_cli import messages
from raggen_cli.app import build
from raggen_cli.errors import RaggenError, SetupInterruptedError
from raggen_cli.screen import Screen
from raggen_cli.terminal import Terminal


def main() -> int:
    """Run the command line.

    Returns:
        The exit code; what went wrong has been shown.
    """
    chosen = messages.choose(os.environ)
    screen = Screen(chosen, Terminal())
    try:
        build(chosen, screen)(prog_name="raggen")
    except RaggenError as error:
        screen.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        screen.error(SetupInterruptedError())
        return SetupInterruptedError.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
