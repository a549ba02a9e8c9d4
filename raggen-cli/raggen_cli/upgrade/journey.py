"""`raggen upgrade` and `raggen rollback`: step by step, each written down before it is taken.

A step that was cut off is taken again, so each of them can be taken twice. After `checkout` the
tree is another version's, while this process is still the one that began: whatever is needed from
here on has been imported above, and everything of the other version runs as its own process.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from raggen_cli import lock, tree
from raggen_cli.backup import (
    archive,
    creation,
    manifest,
    restoration,
    sqlite,
    swap,
    verification,
)
from raggen_cli.backup.creation import STAMP, SUFFIX
from raggen_cli.backup.places import BESIDE, Places
from raggen_cli.belonging import make_folder
from raggen_cli.errors import CheckError, RaggenError
from raggen_cli.layout import Layout
from raggen_cli.screen import Screen
from raggen_cli.tree import GitError
from raggen_cli.upgrade import downs, journal, process, versions
from raggen_cli.upgrade.journal import STEPS, Journal

LOCK = "upgrade.lock"


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Be the only one who changes the version.

    Raises:
        CheckError: somebody else does.
    """
    try:
        with lock.held(places.data_dir / LOCK):
            yield
    except lock.LockedError as error:
        raise CheckError("upgrade_running", pid=error.holder.get("pid", "?")) from error


@dataclass
class Journey:
    """An upgrade, its undoing, or a rollback, on one tree and one data directory."""

    layout: Layout
    places: Places
    screen: Screen

    def upgrade(self, tag: str | None) -> None:
        """Go to a newer version, or on with what was cut off.

        Raises:
            CheckError: it cannot be done, or failed and was undone.
        """
        found = journal.read(self.places.data_dir)
        if found is not None and not found.is_finished:
            self._continue(found, tag)
            return
        root = self.layout.root
        versions.check_clone(root)
        if not versions.fetch(root):
            self.screen.line("upgrade_no_remote")
        former = versions.current(root)
        target = versions.find(root, tag)
        if target.commit == former.commit:
            self.screen.line("upgrade_already", target=target.name)
            return
        versions.check_newer(root, former, target)
        versions.check_room(root, target)
        with restoration.at_rest(self.places):  # else nothing has begun
            journal.write(self.places.data_dir, Journal(former, target))
        self.screen.line("upgrade_begins", former=former.name, target=target.name)
        self._upgrade(Journal(former, target))

    def rollback(self) -> None:
        """Go back to the version before, with the data as it is now; or on with what was cut off.

        Raises:
            CheckError: there is nothing to go back to, or no way back.
        """
        found = journal.read(self.places.data_dir)
        if found is None:
            raise CheckError("rollback_nothing")
        if found.what == "upgrade" and not found.is_finished:
            self.screen.line("upgrade_undoes", former=found.former.name, target=found.target.name)
            self._undo(found)
            return
        if not found.is_finished:
            self._continue(found, None)
            return
        versions.check_clone(self.layout.root)
        here = versions.current(self.layout.root)
        if here.commit != found.target.commit:
            raise CheckError("rollback_elsewhere", here=here.name, target=found.target.name)
        versions.check_room(self.layout.root, found.former)
        downs.scripts(self.layout.root, self.places, found)  # refused before anything is done
        with restoration.at_rest(self.places):
            journal.write(self.places.data_dir, found.to("rollback"))
        self.screen.line("rollback_begins", former=found.former.name, target=found.target.name)
        self._rollback(found.to("rollback"))

    def _continue(self, found: Journal, tag: str | None) -> None:
        """Go on with what was cut off."""
        if tag is not None and tag != found.target.name:
            key = "rollback_unfinished" if found.what == "rollback" else "upgrade_unfinished"
            raise CheckError(key, former=found.former.name, target=found.target.name)
        names = {"former": found.former.name, "target": found.target.name}
        self.screen.line("upgrade_goes_on", step=self._step_name(found.step), **names)
        ways = {"upgrade": self._upgrade, "undo": self._undo, "rollback": self._rollback}
        ways[found.what](found)

    def _upgrade(self, begun: Journal) -> None:
        reached = begun
        try:
            for reached in self._steps(begun):
                if reached.step == "backup":
                    reached = replace(reached, backup=self._backup("upgrade", reached.target.name))
                    self._note(reached)
                elif reached.step != "done":
                    self._move(reached)
        except RaggenError as error:
            if reached.step == "backup":
                journal.remove(self.places.data_dir)
                raise
            self.screen.error(error)
            self.screen.line("upgrade_undoes", former=begun.former.name, target=begun.target.name)
            self._undo(reached)
            raise CheckError("upgrade_undone", former=begun.former.name) from error
        self.screen.line("upgrade_done", target=begun.target.name, former=begun.former.name)

    def _undo(self, reached: Journal) -> None:
        """Bring the tree and the data back; nobody has said anything since."""
        begun = reached if reached.what == "undo" else reached.to("undo")
        for at in self._steps(begun):
            if at.step == "data":
                self._put_back(at)
            else:
                self._move(at)
        journal.remove(self.places.data_dir)
        self.screen.line("rollback_done", former=begun.former.name)

    def _rollback(self, begun: Journal) -> None:
        for at in self._steps(begun):
            if at.step == "backup":
                with self._or_none_begun(at):
                    self._backup("rollback", at.former.name)
            elif at.step == "data":
                self._take_back(at)
            else:
                self._move(at)
        journal.remove(self.places.data_dir)
        self.screen.line("rollback_done", former=begun.former.name)

    def _steps(self, begun: Journal) -> Iterator[Journal]:
        """Yield the steps that are left, each written down first."""
        names = STEPS[begun.what]
        at = begun
        for name in names[names.index(begun.step) :]:
            # What a step has written down itself, as the backup's place, stays.
            at = (journal.read(self.places.data_dir) or at) if name != begun.step else at
            at = replace(at, what=begun.what, step=name)
            self._note(at)
            if name != "done":
                self.screen.write(f"→ {self._step_name(name)}")
            yield at

    def _note(self, at: Journal) -> None:
        journal.write(self.places.data_dir, at)

    def _step_name(self, step: str) -> str:
        return self.screen.messages.text(f"upgrade_step_{step}")

    def _move(self, at: Journal) -> None:
        """Take a step that changes the tree, or asks its version to do something."""
        goal = at.target if at.what == "upgrade" else at.former
        if at.step == "checkout":
            versions.checkout(self.layout.root, goal)
        else:
            command = {"setup": "setup", "start": "start-once"}[at.step]
            process.run(self.layout.root, [command, "--data-dir", str(self.places.data_dir)])

    def _backup(self, why: str, name: str) -> Path | None:
        """Make a backup that no `--keep` takes away; None where there is no data yet."""
        if self.places.web is not None and not self.places.web.exists():
            return None
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        safe = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name)
        path = self.places.backups / f"before-{why}-{safe}-{now}{SUFFIX}"
        with restoration.at_rest(self.places):
            creation.create(self.places, tree.describe(self.layout.root), to=path)
        self.screen.line("upgrade_backup", path=path)
        return path

    def _put_back(self, at: Journal) -> None:
        """Restore the former version's data where the newer one has changed its schema."""
        if at.backup is None:
            return
        with archive.reading(at.backup) as contents:
            made = contents.manifest
        now = (downs.applied(self.places), self._embed_schema())
        if now != (made.migrations, made.embed_schema):
            with restoration.at_rest(self.places):
                done = restoration.restore(self.places, self.layout, at.backup)
            if done.before is not None:
                self.screen.line("restored_before", path=done.before)

    def _take_back(self, at: Journal) -> None:
        """Bring the data of now to the former version's schema."""
        with ExitStack() as stack:
            with self._or_none_begun(at):
                found = downs.scripts(self.layout.root, self.places, at)
                schema = f"{at.former.commit}:{versions.EMBED_SCHEMA}"
                sql = tree.git(self.layout.root, "show", schema)
                is_newer = (self._embed_schema() or 0) > verification.embed_schema(sql)
                stack.enter_context(restoration.at_rest(self.places))
                if found or is_newer:
                    # Written first: what memory holds is compared with the chats at the next start.
                    swap.write_durably(self.places.data_dir / swap.RECONCILE, "")
                downs.apply(self.places, found)
            if is_newer:
                self._former_memory(at)

    @contextmanager
    def _or_none_begun(self, at: Journal) -> Iterator[None]:
        """Where a rollback is refused before it has changed anything, none is under way.

        Else it could neither go on nor be given up, and nothing would start on this data again.
        """
        try:
            yield
        except (RaggenError, GitError):
            self._note(replace(at, what="upgrade", step="done"))
            raise

    def _former_memory(self, at: Journal) -> None:
        """Bring raggen-embed's file back: out of the backup, or none. It is made of the chats."""
        if at.backup is not None and at.backup.exists():
            only = frozenset({manifest.EMBED})
            restoration.restore(self.places, self.layout, at.backup, only=only)
            return
        before = self.places.data_dir / f"{swap.BEFORE}{datetime.now(UTC).strftime(STAMP)}"
        make_folder(before)
        file = self.places.embed_file
        for path in (self.places.index, *(file.with_name(file.name + end) for end in BESIDE), file):
            if path.exists():
                shutil.move(path, before / path.name)

    def _embed_schema(self) -> int | None:
        file = self.places.embed_file
        return sqlite.version(file) if file.exists() else None
