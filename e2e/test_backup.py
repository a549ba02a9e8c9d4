"""A backup under load, everything killed, a restore elsewhere: all that had been said is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from e2e.stack import ROOT, Stack, wait_for
from e2e.writers import Said, Writers
from raggen_cli.backup.swap import RECONCILE

WRITERS = 4
SAID_BEFORE = 20


def raggen(*words: str, data: Path, code: int = 0) -> Any:
    """Run a command as a person would, and return the JSON that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "raggen_cli", *words, "--json", "--data-dir", str(data)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "raggen-cli"), "RAGGEN_LANG": "en"},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == code, done.stdout.decode() + done.stderr.decode()
    return json.loads(done.stdout) if code == 0 else done.stderr.decode() + done.stdout.decode()


def kill(stack: Stack) -> None:
    """End raggen and both services at once; nothing can be put right on the way."""
    assert stack.process is not None
    found = psutil.Process(stack.process.pid)
    processes = [found, *found.children(recursive=True)]
    for process in processes:
        process.kill()
    stack.process.wait()
    psutil.wait_procs(processes, timeout=10)
    stack.process = None


def stored(url: str) -> set[str]:
    """The ids of all messages of all chats."""
    found: set[str] = set()
    for chat in httpx.get(f"{url}/api/chats", timeout=30).raise_for_status().json()["chats"]:
        answer = httpx.get(f"{url}/api/chats/{chat['id']}", timeout=30).raise_for_status()
        found |= {message["id"] for message in answer.json()["messages"]}
    return found


def ids(said: list[Said]) -> set[str]:
    return {one.message for one in said}


def test_everything_acknowledged_before_the_backup_is_there_after_the_restore(
    tmp_path: Path,
) -> None:
    stack = Stack(tmp_path / "data").start()
    try:
        with Writers(stack.web_url, WRITERS) as writers:
            wait_for("some messages", lambda: len(writers.said) >= SAID_BEFORE, 60)
            before = list(writers.said)
            started = time.monotonic()
            made = raggen("backup", data=stack.data_dir)
            seconds = time.monotonic() - started
            after = len(writers.said)
            wait_for("more messages", lambda: len(writers.said) >= after + 5, 60)
            kill(stack)
    finally:
        if stack.process is not None:
            stack.stop()
    meanwhile = len(writers.said) - len(before)
    print(f"{len(before)} said before, {meanwhile} after; backup took {seconds:.1f} s")  # noqa: T201
    counts = made["manifest"]["counts"]
    assert counts["messages"] >= len(before)

    new = Stack(tmp_path / "restored")
    raggen("restore", made["file"], data=new.data_dir)
    assert (new.data_dir / RECONCILE).exists()
    new.start()
    try:
        assert ids(before) <= stored(new.web_url)
        wait_for("the mark to go", lambda: not (new.data_dir / RECONCILE).exists(), 60)
        found = raggen("reconcile", data=new.data_dir)
        assert found["differences"] == []
        assert found["pending"] == 0
        assert found["here"] == found["there"] > 0
        refused = raggen("restore", made["file"], data=new.data_dir, code=1)
        assert new.web_url in refused
    finally:
        new.stop()
