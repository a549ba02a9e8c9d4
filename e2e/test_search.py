"""Search over everything that was said: found, marked, jumped to; also when memory is down."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.chat_page import ChatPage
from e2e.conftest import watched_page
from e2e.dress import VIEWPORTS, check_page, dressed
from e2e.scenario import SCENARIOS, Scenario
from e2e.stack import Stack, wait_for

FOUND_MS = 15_000


@dataclass(frozen=True)
class Sought:
    """What is looked for after the scenario's sentences were said, and what must be found."""

    forms: str
    """A word in a form that nobody said."""
    meaning: str
    """Other words for what was said."""
    half: str
    """A word, half typed."""
    nothing: str


SOUGHT = {
    "en": Sought("thunders", "pet scared of storms", "thun", "xylophonequark"),
    "ru": Sought("грозами", "питомец пугается молний", "гроз", "ъыьэюя"),
}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Stack]:
    """One raggen to which everything was said in both languages."""
    stack = Stack(tmp_path_factory.mktemp("search") / "data").start()
    for scenario in SCENARIOS:
        context = browser.new_context(locale=scenario.browser_locale)
        chat = ChatPage(context.new_page(), stack.web_url)
        for sentence in (*scenario.small_talk, scenario.tell):
            chat.open_new_chat()
            chat.say(sentence)
        context.close()
    stack.wait_until_remembered()
    yield stack
    stack.stop()


@pytest.fixture(params=VIEWPORTS, ids=str)
def searcher(
    request: pytest.FixtureRequest, browser: Browser, scenario: Scenario
) -> Iterator[Page]:
    """A page in the scenario's language, wide and narrow."""
    context = dressed(browser, scenario, request.param)
    yield from watched_page(context, request.node)


def search_for(page: Page, text: str) -> Locator:
    """Type `text` into the open search; returns the messages that are found."""
    page.get_by_test_id("search-input").fill(text)
    return page.get_by_test_id("search-message")


def test_finds_what_was_said_and_goes_there(
    history: Stack, searcher: Page, scenario: Scenario
) -> None:
    page, sought = searcher, SOUGHT[scenario.locale]
    chat = ChatPage(page, history.web_url)
    chat.open_new_chat()
    page.keyboard.press("Control+k")
    dialog = page.get_by_test_id("search")
    expect(page.get_by_test_id("search-input")).to_be_focused()
    expect(page.get_by_test_id("search-chat").first).to_be_visible()

    for text in (sought.forms, sought.meaning):
        found = search_for(page, text)
        expect(found.first).to_contain_text(scenario.tell, timeout=FOUND_MS)
        expect(found.first.locator("mark").first).to_be_visible()
    half = search_for(page, sought.half).filter(has_text=scenario.tell)
    expect(half.locator("mark").first).to_have_text(sought.half, timeout=FOUND_MS)
    expect(half.locator("time")).to_be_visible()

    # Arrows go round the list; the field keeps the focus.
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("search-input")).to_be_focused()

    message = page.get_by_test_id("search-message").first
    expect(message).to_contain_text(scenario.tell)
    for _ in range(options.count()):
        if message.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}#m-"))
    target = page.url.rsplit("#", 1)[1]
    expect(page.locator(f"#{target}")).to_contain_text(scenario.tell)
    expect(page.locator(f"#{target}")).to_be_focused()

    # The search is still there, to look at the next result; Escape leaves everything as it is.
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("search-input")).to_have_value(sought.half)
    search_for(page, sought.nothing)
    expect(page.get_by_test_id("search-none")).to_contain_text(sought.nothing, timeout=FOUND_MS)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("size", VIEWPORTS)
def test_the_sidebar_opens_it(
    history: Stack, browser: Browser, scenario: Scenario, size: str
) -> None:
    context = dressed(browser, scenario, size)
    page = context.new_page()
    ChatPage(page, history.web_url).open_new_chat()
    if size == "narrow":
        page.get_by_test_id("sidebar-open").click()
    page.get_by_test_id("search-open").last.click()
    expect(page.get_by_test_id("search-input")).to_be_focused()
    found = search_for(page, scenario.tell[:14])
    expect(found.first).to_contain_text(scenario.tell, timeout=FOUND_MS)
    found.first.click()
    expect(page.get_by_test_id("search")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("message-user").first).to_contain_text(scenario.tell)
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", VIEWPORTS)
def test_its_dresses(
    history: Stack, browser: Browser, scenario: Scenario, size: str, theme: str
) -> None:
    scheme = "dark" if theme == "dark" else "light"
    context = dressed(browser, scenario, size, color_scheme=scheme)
    page, sought = context.new_page(), SOUGHT[scenario.locale]
    dress = f"{scenario.locale}-{size}-{theme}"
    ChatPage(page, history.web_url).open_new_chat()
    page.keyboard.press("Control+k")
    expect(page.get_by_test_id("search-chat").first).to_be_visible()
    check_page(page, f"search-recent-{dress}")
    expect(search_for(page, sought.meaning).first).to_be_visible(timeout=FOUND_MS)
    check_page(page, f"search-meaning-{dress}")
    expect(search_for(page, sought.half).locator("mark").first).to_have_text(
        sought.half, timeout=FOUND_MS
    )
    check_page(page, f"search-words-{dress}")
    search_for(page, sought.nothing)
    expect(page.get_by_test_id("search-none")).to_be_visible(timeout=FOUND_MS)
    check_page(page, f"search-none-{dress}")
    context.close()


@pytest.mark.parametrize("size", VIEWPORTS)
def test_without_memory_the_words_are_found_and_it_says_so(
    tmp_path: Path, browser: Browser, scenario: Scenario, size: str
) -> None:
    stack = Stack(tmp_path / "data").start()
    context = dressed(browser, scenario, size)
    page, sought = context.new_page(), SOUGHT[scenario.locale]
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    stack.wait_until_remembered()
    pid = wait_for("raggen-embed", lambda: stack.embed_pid)
    os.kill(pid, signal.SIGSTOP)
    try:
        page.keyboard.press("Control+k")
        found = search_for(page, sought.half)
        started = time.monotonic()
        expect(page.get_by_test_id("search-degraded")).to_be_visible(timeout=FOUND_MS)
        assert time.monotonic() - started < 8
        expect(found.first).to_contain_text(scenario.tell)
        check_page(page, f"search-degraded-{scenario.locale}-{size}")
        search_for(page, sought.meaning)
        expect(page.get_by_test_id("search-none")).to_be_visible(timeout=FOUND_MS)
    finally:
        os.kill(pid, signal.SIGCONT)
    expect(search_for(page, sought.forms).first).to_contain_text(scenario.tell, timeout=FOUND_MS)
    expect(page.get_by_test_id("search-degraded")).to_have_count(0)
    context.close()
    stack.stop()
