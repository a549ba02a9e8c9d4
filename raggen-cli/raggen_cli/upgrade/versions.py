"""Which versions there are, and whether one can be gone to."""

import time
from pathlib import Path

from raggen_cli import tree
from raggen_cli.errors import CheckError
from raggen_cli.tree import GitError
from raggen_cli.upgrade.journal import Version

MIGRATIONS = "raggen-web/prisma/migrations"
POSTGRESQL_MIGRATIONS = "raggen-web/prisma/postgresql/migrations"
EMBED_SCHEMA = "raggen-embed/raggen_embed/schema.sql"
# A git that was killed together with us is gone long before; one that still runs is waited for.
LOCK_SECONDS = 30.0


def check_clone(root: Path) -> None:
    """Refuse where git cannot change the version, or would lose what somebody has written.

    Raises:
        CheckError: this is no clone, or files were changed.
    """
    if not tree.is_clone(root):
        raise CheckError("upgrade_no_clone", path=root)
    changed = tree.git(root, "status", "--porcelain", "--untracked-files=no").splitlines()
    if changed:
        raise CheckError("upgrade_dirty", tail=changed[:10], path=root)


def check_room(root: Path, target: Version) -> None:
    """Refuse where somebody's own file stands in the place of one that the target brings.

    `checkout --force` would write over it.

    Raises:
        CheckError: names them.
    """
    diff = ("diff-tree", "-r", "-z", "--no-renames", "--diff-filter=A", "--name-only")
    brought = _names(tree.git(root, *diff, "HEAD", target.commit))
    tracked = _names(tree.git(root, "ls-files", "-z"))
    found: set[str] = set()
    for name in brought:
        places = [name, *(str(above) for above in Path(name).parents[:-1])]
        found.update(one for one in places if one not in tracked and _is_file(root / one))
        if _is_folder(root / name):
            found |= _names(tree.git(root, "ls-files", "-z", "--others", "--", name))
    if found:
        tail = sorted(found)[:10]
        raise CheckError("upgrade_in_the_way", tail=tail, target=target.name, path=root)


def _names(listed: str) -> set[str]:
    """Return what git lists with -z."""
    return {name for name in listed.split("\0") if name}


def _is_file(path: Path) -> bool:
    """Tell whether something is there that is no folder; a link is none."""
    return path.is_symlink() or (path.exists() and not path.is_dir())


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def current(root: Path) -> Version:
    """Return this version: its tag, else its branch, else its commit."""
    commit = tree.git(root, "rev-parse", "HEAD")
    tags = tree.git(root, "tag", "--points-at", "HEAD", "--list", "v*").splitlines()
    if tags:
        return Version(tags[0], commit)
    try:
        return Version(tree.git(root, "symbolic-ref", "--short", "-q", "HEAD"), commit)
    except GitError:
        return Version(commit[:12], commit)


def fetch(root: Path) -> bool:
    """Ask the remote for tags, where there is one; False where it does not answer."""
    if not tree.git(root, "remote"):
        return True
    try:
        tree.git(root, "fetch", "--quiet", "--tags")
    except GitError:
        return False
    return True


def find(root: Path, tag: str | None) -> Version:
    """Return the version that a tag names; without one, the newest that is not a trial.

    Raises:
        CheckError: there is none.
    """
    if tag is None:
        tags = tree.git(root, "tag", "--list", "v*", "--sort=-v:refname").splitlines()
        found = next((one for one in tags if "-" not in one), None)
        if found is None:
            raise CheckError("upgrade_no_tags")
        tag = found
    try:
        commit = tree.git(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{tag}^{{commit}}")
    except GitError as error:
        raise CheckError("upgrade_unknown_tag", tag=tag) from error
    return Version(tag, commit)


def migrations(root: Path, commit: str) -> set[str]:
    """Return the names of the migrations that a version has."""
    found = tree.git(root, "ls-tree", "-d", "--name-only", f"{commit}:{MIGRATIONS}")
    return set(found.splitlines())


def check_newer(root: Path, former: Version, target: Version) -> None:
    """Refuse what would be a way back: that is `raggen rollback`'s.

    Raises:
        CheckError: the target is older, or does not know what the data has been through.
    """
    base = tree.git(root, "merge-base", former.commit, target.commit)
    is_older = base == target.commit
    if is_older or not migrations(root, former.commit) <= migrations(root, target.commit):
        raise CheckError("upgrade_not_newer", target=target.name, former=former.name)


def checkout(root: Path, version: Version) -> None:
    """Bring the tree to a version; also from half of another, where that was cut off.

    Raises:
        CheckError: git refuses, and why.
    """
    lock = Path(tree.git(root, "rev-parse", "--absolute-git-dir")) / "index.lock"
    deadline = time.monotonic() + LOCK_SECONDS
    while lock.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    lock.unlink(missing_ok=True)
    try:
        name = version.name
        is_there = tree.git(root, "rev-parse", f"{name}^{{commit}}") == version.commit
        tree.git(root, "checkout", "--quiet", "--force", name if is_there else version.commit)
    except GitError as error:
        tail = str(error).splitlines()[-10:]
        raise CheckError("upgrade_checkout_failed", tail=tail, target=version.name) from error
