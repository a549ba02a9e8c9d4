"""Ten thousand messages in a chat, a thousand chats in the list: nothing gets slow or jumps."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.dress import ARTIFACTS
from e2e.long_chat import write_chats, write_long_chat
from e2e.stack import Stack, wait_for

MESSAGES = 10_000
CHATS = 1_000
FRAMES = """() => {
  window.frames_ = []
  let last = performance.now()
  const note = now => { frames_.push(now - last); last = now; requestAnimationFrame(note) }
  requestAnimationFrame(note)
}"""


@pytest.fixture(scope="module")
def long_story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, str, list[str]]]:
    """raggen with one long chat and many short ones."""
    stack = Stack(tmp_path_factory.mktemp("long") / "data").start()
    database = next(Path(stack.data_dir).rglob("*.db"))
    write_chats(database, CHATS)
    chat_id, ids = write_long_chat(database, MESSAGES)
    yield stack, f"{stack.web_url}/chats/{chat_id}", ids
    stack.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def measured(name: str, value: object) -> None:
    """Keep a figure beside the pictures."""
    ARTIFACTS.mkdir(exist_ok=True)
    path = ARTIFACTS / "long-chat.json"
    figures = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(figures | {name: value}, indent=2))


def everything_is_here(page: Page) -> None:
    expect(page.get_by_test_id("messages")).to_have_attribute(
        "data-count", str(MESSAGES), timeout=60_000
    )


def gap(page: Page) -> float:
    """How far the end is from the lower edge, in pixels."""
    scroller = page.get_by_test_id("conversation")
    return float(scroller.evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight"))


def test_it_opens_at_its_end_and_stays_there_while_the_rest_arrives(
    long_story: tuple[Stack, str, list[str]], page: Page
) -> None:
    _, url, ids = long_story
    page.goto(url)  # Once, so that the measured one is not the first request of all.
    began = time.monotonic()
    answer = page.goto(url, wait_until="commit")
    assert answer is not None
    assert answer.ok
    expect(page.locator(f"#m-{ids[-1]}")).to_be_visible()
    measured("seconds until the last message is seen", round(time.monotonic() - began, 2))
    wait_for("the end", lambda: gap(page) < 5, 10)
    everything_is_here(page)
    measured("seconds until everything is here", round(time.monotonic() - began, 2))
    wait_for("the end, still", lambda: gap(page) < 5, 5)
    expect(page.locator(f"#m-{ids[-1]}")).to_be_in_viewport()
    nodes = page.evaluate("document.querySelectorAll('*').length")
    rows = page.locator('[data-testid="messages"] article').count()
    measured("elements in the page", nodes)
    measured("messages in the page", rows)
    assert rows < 40
    assert nodes < 3_500


def test_scrolling_is_smooth(long_story: tuple[Stack, str, list[str]], page: Page) -> None:
    _, url, _ = long_story
    page.goto(url)
    everything_is_here(page)
    page.get_by_test_id("conversation").hover()
    page.evaluate(FRAMES)
    page.wait_for_timeout(1_500)
    # A busy machine draws every page slowly: what counts is what scrolling adds.
    idle = sorted(page.evaluate("frames_.splice(0)"))
    usual = idle[len(idle) // 2]
    top = page.get_by_test_id("conversation").evaluate("e => e.scrollTop")
    for _ in range(80):
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(16)
    frames = sorted(page.evaluate("frames_"))
    moved = top - page.get_by_test_id("conversation").evaluate("e => e.scrollTop")
    assert moved > 10_000
    median, p95 = frames[len(frames) // 2], frames[int(len(frames) * 0.95)]
    measured("frame while nothing moves, median ms", round(usual, 1))
    measured("frame, median ms", round(median, 1))
    measured("frame, p95 ms", round(p95, 1))
    assert median < max(34, 2 * usual)
    assert page.locator('[data-testid="messages"] article').count() < 40


def test_what_is_read_does_not_jump(long_story: tuple[Stack, str, list[str]], page: Page) -> None:
    """Rows above are measured while one scrolls up; the one under the eye moves as scrolled."""
    _, url, _ = long_story
    page.goto(url)
    everything_is_here(page)
    page.get_by_test_id("conversation").hover()
    for _ in range(25):
        page.mouse.wheel(0, -250)
        page.wait_for_timeout(40)
    page.wait_for_timeout(500)
    seen = page.evaluate(
        """() => {
          const all = [...document.querySelectorAll('[data-testid=messages] article')]
          const one = all.find(a => a.getBoundingClientRect().top > 200)
          return [one.id, one.getBoundingClientRect().top]
        }"""
    )
    page.mouse.wheel(0, -150)
    page.wait_for_timeout(800)
    now = page.locator(f"#{seen[0]}").evaluate("e => e.getBoundingClientRect().top")
    assert abs(now - seen[1] - 150) < 3


def test_any_message_can_be_jumped_to(long_story: tuple[Stack, str, list[str]], page: Page) -> None:
    _, url, ids = long_story
    for place in (0, 4_321, MESSAGES - 50):
        page.goto("about:blank")
        began = time.monotonic()
        page.goto(f"{url}#m-{ids[place]}")
        target = page.locator(f"#m-{ids[place]}")
        expect(target).to_be_in_viewport(timeout=30_000)
        expect(target).to_be_focused()
        measured(f"seconds to message {place}", round(time.monotonic() - began, 2))
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(f"#m-{ids[MESSAGES - 49]}")).to_be_focused()


def test_a_thousand_chats_are_listed_page_by_page(
    long_story: tuple[Stack, str, list[str]], page: Page
) -> None:
    stack, _, _ = long_story
    page.goto(stack.web_url)
    links = page.get_by_test_id("chat-list").get_by_test_id("chat-link")
    expect(links.first).to_be_visible()
    assert links.count() < 200
    links.first.focus()
    while (listed := links.count()) <= 400:
        # Again and again: a key pressed before the page has woken is heard by nobody.
        for _ in range(100):
            page.keyboard.press("End")
            page.wait_for_timeout(120)
            if links.count() > listed:
                break
        assert links.count() > listed
    page.keyboard.press("Home")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
