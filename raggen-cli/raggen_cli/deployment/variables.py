"""Files of variables, as systemd's EnvironmentFile= and Docker's env_file read them: no shell does.

Only the standard library: `deploy/raggen-run` reads them before there is an environment of ours.
"""

import re
from pathlib import Path

from raggen_cli.errors import SettingsError

LINE = re.compile(r"^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$")


def unquoted(value: str) -> str:
    """Take the quotes off a value, as systemd and Docker do."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def read(path: Path) -> tuple[dict[str, str], list[int]]:
    """Read a file of variables.

    Returns:
        The variables, and the numbers of the lines that are neither one nor a comment.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("bad_env_file", path=path, reason=error) from error
    values: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        match = LINE.match(line.strip())
        if match:
            values[match[1]] = unquoted(match[2])
        else:
            wrong.append(number)
    return values, wrong
