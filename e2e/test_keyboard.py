"""A first conversation, its context and its memory, without a mouse: seen, in order, no trap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, JSHandle, Page, expect

from e2e.chat_page import ANSWER_MS
from e2e.scenario import SCENARIOS, Scenario
from e2e.stack import Stack

MOST_STEPS = 60

# Where the focus is: what it is called, and whether anything shows that it is there.
FOCUS = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  const ringed = one => {
    const style = getComputedStyle(one)
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
  }
  const field = at.matches('input, textarea')
  const box = at.getBoundingClientRect()
  // A text field may show it by its caret and its frame; a tabbed-to page region by its place.
  const seen = ringed(at) || field || at.tabIndex < 0
  return {
    id: at.getAttribute('data-testid') ?? '',
    html: at.outerHTML.slice(0, 160),
    seen: seen && box.width > 0 && box.height > 0,
  }
}"""


def tab_to(page: Page, test_id: str, key: str = "Tab") -> None:
    """Press Tab until the focus is there; every stop on the way can be seen."""
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        at = page.evaluate(FOCUS)
        if at is None:
            continue
        assert at["seen"], f"the focus cannot be seen on {at['html']}"
        if at["id"] == test_id:
            return
    raise AssertionError(f"{MOST_STEPS} times {key} did not lead to {test_id}")


def say(page: Page, text: str) -> None:
    """Type into the field that has the focus, send, and wait for the answer."""
    expect(page.get_by_test_id("composer-input")).to_be_focused()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message-assistant").last).to_have_attribute(
        "data-status", "complete", timeout=ANSWER_MS
    )


@pytest.mark.parametrize("spoken", SCENARIOS, ids=lambda scenario: scenario.locale)
def test_the_first_conversation_by_keyboard_alone(
    tmp_path: Path, browser: Browser, spoken: Scenario
) -> None:
    stack = Stack(tmp_path / "data").start()
    context = browser.new_context(
        locale=spoken.browser_locale, viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    try:
        page.goto(stack.web_url)
        say(page, spoken.tell)
        stack.wait_until_remembered()
        page.keyboard.press("Control+Shift+O")
        expect(page.get_by_test_id("message-assistant")).to_have_count(0)
        say(page, spoken.ask)
        look_at_context(page, spoken)
        govern_memory(page, spoken)
        walk_round(page)
    finally:
        context.close()
        stack.stop()


def look_at_context(page: Page, spoken: Scenario) -> None:
    """The receipt and back, the context's items, and the jump to where it was said."""
    tab_to(page, "receipt-open", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("receipt")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("receipt")).to_have_count(0)
    expect(page.get_by_test_id("receipt-open")).to_be_focused()
    tab_to(page, "context-indicator", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("context-item").first).to_contain_text(spoken.quoted)
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-testid=context-item] a')"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#m-"))
    expect(page.locator("article:focus")).to_contain_text(spoken.quoted)


def govern_memory(page: Page, spoken: Scenario) -> None:
    """To the memory page, found there, corrected, asked to forget and kept after all."""
    tab_to(page, "page-memory", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("memory-item").first).to_be_visible()
    tab_to(page, "memory-search")
    page.keyboard.type(spoken.ask)
    expect(page.get_by_test_id("memory-found")).to_be_visible()
    tab_to(page, "memory-pin")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("memory-mark-pinned").first).to_be_visible()
    tab_to(page, "memory-correct")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("memory-correction")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("memory-correct").first).to_be_focused()
    tab_to(page, "memory-forget")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("memory-forget-confirm")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("memory-forget").first).to_be_focused()


# Whether this stop of a walk comes after the last one in the document.
GOES_ON = """last => Boolean(
  last.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING
)"""


def walk_round(page: Page) -> None:
    """From the first stop downwards through everything, and out at the end."""
    page.goto("/".join(page.url.split("/")[:3]))
    expect(page.get_by_test_id("composer-input")).to_be_focused()
    first = page.locator("a[href='#content']").element_handle()
    first.focus()
    last: JSHandle = first
    stops: list[str] = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        # Without a browser's own buttons round the page, its end may lead straight to its start.
        if at is None or page.evaluate("first => first === document.activeElement", first):
            break
        assert at["seen"], f"the focus cannot be seen on {at['html']}"
        assert page.evaluate(GOES_ON, last), f"back up to {at['html']}, after {stops}"
        last = page.evaluate_handle("document.activeElement")
        stops.append(at["id"])
    else:
        raise AssertionError(f"no way out after {MOST_STEPS} stops: {stops[-3:]}")
    assert {"page-memory", "provider-picker", "composer-input"} <= set(stops), stops
