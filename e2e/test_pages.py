"""How every page looks, in both languages and themes, wide and narrow; axe has no objection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from e2e.chat_page import ChatPage
from e2e.dress import VIEWPORTS, check_page, dressed
from e2e.scenario import Scenario
from e2e.stack import Stack


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One raggen for all pictures; each language tells it its sentence."""
    stack = Stack(tmp_path_factory.mktemp("pages") / "data").start()
    yield stack
    stack.stop()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", VIEWPORTS)
def test_every_page_in_every_dress(
    told: Stack, browser: Browser, scenario: Scenario, size: str, theme: str
) -> None:
    scheme = "dark" if theme == "dark" else "light"
    context = dressed(browser, scenario, size, color_scheme=scheme)
    page = context.new_page()
    chat = ChatPage(page, told.web_url)
    dress = f"{scenario.locale}-{size}-{theme}"

    chat.open_new_chat()
    check_page(page, f"new-{dress}")
    chat.say(scenario.tell)
    told.wait_until_remembered()
    chat.open_new_chat()
    answer = chat.say(scenario.ask)
    check_page(page, f"chat-{dress}")
    chat.open_context(answer).first.wait_for()
    check_page(page, f"context-{dress}")
    chat.say(scenario.follow_up).get_by_test_id("context-earlier").wait_for()
    check_page(page, f"follow-up-{dress}")
    page.goto(f"{told.web_url}/chats/00000000-0000-4000-8000-000000000000")
    check_page(page, f"missing-{dress}")
    context.close()
