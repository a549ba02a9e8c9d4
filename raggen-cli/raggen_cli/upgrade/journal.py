"""What an upgrade has done so far: whoever comes next goes on from there, or back."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from raggen_cli.backup.swap import sync, write_durably
from raggen_cli.errors import CheckError

NAME = "upgrade.json"
# There while something is under way: systemd starts no service then (deploy/systemd).
UNFINISHED = "upgrade-unfinished"
# What is under way, and its steps in order. `raggen rollback` needs to know the last upgrade.
STEPS = {
    "upgrade": ("backup", "checkout", "setup", "start", "done"),
    "undo": ("data", "checkout", "setup"),
    "rollback": ("backup", "data", "checkout", "setup", "start"),
}


@dataclass(frozen=True)
class Version:
    """A state of the tree: what a person calls it, and its commit."""

    name: str
    commit: str


@dataclass(frozen=True)
class Journal:
    """Where an upgrade stands.

    Args:
        former: the version to go back to.
        target: the version to go to.
        what: upgrade; undo, of one that failed; rollback, of one that came through.
        step: the one that is next or was cut off.
        backup: of the former version's data; None where there was none, or not yet.
    """

    former: Version
    target: Version
    what: str = "upgrade"
    step: str = "backup"
    backup: Path | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing is under way."""
        return (self.what, self.step) == ("upgrade", "done")

    def at(self, step: str) -> "Journal":
        """Return it at a step."""
        return replace(self, step=step)

    def to(self, what: str) -> "Journal":
        """Return it at the beginning of something else."""
        return replace(self, what=what, step=STEPS[what][0])


def read(data_dir: Path) -> Journal | None:
    """Return the journal; None where there is none.

    Raises:
        CheckError: it cannot be read.
    """
    path = data_dir / NAME
    try:
        found = json.loads(path.read_text())
        journal = Journal(
            Version(**found["former"]),
            Version(**found["target"]),
            found["what"],
            found["step"],
            Path(found["backup"]) if found["backup"] else None,
        )
        STEPS[journal.what].index(journal.step)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckError("upgrade_journal_damaged", path=path) from error
    return journal


def write(data_dir: Path, journal: Journal) -> None:
    """Write it in one piece, and see it on the disk before anything else happens."""
    # The mark after the journal, and gone before it: alone, it would keep the services down
    # with nothing left to finish.
    if journal.is_finished:
        (data_dir / UNFINISHED).unlink(missing_ok=True)
    write_durably(data_dir / NAME, json.dumps(asdict(journal), default=str, indent=2))
    if not journal.is_finished:
        write_durably(data_dir / UNFINISHED, "")


def remove(data_dir: Path) -> None:
    """Forget it: nothing is under way, and there is nothing to go back to."""
    for name in (UNFINISHED, NAME):
        (data_dir / name).unlink(missing_ok=True)
    sync(data_dir)


def refuse_unfinished(data_dir: Path) -> None:
    """Let nobody start on data that is between two versions.

    Raises:
        CheckError: says what is under way and how to go on or back.
    """
    found = read(data_dir)
    if found is None or found.is_finished:
        return
    key = "rollback_unfinished" if found.what == "rollback" else "upgrade_unfinished"
    raise CheckError(key, former=found.former.name, target=found.target.name)
