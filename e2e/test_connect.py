"""Other voices: a server found on this machine, and one given by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.chat_page import ChatPage
from e2e.recorder import Recorder
from e2e.scenario import Scenario
from e2e.stack import Stack, free_port


@pytest.fixture
def discoverable(tmp_path: Path) -> Iterator[tuple[Stack, Recorder]]:
    """raggen beside a model's server on a "usual" port: llama.cpp itself, behind a recorder."""
    port = free_port()
    with Recorder(f"http://127.0.0.1:{port}") as recorder:
        stack = Stack(
            tmp_path / "data",
            env={
                "RAGGEN_LOCAL_MODEL_PORT": str(port),
                "RAGGEN_WEB_DISCOVERY_URLS": f"llama.cpp={recorder.url}/v1",
            },
        ).start()
        yield stack, recorder
        stack.stop()


def test_a_server_on_this_machine_is_found_and_offered(
    discoverable: tuple[Stack, Recorder], page: Page, scenario: Scenario
) -> None:
    stack, recorder = discoverable
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    page.get_by_test_id("discovered-server").filter(has_text="llama.cpp").click()
    expect(page.get_by_test_id("provider-picker")).to_contain_text("llama.cpp")
    chat.say(scenario.tell)
    assert scenario.tell in recorder.last_prompt[-1]["content"]


def test_a_server_is_connected_by_its_url(
    discoverable: tuple[Stack, Recorder], page: Page, scenario: Scenario
) -> None:
    stack, recorder = discoverable
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    # A wrong address is explained and keeps what was typed.
    page.get_by_test_id("server-url-input").fill(f"http://127.0.0.1:{free_port()}/v1")
    page.get_by_test_id("server-connect").click()
    expect(page.get_by_role("alert").filter(has_text="127.0.0.1")).to_be_visible()
    page.get_by_test_id("server-url-input").fill(recorder.url)
    page.get_by_test_id("server-connect").click()
    expect(page.get_by_test_id("provider-picker")).to_contain_text("127.0.0.1")
    chat.say(scenario.tell)
    assert scenario.tell in recorder.last_prompt[-1]["content"]
