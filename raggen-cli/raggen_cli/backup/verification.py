"""`raggen backup verify`: is a backup whole, and can this version use it?"""

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from raggen_cli import disk
from raggen_cli.backup import archive, manifest, postgresql, sqlite
from raggen_cli.backup.archive import Contents
from raggen_cli.backup.manifest import Entry, Manifest
from raggen_cli.errors import CheckError
from raggen_cli.layout import Layout


def known_migrations(layout: Layout) -> set[str]:
    """Return the names of the migrations that this tree has, the same for both databases."""
    folder = layout.web / "prisma" / "migrations"
    return {path.name for path in folder.iterdir() if path.is_dir()}


def embed_schema(sql: str) -> int:
    """Return the version that raggen-embed's schema.sql makes."""
    found = re.search(r"^PRAGMA user_version = (\d+);", sql, re.MULTILINE)
    return int(found[1]) if found else 0


def check_known(made: Manifest, layout: Layout) -> None:
    """Refuse what only a newer version can read. What is older is migrated when it starts.

    Raises:
        CheckError: names the version to use.
    """
    sql = (layout.root / "raggen-embed" / "raggen_embed" / "schema.sql").read_text("utf-8")
    is_newer = (made.embed_schema or 0) > embed_schema(sql)
    if is_newer or not set(made.migrations) <= known_migrations(layout):
        raise CheckError("backup_newer", maker=made.maker)


def check_contents(contents: Contents, target: Callable[[Entry], Path]) -> None:
    """Unpack, check every hash, let each database be checked, and compare it with the manifest.

    Args:
        target: where each file goes.

    Raises:
        CheckError: something is wrong with it.
    """
    made = contents.manifest
    needed, other = manifest.WEB, manifest.WEB_DUMP
    if made.database != "sqlite":
        needed, other = other, needed
    # Of both, one would have no place of its own.
    if made.entry(needed) is None or made.entry(other) is not None:
        raise CheckError("backup_not_one")
    contents.unpack(target)
    for entry in made.files:
        path = target(entry)
        if entry.name == manifest.EMBED:
            embed = sqlite.look_at_embed(path, path)
            agrees = (embed.schema, embed.items) == (made.embed_schema, made.counts.get("items"))
        elif entry.name in {manifest.WEB, manifest.WEB_DUMP}:
            is_dump = entry.name == manifest.WEB_DUMP
            web = postgresql.look_at(path) if is_dump else sqlite.look_at_web(path, path)
            counts = (web.chats, web.messages)
            wanted = (made.counts.get("chats"), made.counts.get("messages"))
            agrees = web.migrations == made.migrations and counts == wanted
        else:
            agrees = True
        if not agrees:
            raise CheckError("backup_damaged", file=entry.name)


def verify(path: Path, layout: Layout) -> Manifest:
    """Read all of a backup, in a temporary folder; change nothing.

    Raises:
        CheckError: it is no backup, damaged, or of a newer version.
    """
    with archive.reading(path) as contents:
        check_known(contents.manifest, layout)
        needed = sum(entry.size for entry in contents.manifest.files)
        place = Path(tempfile.gettempdir())
        free = shutil.disk_usage(place).free
        if free < needed:
            needed, free = (amount // disk.MEGABYTE for amount in (needed, free))
            raise CheckError("temporary_too_small", path=place, needed=needed, free=free)
        with tempfile.TemporaryDirectory(prefix="raggen-verify-") as folder:
            check_contents(contents, lambda entry: Path(folder) / entry.name)
        return contents.manifest
