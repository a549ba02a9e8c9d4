"""The exchange of former data for restored data: by renames that a journal names beforehand.

Whatever kills it, whoever comes next (`raggen up`, `raggen restore`) goes on with it: from the
moment when the journal is there, all that is restored is on the disk, checked; before that moment,
nothing of the former data has been touched.
"""

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from raggen_cli import disk
from raggen_cli.backup import postgresql
from raggen_cli.backup.places import BESIDE, Places
from raggen_cli.belonging import hand_over, make_folder
from raggen_cli.errors import CheckError

JOURNAL = "restore.json"
# What was restored and what memory holds differ by what was said between the two copies.
RECONCILE = "reconcile-at-start"
STAGED = ".restored"
BEFORE = "before-restore-"


@dataclass(frozen=True)
class Exchange:
    """A file that takes a former one's place.

    Args:
        staged: where it is until then; gone from there: this exchange is done.
        target: its place.
        away: what goes together with the former one.
        before: the folder that keeps these.
    """

    staged: Path
    target: Path
    away: tuple[Path, ...]
    before: Path


@dataclass(frozen=True)
class Plan:
    """All exchanges, and the dump that takes the place of a PostgreSQL database."""

    exchanges: tuple[Exchange, ...]
    dump: Path | None


def sync(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, content: str) -> None:
    """Write a small file in one piece, and see that it is on the disk."""
    aside = path.with_name(path.name + ".new")
    with aside.open("w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        with suppress(PermissionError):  # as in lock.held
            hand_over(aside, file.fileno())
    aside.rename(path)
    sync(path.parent)


def staged_for(target: Path) -> Path:
    """Return where a restored file waits, on the disk of its target."""
    return target.with_name(target.name + STAGED)


def dump_for(places: Places) -> Path:
    """Return where a restored dump waits."""
    return places.data_dir / f"raggen.pgdump{STAGED}"


def exchange(places: Places, target: Path, before: str) -> Exchange:
    """Return how a file's place is taken.

    Args:
        before: name of the folder for what was there; beside the target where the data directory is
            on another disk, as a rename cannot leave its disk.
    """
    near = disk.same_disk(target.parent, places.data_dir)
    folder = (places.data_dir if near else target.parent) / before
    away = [target.with_name(target.name + ending) for ending in BESIDE]
    if target == places.embed_file:
        away.append(places.index)
    return Exchange(staged_for(target), target, tuple(away), folder)


def is_unfinished(places: Places) -> bool:
    """Tell whether a restore has begun to exchange files and not come to its end."""
    return (places.data_dir / JOURNAL).exists()


def begin(places: Places, plan: Plan) -> None:
    """Write the journal: from now on there is no way but forward."""
    for one in plan.exchanges:
        sync(one.staged.parent)
    write_durably(places.data_dir / JOURNAL, json.dumps(asdict(plan), default=str, indent=2))


def finish(places: Places) -> None:
    """Do what the journal says and is not done yet, and leave the mark for the next start.

    Raises:
        CheckError: the journal cannot be read, or PostgreSQL refuses.
        OSError: a rename failed; the next call goes on.
    """
    journal = places.data_dir / JOURNAL
    plan = _read(journal)
    for one in plan.exchanges:
        _exchange(one)
    if plan.dump is not None and plan.dump.exists():
        if places.web_url is None:
            raise CheckError("restore_other_database")
        postgresql.restore(places.web_url, plan.dump)
        plan.dump.unlink()
    write_durably(places.data_dir / RECONCILE, "")
    journal.unlink()
    sync(places.data_dir)


def _exchange(one: Exchange) -> None:
    if not one.staged.exists():
        return
    # The log before the database: one without its log is only older. Both are in `before`
    # in the end, whichever moment a kill picks.
    for former in (*one.away, one.target):
        if former.exists():
            make_folder(one.before)
            kept = one.before / former.name
            if kept.exists():  # whoever was started between two attempts has made another one
                kept = one.before / f"{former.name}.{time.time_ns()}"
            former.rename(kept)
    if one.before.exists():
        sync(one.before)
    one.staged.rename(one.target)
    sync(one.target.parent)


def _read(journal: Path) -> Plan:
    try:
        found = json.loads(journal.read_text())
        exchanges = tuple(
            Exchange(
                Path(one["staged"]),
                Path(one["target"]),
                tuple(Path(path) for path in one["away"]),
                Path(one["before"]),
            )
            for one in found["exchanges"]
        )
        return Plan(exchanges, Path(found["dump"]) if found["dump"] else None)
    except (ValueError, KeyError, TypeError) as error:
        raise CheckError("restore_journal_damaged", path=journal) from error


def clear(places: Places) -> None:
    """Take away what a restore that was killed before its journal has left; nothing after that."""
    if is_unfinished(places):
        return
    targets = [target for target in (places.web, places.secret, places.embed_file) if target]
    for path in (*map(staged_for, targets), dump_for(places)):
        path.unlink(missing_ok=True)
