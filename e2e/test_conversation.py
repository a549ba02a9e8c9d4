"""One conversation as a person leads it: edited, answered again, stopped, left and come back to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.accessibility import expect_accessible
from e2e.chat_page import ANSWER_MS, ChatPage
from e2e.conftest import watched_page
from e2e.dress import ARTIFACTS
from e2e.said import SaidChat
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack, wait_for

SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
LONG = "\n\n".join(
    f"Paragraph {number}. " + "It goes on about the garden and its trees. " * 4
    for number in range(40)
)
CODE_AND_TABLE = "\n\n```python\nprint('x')\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"


@dataclass(frozen=True)
class Told:
    """raggen with a model that says what the test wants."""

    stack: Stack
    model: ScriptedModel


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    stack = Stack(tmp_path_factory.mktemp("conversation") / "data").start()
    with ScriptedModel() as model:
        model.connect(stack.web_url)
        yield Told(stack, model)
    stack.stop()


@pytest.fixture(params=["en-GB", "ru-RU"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIZES)
def tab(
    browser: Browser, locale: str, request: pytest.FixtureRequest, told: Told
) -> Iterator[ChatPage]:
    """A tab in one language at one width; a console error fails its test."""
    width, height = SIZES[request.param]
    context = browser.new_context(
        locale=locale,
        viewport={"width": width, "height": height},
        has_touch=request.param == "narrow",
        reduced_motion="reduce",
    )
    for page in watched_page(context, request.node):
        chat = ChatPage(page, told.stack.web_url)
        chat.open_new_chat()
        yield chat


def ask(chat: ChatPage, text: str) -> Locator:
    """Ask and wait for the answer, which is the last one whatever stood there before."""
    chat.page.get_by_test_id("composer-input").fill(text)
    chat.page.get_by_test_id("composer-send").click()
    expect(chat.page.get_by_test_id("message-user").last).to_have_text(text)
    return last_answer(chat.page)


def last_answer(page: Page, status: str = "complete") -> Locator:
    answer = page.get_by_test_id("message-assistant").last
    expect(answer).to_have_attribute("data-status", status, timeout=ANSWER_MS)
    return answer


def questions(page: Page) -> list[str]:
    """What was asked on the shown branch."""
    return page.get_by_test_id("message-user").all_inner_texts()


def look(page: Page, name: str) -> None:
    """Keep a picture, and let axe look for what keeps people out."""
    folder = ARTIFACTS / "conversation"
    folder.mkdir(parents=True, exist_ok=True)
    size = "wide" if page.evaluate("window.innerWidth") > 800 else "narrow"
    language = page.locator("html").get_attribute("lang")
    for theme in ("light", "dark"):
        page.evaluate("theme => localStorage.setItem('theme', theme)", theme)
        page.evaluate(
            "theme => { const list = document.documentElement.classList;"
            " list.remove('light', 'dark'); list.add(theme) }",
            theme,
        )
        page.screenshot(path=folder / f"{name}-{language}-{size}-{theme}.png")
        expect_accessible(page, f"{name} {theme}")


def test_a_question_is_edited_and_both_branches_stay(tab: ChatPage) -> None:
    page = tab.page
    ask(tab, "one")
    ask(tab, "two")
    first = page.locator("article", has=page.get_by_test_id("message-user")).first
    first.hover()
    first.get_by_test_id("edit").click()
    editor = page.get_by_test_id("edit-input")
    expect(editor).to_be_focused()
    look(page, "editing")
    editor.press("Escape")
    expect(editor).to_have_count(0)
    assert questions(page) == ["one", "two"]

    first.hover()
    first.get_by_test_id("edit").click()
    editor.fill("one, otherwise")
    editor.press("Control+Enter")
    expect(page.get_by_test_id("message-user")).to_have_text(["one, otherwise"])
    last_answer(page)
    place = page.get_by_test_id("version-place")
    expect(place).to_have_text(["2/2"])
    look(page, "versions")

    page.get_by_test_id("version-previous").click()
    expect(page.get_by_test_id("message-user")).to_have_text(["one", "two"])
    expect(place.first).to_have_text("1/2")
    # The focus stays on the switch: the keyboard goes on from there.
    expect(page.get_by_test_id("version-previous").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("message-user")).to_have_text(["one, otherwise"])
    page.reload()
    expect(page.get_by_test_id("message-user")).to_have_text(["one, otherwise"])
    expect(place).to_have_text(["2/2"])


def test_an_answer_is_given_again_in_three_ways(tab: ChatPage, told: Told) -> None:
    page = tab.page
    ask(tab, "Say something")
    for number, way in enumerate(("fresh", "same", "none"), start=2):
        asked = len(told.model.prompts)
        page.get_by_test_id("regenerate").last.click()
        if way == "fresh":
            look(page, "answer-again")
        page.get_by_test_id(f"regenerate-{way}").click()
        expect(page.get_by_test_id("version-place")).to_have_text(f"{number}/{number}")
        last_answer(page)
        assert len(told.model.prompts) > asked
    assert questions(page) == ["Say something"]
    article = page.get_by_test_id("message-assistant")
    article.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("version-place")).to_have_text("3/4")


def test_an_answer_is_stopped_and_what_came_is_kept(tab: ChatPage, told: Told) -> None:
    page = tab.page
    told.model.gate.clear()
    try:
        page.get_by_test_id("composer-input").fill("A long story that will not be heard to its end")
        page.get_by_test_id("composer-send").click()
        expect(page.get_by_test_id("message-assistant")).to_contain_text("A long story")
        look(page, "writing")
        page.get_by_test_id("composer-stop").click()
        answer = last_answer(page, "stopped")
        expect(answer).to_contain_text("A long story")
        look(page, "stopped")
    finally:
        told.model.gate.set()
    page.reload()
    expect(last_answer(page, "stopped")).to_contain_text("A long story")
    page.get_by_test_id("answer-retry").click()
    expect(last_answer(page)).to_contain_text("to its end")


def test_an_answer_goes_on_while_its_page_is_gone(tab: ChatPage, told: Told) -> None:
    page = tab.page
    told.model.gate.clear()
    try:
        page.get_by_test_id("composer-input").fill("Written on while nobody is looking at it")
        page.get_by_test_id("composer-send").click()
        expect(page.get_by_test_id("message-assistant")).to_contain_text("Written on")
        expect(page).to_have_url(re.compile("/chats/"))
        page.reload()
        expect(page.get_by_test_id("message-assistant")).to_have_attribute(
            "data-status", "streaming"
        )
        expect(page.get_by_test_id("composer-stop")).to_be_visible()
    finally:
        told.model.gate.set()
    expect(last_answer(page)).to_contain_text("looking at it")


@pytest.mark.parametrize("size", ["wide"])
def test_nothing_moves_while_an_answer_comes_in(
    told: Told, browser: Browser, locale: str, size: str
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(locale=locale, viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(
        """window.shifts = []
        new PerformanceObserver(list => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput)
            shifts.push([entry.value, entry.sources.map(s => s.node?.outerHTML?.slice(0, 80))])
        }).observe({ type: 'layout-shift', buffered: true })"""
    )
    chat = ChatPage(page, told.stack.web_url)
    chat.open_new_chat()
    ask(chat, "Before")
    page.evaluate("shifts.length = 0")
    told.model.answer = lambda _: LONG + CODE_AND_TABLE
    told.model.pause = 0.01
    try:
        ask(chat, "Tell me everything")
        ask(chat, "And again")
    finally:
        told.model.answer, told.model.pause = (lambda m: m[-1]["content"]), 0.0
    shifts = page.evaluate("shifts")
    assert sum(value for value, _ in shifts) <= 0.001, shifts
    context.close()


def test_the_end_is_followed_until_the_person_scrolls_up(tab: ChatPage, told: Told) -> None:
    page = tab.page
    told.model.answer, told.model.pause = (lambda _: LONG), 0.02
    try:
        page.get_by_test_id("composer-input").fill("Go on")
        page.get_by_test_id("composer-send").click()
        expect(page.get_by_test_id("message-assistant")).to_contain_text("Paragraph 10")
        scroller = page.get_by_test_id("conversation")
        gap = "e => e.scrollHeight - e.scrollTop - e.clientHeight"
        assert scroller.evaluate(gap) < 200
        scroller.hover()
        page.mouse.wheel(0, -400)
        expect(page.get_by_test_id("jump-to-latest")).to_be_visible()
        before = scroller.evaluate("e => e.scrollTop")
        page.wait_for_timeout(800)
        assert abs(scroller.evaluate("e => e.scrollTop") - before) < 2
        page.get_by_test_id("jump-to-latest").click()
        last_answer(page)
        wait_for("the end", lambda: scroller.evaluate(gap) < 5, 5)
    finally:
        told.model.answer, told.model.pause = (lambda m: m[-1]["content"]), 0.0


def test_a_link_leads_to_a_message_on_another_branch(tab: ChatPage, told: Told) -> None:
    page = tab.page
    chat = SaidChat(told.stack.web_url)
    first = chat.say("the first way")
    chat.say("the second way", parentId=None)
    page.goto(chat.url)
    expect(page.get_by_test_id("message-user")).to_have_text(["the second way"])
    page.goto("about:blank")
    page.goto(f"{chat.url}#m-{first}")
    expect(page.get_by_test_id("message-user")).to_have_text(["the first way"])
    expect(page.locator(f"#m-{first}")).to_be_focused()
