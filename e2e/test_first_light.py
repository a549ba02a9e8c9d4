"""Clone, one command, a chat that remembers: the first hour of a user without a key or a model."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.chat_page import ChatPage
from e2e.scenario import Scenario
from e2e.stack import Stack


def test_a_later_chat_quotes_what_was_said(stack: Stack, page: Page, scenario: Scenario) -> None:
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    expect(page.locator("html")).to_have_attribute("lang", scenario.locale)
    first = chat.say(scenario.tell)
    chat.expect_memory(first, "empty", 0)
    told_at = page.url
    stack.wait_until_remembered()

    chat.open_new_chat()
    answer = chat.say(scenario.ask)
    assert page.url != told_at
    expect(answer.locator("blockquote")).to_contain_text(scenario.quoted)
    chat.expect_memory(answer, "used", 1)
    used = chat.open_context(answer)
    expect(used).to_have_count(1)
    expect(used).to_contain_text(scenario.tell)
    expect(used.locator("time")).to_be_visible()
    # Why it was picked, and the way back to where it was said.
    expect(used.get_by_test_id("context-reason")).not_to_be_empty()
    used.get_by_role("link").click()
    expect(page).to_have_url(re.compile(re.escape(told_at) + "#m-"))
    expect(page.get_by_test_id("message-user")).to_contain_text(scenario.tell)


def test_nothing_relevant_is_an_answer(stack: Stack, page: Page, scenario: Scenario) -> None:
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    stack.wait_until_remembered()

    chat.open_new_chat()
    answer = chat.say(scenario.unrelated)
    chat.expect_memory(answer, "nothing-relevant", 0)
    expect(answer.locator("blockquote")).to_have_count(0)
    expect(answer).not_to_contain_text(scenario.quoted)


def test_everything_is_there_after_a_restart(stack: Stack, page: Page, scenario: Scenario) -> None:
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    path = page.url.removeprefix(stack.web_url)
    stack.wait_until_remembered()

    page.goto("about:blank")
    stack.restart()
    page.goto(stack.web_url + path)
    expect(page.get_by_test_id("message-user")).to_have_text(scenario.tell)
    expect(page.get_by_test_id("chat-link")).to_have_count(1)

    again = ChatPage(page, stack.web_url)
    again.open_new_chat()
    answer = again.say(scenario.ask)
    expect(answer.locator("blockquote")).to_contain_text(scenario.quoted)
