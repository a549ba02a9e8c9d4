"""The first file of a backup: what is in it, from which version, with the hash of each file."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from raggen_cli.errors import CheckError

FORMAT = 1
NAME = "manifest.json"
# More would not be a list of at most four files.
MOST_BYTES = 1_000_000
WEB = "raggen.db"
WEB_DUMP = "raggen.pgdump"
EMBED = "raggen-embed.db"
SECRET = "secret.key"  # noqa: S105 - a file's name
FILES = {WEB, WEB_DUMP, EMBED, SECRET}


@dataclass(frozen=True)
class Entry:
    """A file of the archive: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    Args:
        created: UTC, ISO 8601.
        raggen: version of the command line.
        revision: what `git describe` called the tree; None outside of one.
        database: of raggen-web: sqlite or postgresql.
        migrations: of raggen-web's database, in order.
        embed_schema: version of raggen-embed's file; None where there was none.
        models: fingerprints of the models whose vectors are in it.
        counts: chats, messages, items.
        files: in the order in which they follow.
        installation: the mark of where it was made; None where that had none yet.
    """

    created: str
    raggen: str
    revision: str | None
    database: str
    migrations: tuple[str, ...]
    embed_schema: int | None
    models: tuple[str, ...]
    counts: dict[str, int]
    files: tuple[Entry, ...]
    format: int = FORMAT
    installation: str | None = None

    def entry(self, name: str) -> Entry | None:
        """Return what is said of a file; None where it is not in this backup."""
        return next((entry for entry in self.files if entry.name == name), None)

    def as_json(self) -> str:
        """Return the file's text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)

    @property
    def maker(self) -> str:
        """What made it, for a person: the tree's name where it has one, else the version."""
        return self.revision or self.raggen


def _entry(found: Any) -> Entry:
    name, size, digest = found["name"], found["size"], found["sha256"]
    is_size = isinstance(size, int) and 0 <= size < 1 << 50
    if not (name in FILES and is_size and re.fullmatch("[0-9a-f]{64}", digest)):
        raise ValueError("an entry")
    return Entry(name, size, digest)


def _entries(found: Any) -> tuple[Entry, ...]:
    files = tuple(_entry(one) for one in found)
    if len({entry.name for entry in files}) != len(files):
        raise ValueError("a file twice")
    return files


def _database(found: Any) -> str:
    if found not in {"sqlite", "postgresql"}:
        raise ValueError("a database")
    return str(found)


def _installation(found: Any) -> str | None:
    if not (found is None or isinstance(found, str)):
        raise ValueError("an installation")
    return found


def _words(found: Any) -> tuple[str, ...]:
    if not (isinstance(found, list) and all(isinstance(word, str) for word in found)):
        raise ValueError("a list of words")
    return tuple(found)


def parse(content: bytes) -> Manifest:
    """Read a manifest, believing nothing of it.

    Raises:
        CheckError: it is none, or of a format that only a newer raggen knows.
    """
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise CheckError("backup_newer", maker=str(found.get("revision") or found["raggen"]))
        return Manifest(
            created=str(found["created"]),
            raggen=str(found["raggen"]),
            revision=None if found["revision"] is None else str(found["revision"]),
            database=_database(found["database"]),
            migrations=_words(found["migrations"]),
            embed_schema=None if found["embed_schema"] is None else int(found["embed_schema"]),
            models=_words(found["models"]),
            counts={str(name): int(count) for name, count in found["counts"].items()},
            files=_entries(found["files"]),
            installation=_installation(found.get("installation")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CheckError("backup_not_one") from error
