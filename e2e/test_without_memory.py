"""raggen-embed stalls or dies: the chat goes on, says so, and nothing said is forgotten."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.chat_page import ChatPage
from e2e.scenario import Scenario
from e2e.stack import Stack, wait_for


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    running = Stack(tmp_path / "data", env={"RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS": "800"}).start()
    yield running
    running.stop()


def test_a_stalled_memory_delays_nobody(stack: Stack, page: Page, scenario: Scenario) -> None:
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    stalled = stack.embed_pid
    assert stalled is not None
    os.kill(stalled, signal.SIGSTOP)
    try:
        started = time.monotonic()
        answer = chat.say(scenario.tell)
        seconds = time.monotonic() - started
        chat.expect_memory(answer, "unavailable", 0)
        assert seconds < 5, f"{seconds:.1f} s with a stalled memory"
        assert stack.outbox_pending() == 1
    finally:
        os.kill(stalled, signal.SIGCONT)

    stack.wait_until_remembered(60)
    chat.open_new_chat()
    expect(chat.say(scenario.ask).locator("blockquote")).to_contain_text(scenario.quoted)


def test_a_killed_memory_comes_back_with_everything(
    stack: Stack, page: Page, scenario: Scenario
) -> None:
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    killed = stack.embed_pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    answer = chat.say(scenario.tell)
    chat.expect_memory(answer, "unavailable", 0)

    wait_for("a new raggen-embed", lambda: stack.embed_pid not in {killed, None}, 30)
    stack.wait_until_remembered(60)
    chat.open_new_chat()
    expect(chat.say(scenario.ask).locator("blockquote")).to_contain_text(scenario.quoted)
