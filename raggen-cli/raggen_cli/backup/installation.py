"""Which installation this is: its backups may lie in one folder with another's."""

import re
import uuid

from raggen_cli.backup import swap
from raggen_cli.backup.places import Places

NAME = "installation-id"
MARK = re.compile("[0-9a-f]{32}")


def mark(places: Places) -> str:
    """Return this installation's mark, made where there is none: 32 hex digits.

    Not the data's path: two machines may have it in the same place, and write to one disk.

    Raises:
        OSError: it can be neither read nor written.
    """
    path = places.data_dir / NAME
    try:
        found = path.read_text().strip()
    except (FileNotFoundError, UnicodeDecodeError):
        found = ""
    if not MARK.fullmatch(found):
        found = uuid.uuid4().hex
        swap.write_durably(path, found)
    return found
