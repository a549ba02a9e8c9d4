"""Takes every picture that the documentation shows, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from e2e.chat_page import ChatPage
from e2e.dress import ARTIFACTS
from e2e.pictures import keep
from e2e.scenario import SCENARIOS, Scenario
from e2e.stack import Stack

FOLDER = ARTIFACTS / "documentation"


def opened(browser: Browser, told_in: Scenario, width: int, height: int) -> BrowserContext:
    return browser.new_context(
        locale=told_in.browser_locale,
        viewport={"width": width, "height": height},
        device_scale_factor=2 if width > 500 else 1.5,
        reduced_motion="reduce",
        color_scheme="light",
    )


@pytest.mark.parametrize("told_in", SCENARIOS, ids=lambda scenario: scenario.locale)
def test_pictures_of_the_documentation(stack: Stack, browser: Browser, told_in: Scenario) -> None:
    locale = told_in.locale
    wide = opened(browser, told_in, 1120, 700)
    page = wide.new_page()
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    expect(page.get_by_test_id("provider-card-quotations")).to_be_visible()
    keep(page, "providers", locale, FOLDER)

    for sentence in told_in.small_talk:
        chat.say(sentence)
        chat.open_new_chat()
    chat.say(told_in.tell)
    stack.wait_until_remembered()
    chat.open_new_chat()
    answer = chat.say(told_in.ask)
    chat.open_context(answer).first.wait_for()
    keep(page, "chat", locale, FOLDER)
    asked_at = page.url

    page.goto(f"{stack.web_url}/memory")
    expect(page.get_by_test_id("memory-item")).to_have_count(4)
    keep(page, "memory", locale, FOLDER)
    page.goto(f"{stack.web_url}/settings")
    expect(page.get_by_test_id("setting-count")).to_be_visible()
    keep(page, "settings", locale, FOLDER)

    page.goto(asked_at)
    chat.open_context(page.get_by_test_id("message-assistant").last).first.wait_for()
    page.get_by_test_id("context-panel").scroll_into_view_if_needed()
    page.get_by_test_id("context-relevance").first.click()
    keep(page, "context", locale, FOLDER)
    wide.close()

    phone = opened(browser, told_in, 390, 760)
    small = phone.new_page()
    small.goto(asked_at)
    pocket = ChatPage(small, stack.web_url)
    pocket.open_context(small.get_by_test_id("message-assistant").last).first.wait_for()
    small.get_by_test_id("message-user").last.scroll_into_view_if_needed()
    keep(small, "phone", locale, FOLDER)
    phone.close()
