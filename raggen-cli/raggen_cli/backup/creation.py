"""`raggen backup`: a copy of everything in one file, while both services run.

raggen-embed is copied first. What raggen-web's later copy knows and raggen-embed's does not is then
sent again after a restore; the other way round, memory would hold what no chat has.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from raggen_cli import __version__, disk, lock
from raggen_cli.backup import archive, installation, manifest, postgresql, sqlite, swap
from raggen_cli.backup.manifest import Entry, Manifest
from raggen_cli.backup.places import Places
from raggen_cli.belonging import hand_over, make_folder
from raggen_cli.errors import CheckError

LOCK = "backup.lock"
PREFIX, SUFFIX = "raggen-", ".tar.gz"
STAMP = "%Y%m%dT%H%M%SZ"
RESERVE = 16 * disk.MEGABYTE


@dataclass(frozen=True)
class Made:
    """A backup that was made, and older ones that `--keep` took away."""

    path: Path
    size: int
    manifest: Manifest
    removed: tuple[Path, ...]


def create(
    places: Places,
    revision: str | None,
    *,
    to: Path | None = None,
    keep: int | None = None,
    with_keys: bool = True,
) -> Made:
    """Copy, check the copies, and write them into one archive.

    Args:
        revision: what the tree is called, for the manifest.
        to: a folder, or the file to make; None: `Places.backups`.
        keep: how many backups stay in that folder; None: all.
        with_keys: the key of what is encrypted in the database, too.

    Raises:
        CheckError: it could not be made. Nothing is left of it then.
    """
    if swap.is_unfinished(places):
        raise CheckError("restore_unfinished")
    if places.web is not None and not places.web.exists():
        raise CheckError("backup_nothing", path=places.web)
    now = datetime.now(UTC)
    target = _target(places, to, now)
    try:
        make_folder(target.parent)
        with _alone(places), _aside(places, target) as folder:
            _check_space(places, folder)
            made = _write(places, folder, target, now, revision, with_keys=with_keys)
    except OSError as error:
        if error.errno in disk.FULL:
            raise CheckError("backup_disk_full", path=target.parent) from error
        raise CheckError("backup_not_written", path=target, reason=error.strerror) from error
    except sqlite3.Error as error:
        is_full = getattr(error, "sqlite_errorcode", 0) in sqlite.FULL
        key = "backup_disk_full" if is_full else "backup_not_read"
        raise CheckError(key, path=target.parent, reason=error) from error
    removed = prune(target.parent, keep, target, made.installation) if keep is not None else ()
    return Made(target, target.stat().st_size, made, removed)


def _target(places: Places, to: Path | None, now: datetime) -> Path:
    """Return the file to make, where there is none yet."""
    if to is not None and not to.is_dir() and to.name.endswith(SUFFIX):
        if to.exists():
            raise CheckError("backup_exists", path=to)
        return to.absolute()
    folder = (to or places.backups).absolute()
    target = folder / f"{PREFIX}{now.strftime(STAMP)}{SUFFIX}"
    if target.exists():
        raise CheckError("backup_exists", path=target)
    return target


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    try:
        with lock.held(places.data_dir / LOCK):
            yield
    except lock.LockedError as error:
        raise CheckError("backup_running", pid=error.holder.get("pid", "?")) from error


@contextmanager
def _aside(places: Places, target: Path) -> Iterator[Path]:
    """Make the folder for what is not finished; what a killed backup left there goes."""
    mark = hashlib.sha256(str(places.data_dir).encode()).hexdigest()[:8]
    folder = target.parent / f".raggen-backup-{mark}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_space(places: Places, folder: Path) -> None:
    """Stop before anything is copied where copies and archive would not fit.

    The archive grows while the copies are still there; each copy goes when it is in.
    """
    sizes = [postgresql.size(places.web_url) if places.web_url else 0]
    present = [path for path in (places.embed_file, places.web) if path and path.exists()]
    sizes += [sqlite.size(path) for path in present]
    needed = sum(sizes) + max(sizes) + RESERVE
    free = shutil.disk_usage(folder).free
    if free < needed:
        needed, free = (amount // disk.MEGABYTE for amount in (needed, free))
        raise CheckError("backup_no_space", path=folder.parent, needed=needed, free=free)


def _write(
    places: Places,
    folder: Path,
    target: Path,
    now: datetime,
    revision: str | None,
    *,
    with_keys: bool,
) -> Manifest:
    described, counts = _copy(places, folder, with_keys=with_keys)
    names = [
        name
        for name in (manifest.EMBED, manifest.WEB, manifest.WEB_DUMP, manifest.SECRET)
        if (folder / name).exists()
    ]
    entries = [
        Entry(name, (folder / name).stat().st_size, archive.digest(folder / name)) for name in names
    ]
    made = Manifest(
        created=now.isoformat(timespec="seconds"),
        raggen=__version__,
        revision=revision,
        database="sqlite" if places.web else "postgresql",
        migrations=described.migrations,
        embed_schema=counts.schema if counts else None,
        models=counts.models if counts else (),
        counts={
            "chats": described.chats,
            "messages": described.messages,
            "items": counts.items if counts else 0,
        },
        files=tuple(entries),
        installation=installation.mark(places),
    )
    unfinished = folder / "archive"
    with archive.writing(unfinished) as writer:
        writer.add_bytes(manifest.NAME, made.as_json().encode())
        for entry in entries:
            writer.add(entry, folder / entry.name)
            (folder / entry.name).unlink()
    unfinished.rename(target)
    hand_over(target)
    swap.sync(target.parent)
    return made


def _copy(
    places: Places, folder: Path, *, with_keys: bool
) -> tuple[sqlite.Web | postgresql.Contents, sqlite.Embed | None]:
    """Copy all into `folder` and look at what was copied."""
    embed = None
    if places.embed_file.exists():
        sqlite.copy(places.embed_file, folder / manifest.EMBED)
        embed = sqlite.look_at_embed(folder / manifest.EMBED, places.embed_file)
    if places.web_url is not None:
        postgresql.dump(places.web_url, folder / manifest.WEB_DUMP)
        web: sqlite.Web | postgresql.Contents = postgresql.look_at(folder / manifest.WEB_DUMP)
    else:
        if places.web is None:
            raise AssertionError("one of both")
        sqlite.copy(places.web, folder / manifest.WEB)
        web = sqlite.look_at_web(folder / manifest.WEB, places.web)
    if with_keys and places.secret.exists():
        shutil.copyfile(places.secret, folder / manifest.SECRET)
    return web, embed


def prune(folder: Path, keep: int, newest: Path, mark: str | None) -> tuple[Path, ...]:
    """Remove all but the newest backups of a folder: only files that are named and made as ours.

    Args:
        mark: of this installation; what another one has made there stays.

    Returns:
        Those that were removed.
    """
    ours = []
    for path in sorted(folder.glob(f"{PREFIX}*{SUFFIX}"), reverse=True):
        try:
            datetime.strptime(path.name.removesuffix(SUFFIX), PREFIX + STAMP).replace(tzinfo=UTC)
            if path.is_symlink() or path == newest:
                continue
            with archive.reading(path) as contents:
                if contents.manifest.installation == mark:
                    ours.append(path)
        except (ValueError, CheckError, OSError):
            continue
    removed = tuple(ours[max(keep - 1, 0) :])
    for path in removed:
        path.unlink()
    return removed
