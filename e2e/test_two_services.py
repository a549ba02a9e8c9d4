"""Two services, one truth: whichever dies or hangs, nothing is lost, doubled or left open.

The long versions run with RAGGEN_TORTURE=long (`make torture`): 100 kills, ten minutes of outage.
"""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from e2e.pair import Pair
from e2e.stack import ROOT, Stack, wait_for
from e2e.writers import Said, Writers

LONG = os.environ.get("RAGGEN_TORTURE") == "long"
KILLS = 100 if LONG else 8
OUTAGE_SECONDS = 600 if LONG else 20
SEED = 5
pytestmark = pytest.mark.timeout(1_800 if LONG else 300)
# What the issue allows an answer to wait longer than usual, without memory.
SLOWER_SECONDS = 1.0


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    running = Stack(tmp_path / "data", env={"RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS": "800"}).start()
    yield running
    running.stop()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    running = Pair(tmp_path / "data")
    yield running
    running.stop()


def reconciled(stack: Stack | Pair) -> dict[str, Any]:
    """What `raggen reconcile` prints, as a person would run it."""
    port = stack.web_url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "raggen_cli", "reconcile", "--json", "--port", port]
    done = subprocess.run(
        [*command, "--data-dir", str(stack.data_dir)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "raggen-cli")},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def messages_of(url: str, chat: str) -> list[dict[str, Any]]:
    response = httpx.get(f"{url}/api/chats/{chat}", timeout=30)
    response.raise_for_status()
    found: list[dict[str, Any]] = response.json()["messages"]
    return found


def check_history(stack: Stack | Pair, writers: Writers) -> None:
    """Each message that was taken is there once, answered or waiting, and nothing is left open."""
    by_chat: dict[str, list[Said]] = {}
    for one in writers.said:
        by_chat.setdefault(one.chat, []).append(one)
    for chat, said in by_chat.items():
        stored = messages_of(stack.web_url, chat)
        counts = Counter(message["id"] for message in stored)
        assert max(counts.values()) == 1
        texts = {
            message["id"]: "".join(
                part["text"] for part in message["parts"] if part["type"] == "text"
            )
            for message in stored
        }
        for one in said:
            assert texts.get(one.message) == one.text, f"lost: {one}"
        asked = {message["id"] for message in stored if message["role"] == "user"}
        known = {one.message for one in said} | writers.unsure.keys()
        assert asked <= known, "a message that nobody wrote"
        for message in stored:
            assert message["metadata"]["status"] != "streaming", "left open"
            if message["role"] == "assistant":
                assert message["metadata"]["parentId"] in asked, "an orphan"


def test_kills_of_raggen_web_lose_and_double_nothing(pair: Pair) -> None:
    chance = random.Random(SEED)
    with Writers(pair.web_url, 4) as writers:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 1.5))
            pair.kill("web")
            pair.start("web")
        time.sleep(1)
    assert writers.said, "nothing was ever taken"
    assert any(not one.finished for one in writers.said), "no answer was ever cut off"
    wait_for("an empty outbox", lambda: pair.outbox_pending() == 0, 60)
    check_history(pair, writers)
    found = reconciled(pair)
    assert (found["differences"], found["pending"]) == ([], 0)
    assert found["here"] == found["there"] >= len(writers.said)


def test_chats_go_on_while_the_memory_hangs(stack: Stack) -> None:
    with Writers(stack.web_url, 4, pause_s=0.5) as writers:
        wait_for("some answers as usual", lambda: len(writers.said) >= 12, 120)
        usual = [one for one in writers.since(4) if one.first_token_s is not None]
        before = len(writers.said)
        hung = stack.embed_pid
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        try:
            time.sleep(OUTAGE_SECONDS)
            # Those that were asked while it still answered count as usual.
            meanwhile = writers.since(before + writers.count)
            pending = stack.outbox_pending()
        finally:
            os.kill(hung, signal.SIGCONT)
        returned = time.monotonic()
        stack.wait_until_remembered(60)
        assert time.monotonic() - returned < 60
    assert len(meanwhile) >= 4
    assert pending >= len(meanwhile)
    assert {one.memory for one in meanwhile} == {"unavailable"}, "each answer says so"
    assert all(one.finished for one in meanwhile), "every message is answered"
    waits = [one.first_token_s for one in meanwhile if one.first_token_s is not None]
    median = statistics.median(one.first_token_s or 0.0 for one in usual)
    assert len(waits) == len(meanwhile)
    assert statistics.median(waits) - median < SLOWER_SECONDS
    stack.wait_until_remembered(60)
    found = reconciled(stack)
    assert (found["differences"], found["pending"]) == ([], 0)
    check_history(stack, writers)
