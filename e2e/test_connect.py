"""Other voices: a server found on this machine, and one given by its URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from e2e.chat_page import ChatPage
from e2e.recorded import recorded_stack
from e2e.recorder import Recorder
from e2e.scenario import Scenario
from e2e.stack import Stack, wait_for
from raggen_cli import ports


@pytest.fixture
def discoverable(tmp_path: Path) -> Iterator[tuple[Stack, Recorder]]:
    """raggen beside a model's server on a "usual" port: llama.cpp itself, behind a recorder."""
    variable, value = "RAGGEN_WEB_DISCOVERY_URLS", "llama.cpp={url}/v1"
    with recorded_stack(tmp_path / "data", variable, value) as (stack, recorder):
        # It starts with its first connection, and raggen waits .4 s for a server that runs already.
        httpx.get(f"{recorder.url}/v1/models", timeout=60).raise_for_status()
        yield stack, recorder


def ask_and_stop(chat: ChatPage, recorder: Recorder, text: str) -> None:
    """Ask, see that the server was asked, and stop it: so small a model may never end by itself."""
    answer = chat.send(text)
    wait_for("the server to be asked", lambda: recorder.requests)
    chat.page.get_by_test_id("composer-stop").click()
    expect(answer).to_have_attribute("data-status", re.compile("stopped|complete"))
    assert text in recorder.last_prompt[-1]["content"]


def test_a_server_on_this_machine_is_found_and_offered(
    discoverable: tuple[Stack, Recorder], page: Page, scenario: Scenario
) -> None:
    stack, recorder = discoverable
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    page.get_by_test_id("discovered-server").filter(has_text="llama.cpp").click()
    expect(page.get_by_test_id("provider-picker")).to_contain_text("llama.cpp")
    ask_and_stop(chat, recorder, scenario.tell)


@pytest.mark.failed_request(502)
def test_a_server_is_connected_by_its_url(
    discoverable: tuple[Stack, Recorder], page: Page, scenario: Scenario
) -> None:
    stack, recorder = discoverable
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    page.get_by_test_id("provider-card-openai").click()
    # A wrong address is explained and keeps what was typed.
    page.get_by_test_id("server-url-input").fill(f"http://127.0.0.1:{ports.free()}/v1")
    page.get_by_test_id("server-connect").click()
    expect(page.get_by_role("alert").filter(has_text="127.0.0.1")).to_be_visible()
    page.get_by_test_id("server-url-input").fill(recorder.url)
    page.get_by_test_id("server-connect").click()
    expect(page.get_by_test_id("provider-picker")).to_contain_text("127.0.0.1")
    ask_and_stop(chat, recorder, scenario.tell)
