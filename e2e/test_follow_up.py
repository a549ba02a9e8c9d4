"""A question that cannot stand alone is searched for together with what was said before it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.chat_page import ChatPage
from e2e.scenario import Scenario
from e2e.stack import Stack


def test_and_why_finds_what_it_is_about(stack: Stack, page: Page, scenario: Scenario) -> None:
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    stack.wait_until_remembered()

    chat.open_new_chat()
    asked = chat.say(scenario.ask)
    expect(asked.get_by_test_id("context-earlier")).to_have_count(0)
    stack.wait_until_remembered()
    answer = chat.say(scenario.follow_up)
    expect(answer.locator("blockquote")).to_contain_text(scenario.quoted)
    # The question before is searched with, not found.
    chat.expect_memory(answer, "used", 1)
    line = answer.get_by_test_id("context-earlier")
    expect(line).to_contain_text(scenario.ask)

    page.reload()
    kept = page.get_by_test_id("message-assistant").nth(1).get_by_test_id("context-earlier")
    expect(kept).to_contain_text(scenario.ask)
    # It takes the focus as soon as the page is awake: a click before that may lose its place.
    expect(page.get_by_test_id("composer-input")).to_be_focused()
    kept.get_by_role("link").click()
    expect(page).to_have_url(re.compile("#m-"))
    expect(page.get_by_test_id("message-user").first).to_be_in_viewport()


def test_and_why_alone_finds_nothing(stack: Stack, page: Page, scenario: Scenario) -> None:
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    stack.wait_until_remembered()

    chat.open_new_chat()
    answer = chat.say(scenario.follow_up)
    chat.expect_memory(answer, "nothing-relevant", 0)
    expect(answer.get_by_test_id("context-earlier")).to_have_count(0)
