"""The list of chats: pinned, renamed, kept out of memory, deleted and brought back; by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.conftest import watched_page
from e2e.said import SaidChat
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack, wait_for
from e2e.test_conversation import SIZES, look

# A page brings a hundred.
MANY = 130


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("list") / "data").start()
    yield stack
    stack.stop()


@pytest.fixture(params=["en-GB", "ru-RU"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIZES)
def page(
    browser: Browser, locale: str, request: pytest.FixtureRequest, running: Stack
) -> Iterator[Page]:
    """Three chats, in a tab of one language and width."""
    for chat in httpx.get(f"{running.web_url}/api/chats").json()["chats"]:
        httpx.delete(f"{running.web_url}/api/chats/{chat['id']}").raise_for_status()
    for title in ("alpha", "beta", "gamma"):
        SaidChat(running.web_url).say(title)
    width, height = SIZES[request.param]
    context = browser.new_context(
        locale=locale, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    for page in watched_page(context, request.node):
        page.goto(running.web_url)
        expect(page.get_by_test_id("composer-input")).to_be_editable()
        open_list(page)
        yield page


def open_list(page: Page) -> None:
    """On a phone the list is in a drawer."""
    if page.get_by_test_id("sidebar-open").is_visible():
        page.get_by_test_id("sidebar-open").click()
        expect(page.get_by_test_id("chat-list").filter(visible=True)).to_be_visible()


def close_list(page: Page) -> None:
    """Tap beside the drawer, where there is one."""
    if not page.get_by_test_id("sidebar-open").is_visible():
        return
    viewport = page.viewport_size
    assert viewport is not None
    page.mouse.click(viewport["width"] - 10, viewport["height"] / 2)
    expect(page.get_by_role("dialog")).to_have_count(0)


def shown(page: Page) -> Locator:
    return page.get_by_test_id("chat-link").filter(visible=True)


def choose(page: Page, title: str, action: str) -> None:
    """One item of a chat's menu."""
    item = page.get_by_role("listitem").filter(has=shown(page).filter(has_text=title))
    item.hover()
    item.get_by_test_id("chat-menu").click()
    page.get_by_test_id(action).click()


def test_chats_are_pinned_and_kept_out_of_memory(page: Page) -> None:
    expect(shown(page)).to_have_text(["gamma", "beta", "alpha"])
    choose(page, "alpha", "chat-pin")
    expect(shown(page)).to_have_text(["alpha", "gamma", "beta"])
    choose(page, "beta", "chat-exclude")
    marked = shown(page).filter(has=page.get_by_test_id("chat-excluded"))
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("beta")
    look(page, "list")
    page.reload()
    open_list(page)
    expect(shown(page).first).to_contain_text("alpha")
    expect(page.get_by_test_id("chat-excluded").filter(visible=True)).to_have_count(1)


def test_a_deleted_chat_comes_back(page: Page, running: Stack) -> None:
    choose(page, "beta", "chat-delete")
    expect(page.get_by_test_id("toast")).to_be_visible()
    look(page, "deleted")
    open_list(page)
    expect(shown(page)).to_have_text(["gamma", "alpha"])
    close_list(page)
    page.get_by_test_id("toast-action").click()
    open_list(page)
    expect(shown(page)).to_have_text(["gamma", "beta", "alpha"])
    chats = httpx.get(f"{running.web_url}/api/chats").json()["chats"]
    assert [chat["title"] for chat in chats] == ["gamma", "beta", "alpha"]


def test_the_list_is_led_by_keys(page: Page) -> None:
    if not page.get_by_test_id("sidebar-open").is_visible():
        # It takes the focus as soon as the page listens to keys; a drawer opens no sooner.
        expect(page.get_by_test_id("composer-input")).to_be_focused()
    shown(page).first.focus()
    page.keyboard.press("ArrowDown")
    expect(shown(page).nth(1)).to_be_focused()
    page.keyboard.press("F2")
    page.get_by_test_id("chat-rename-input").filter(visible=True).fill("bravo")
    page.keyboard.press("Enter")
    expect(shown(page).filter(has_text="bravo")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Delete")
    # In front of no drawer: the way to undo it is open.
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("toast-action")).to_be_visible()
    open_list(page)
    expect(shown(page)).to_have_text(["gamma", "bravo"])
    close_list(page)
    page.get_by_test_id("toast-action").click()
    open_list(page)
    expect(shown(page)).to_have_text(["gamma", "bravo", "alpha"])


def test_a_hint_takes_no_escape_from_the_drawer(page: Page) -> None:
    opener = page.get_by_test_id("sidebar-open")
    in_drawer = opener.is_visible() or page.get_by_role("dialog").count() > 0
    shown(page).first.focus()
    page.get_by_test_id("new-chat").filter(visible=True).focus()
    expect(page.get_by_role("tooltip")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    if in_drawer:
        expect(opener).to_be_focused()


def test_all_keys_are_listed(page: Page) -> None:
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Slash")
    expect(page.get_by_test_id("shortcuts")).to_be_visible()
    look(page, "shortcuts")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("shortcuts")).to_have_count(0)


def test_a_model_names_the_chat(browser: Browser, running: Stack) -> None:
    def answer(messages: list[dict[str, str]]) -> str:
        naming = messages[0]["content"].startswith("Name the conversation")
        return "Garden plans" if naming else "Yes."

    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    with ScriptedModel(answer) as model:
        model.connect(running.web_url)
        page.goto(running.web_url)
        page.get_by_test_id("composer-input").fill("Shall we plant a tree this year?")
        page.get_by_test_id("composer-send").click()
        expect(page).to_have_url(re.compile("/chats/"))
        # By itself: nobody reloads.
        named = page.get_by_test_id("chat-link").first
        expect(named).to_have_text("Garden plans", timeout=30_000)
        wait_for("the title", lambda: page.title().startswith("Garden plans"), 5)
        quotations = {"providerId": "quotations"}
        httpx.put(f"{running.web_url}/api/selection", json=quotations).raise_for_status()
    context.close()


def test_more_chats_than_a_page_brings(browser: Browser, tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data").start()
    chats = [SaidChat(stack.web_url) for _ in range(MANY)]
    for number, chat in enumerate(chats):
        chat.say(f"number {number}")
    # As it comes from the server: only the first of them.
    brought = httpx.get(stack.web_url).text
    assert brought.count(chats[-1].chat_id) > 0
    assert chats[0].chat_id not in brought
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(chats[0].url)
    expect(page.locator('[data-testid="chat-link"][aria-current="page"]')).to_have_text("number 0")
    page.goto(stack.web_url)
    links = page.get_by_test_id("chat-link")
    expect(links.first).to_have_text(f"number {MANY - 1}")
    for _ in range(MANY):
        if links.count() == MANY:
            break
        links.last.scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    expect(links).to_have_count(MANY)
    expect(links.last).to_have_text("number 0")
    page.close()
    stack.stop()
