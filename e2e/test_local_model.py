"""The bundled model, for real: what it was sent is asserted; what so small a model says is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from e2e.chat_page import ChatPage
from e2e.recorded import recorded_stack
from e2e.recorder import Recorder
from e2e.scenario import Scenario
from e2e.stack import Stack


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[tuple[Stack, Recorder]]:
    """raggen whose way to the local model leads through a recorder."""
    variable, value = "RAGGEN_WEB_LOCAL_MODEL_URL", "{url}/v1"
    with recorded_stack(tmp_path / "data", variable, value) as running:
        yield running


def test_the_model_receives_what_was_said(
    recorded: tuple[Stack, Recorder], page: Page, scenario: Scenario
) -> None:
    stack, recorder = recorded
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    chat.choose_provider("local")
    chat.say(scenario.tell)
    stack.wait_until_remembered()

    chat.open_new_chat()
    answer = chat.say(scenario.ask)
    used = chat.open_context(answer)
    # The model may have repeated the sentence in its answer, which is remembered too.
    expect(used.filter(has_text=scenario.tell).first).to_be_visible()

    prompt = recorder.last_prompt
    assert scenario.tell in " ".join(message["content"] for message in prompt)
    assert prompt[-1]["role"] == "user"
    assert scenario.ask in prompt[-1]["content"]

    # The receipt is the prompt, to the letter.
    message_id = answer.get_attribute("id")
    assert message_id is not None
    receipt = httpx.get(
        f"{stack.web_url}/api/messages/{message_id.removeprefix('m-')}/receipt"
    ).json()
    sent = [(message["role"], message["content"]) for message in receipt["messages"]]
    assert sent == [(message["role"], message["content"]) for message in prompt]
