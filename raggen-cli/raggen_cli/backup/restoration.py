"""`raggen restore`: a backup takes the place of what is there, which is kept aside."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from raggen_cli import disk, lock
from raggen_cli.backup import archive, manifest, postgresql, sqlite, swap, verification
from raggen_cli.backup.creation import RESERVE, STAMP
from raggen_cli.backup.manifest import Entry, Manifest
from raggen_cli.backup.places import Places
from raggen_cli.belonging import hand_over, make_folder
from raggen_cli.errors import CheckError
from raggen_cli.layout import Layout
from raggen_cli.ownership import data_lock

EMBED_LOCK = "raggen-embed.lock"  # raggen_embed/lock.py


@dataclass(frozen=True)
class Restored:
    """What was restored, and where the former data is; None where there was none."""

    manifest: Manifest
    before: Path | None


@contextmanager
def at_rest(places: Places) -> Iterator[None]:
    """Have the data for us alone, however the services are started.

    Raises:
        CheckError: somebody works on it, and what to stop.
    """
    with data_lock(places.data_dir), services_at_rest(places):
        yield


@contextmanager
def services_at_rest(places: Places) -> Iterator[None]:
    """Hold what the services themselves hold while they run, so that none can start meanwhile.

    PostgreSQL is only asked: each transaction on it takes raggen-web's lock for itself.

    Raises:
        CheckError: one of them runs, and which; or nothing can be written there.
    """
    with ExitStack() as stack:
        try:
            make_folder(places.embed)
            stack.enter_context(lock.held(places.embed / EMBED_LOCK))
        except lock.LockedError as error:
            raise CheckError("service_running", name="raggen-embed") from error
        except OSError as error:
            raise CheckError("data_dir_not_writable", path=places.embed, reason=error) from error
        if places.web is not None:
            stack.enter_context(_held(places.web))
        elif postgresql.is_held(places.web_url or ""):
            raise CheckError("service_running", name="raggen-web")
        yield


@contextmanager
def _held(web: Path) -> Iterator[None]:
    """Hold a SQLite file as a raggen-web does: by a transaction open in a file beside it."""
    beside = web.with_name(web.name + ".lock")
    try:
        make_folder(web.parent)
        if not beside.exists():
            beside.touch(mode=0o600, exist_ok=False)
            hand_over(beside)
    except OSError as error:
        raise CheckError("data_dir_not_writable", path=web.parent, reason=error) from error
    with closing(sqlite.connect(beside, "rw")) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise CheckError("service_running", name="raggen-web") from error
        yield


def restore(
    places: Places, layout: Layout, path: Path, *, only: frozenset[str] = frozenset(manifest.FILES)
) -> Restored:
    """Check all of a backup, then put it in the place of what is there. Call it `at_rest`.

    Args:
        only: the files of the archive that are wanted.

    Raises:
        CheckError: it cannot be done; nothing has been touched.
    """
    if swap.is_unfinished(places):
        swap.finish(places)
    swap.clear(places)
    try:
        with archive.reading(path) as contents:
            made = contents.manifest
            verification.check_known(made, layout)
            _check_kind(places, made)
            targets = {entry.name: _staged(places, entry) for entry in made.files}
            _check_space(made, targets)
            for target in targets.values():
                make_folder(target.parent)
            verification.check_contents(contents, lambda entry: targets[entry.name])
            for target in targets.values():
                hand_over(target)
        plan, before = _plan(places, made, only)
        swap.begin(places, plan)
    except OSError as error:
        swap.clear(places)
        if error.errno in disk.FULL:
            raise CheckError("restore_disk_full", path=places.data_dir) from error
        raise CheckError("restore_failed", path=path, reason=error) from error
    except BaseException:
        swap.clear(places)
        raise
    swap.finish(places)
    return Restored(made, before if before.exists() else None)


def _target(places: Places, name: str) -> Path:
    """Return the place of a file that is not a dump."""
    if name == manifest.WEB and places.web is not None:
        return places.web
    return places.embed_file if name == manifest.EMBED else places.secret


def _staged(places: Places, entry: Entry) -> Path:
    if entry.name == manifest.WEB_DUMP:
        return swap.dump_for(places)
    return swap.staged_for(_target(places, entry.name))


def _check_kind(places: Places, made: Manifest) -> None:
    if (made.database == "sqlite") != (places.web is not None):
        raise CheckError("restore_other_database")


def _check_space(made: Manifest, targets: dict[str, Path]) -> None:
    """Stop before anything is written where it would not fit, disk by disk."""
    needed: dict[int, int] = {}
    for entry in made.files:
        place = disk.existing(targets[entry.name].parent)
        device = place.stat().st_dev
        needed[device] = needed.get(device, RESERVE) + entry.size
        free = shutil.disk_usage(place).free
        if free < needed[device]:
            amount = needed[device] // disk.MEGABYTE
            free //= disk.MEGABYTE
            raise CheckError("backup_no_space", path=place, needed=amount, free=free)


def _plan(places: Places, made: Manifest, only: frozenset[str]) -> tuple[swap.Plan, Path]:
    name = f"{swap.BEFORE}{datetime.now(UTC).strftime(STAMP)}"
    before = places.data_dir / name
    exchanges = []
    dump = None
    for entry in made.files:
        if entry.name not in only:
            _staged(places, entry).unlink()
        elif entry.name == manifest.WEB_DUMP and places.web_url is not None:
            dump = swap.dump_for(places)
            make_folder(before)
            postgresql.dump(places.web_url, before / manifest.WEB_DUMP)
        else:
            exchanges.append(swap.exchange(places, _target(places, entry.name), name))
    return swap.Plan(tuple(exchanges), dump), before
