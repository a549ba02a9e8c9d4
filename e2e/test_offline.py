"""The network goes, or raggen, or the page reloads meanwhile: nothing typed or said is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from e2e.accessibility import expect_accessible
from e2e.chat_page import ANSWER_MS, ChatPage
from e2e.dress import ARTIFACTS, VIEWPORTS, dressed
from e2e.scenario import Scenario
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack

WORDS = {
    "en": {"unsent": "Not sent. Your text is kept here.", "away": "raggen is not answering"},
    "ru": {"unsent": "Не отправлено. Текст сохранён здесь.", "away": "raggen не отвечает"},
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, ScriptedModel]]:
    """raggen whose model repeats what it is told."""
    stack = Stack(tmp_path_factory.mktemp("offline") / "data").start()
    with ScriptedModel() as model:
        model.connect(stack.web_url)
        yield stack, model
    stack.stop()


@pytest.fixture(params=VIEWPORTS, ids=str)
def tab(request: pytest.FixtureRequest, browser: Browser, scenario: Scenario) -> Iterator[Page]:
    """A tab that may complain of requests that fail: they are meant to. Never of anything else."""
    context = dressed(browser, scenario, request.param)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.set_offline(False)
    context.close()
    assert not broken, broken


def look(page: Page, name: str) -> None:
    """Keep a picture; axe has no objection."""
    folder = ARTIFACTS / "offline"
    folder.mkdir(parents=True, exist_ok=True)
    language = page.locator("html").get_attribute("lang")
    size = "wide" if page.evaluate("window.innerWidth") > 800 else "narrow"
    page.screenshot(path=folder / f"{name}-{language}-{size}.png")
    expect_accessible(page, name)


def offline(page: Page, off: bool) -> None:
    """The network of the whole browser goes, or comes back."""
    context: BrowserContext = page.context
    context.set_offline(off)


def test_a_message_without_a_network_stays_and_goes_out_later(
    told: tuple[Stack, ScriptedModel], tab: Page, scenario: Scenario
) -> None:
    stack, _ = told
    ChatPage(tab, stack.web_url).open_new_chat()
    offline(tab, True)
    field = tab.get_by_test_id("composer-input")
    field.fill(scenario.tell)
    tab.get_by_test_id("composer-send").click()
    failure = tab.get_by_test_id("composer-failure")
    expect(failure).to_contain_text(WORDS[scenario.locale]["unsent"])
    expect(failure).to_contain_text(WORDS[scenario.locale]["away"])
    expect(field).to_have_value(scenario.tell)
    look(tab, "unsent")
    failure.get_by_role("button").click()
    expect(failure).to_be_visible()
    expect(field).to_have_value(scenario.tell)

    offline(tab, False)
    failure.get_by_role("button").click()
    expect(tab.get_by_test_id("message-user")).to_have_text([scenario.tell])
    expect(tab.get_by_test_id("message-assistant")).to_have_attribute(
        "data-status", "complete", timeout=ANSWER_MS
    )
    expect(field).to_have_value("")
    tab.reload()
    expect(tab.get_by_test_id("message-user")).to_have_text([scenario.tell])


def test_what_was_typed_before_the_page_was_awake_counts(
    told: tuple[Stack, ScriptedModel], tab: Page, scenario: Scenario
) -> None:
    """On a slow phone the field is there long before the scripts are."""
    stack, _ = told
    held: list[Route] = []
    awake: list[bool] = []
    tab.route(
        "**/_next/static/**/*.js",
        lambda route: route.continue_() if awake else held.append(route),
    )
    tab.goto(stack.web_url, wait_until="commit")
    field = tab.get_by_test_id("composer-input")
    field.fill(scenario.tell)
    awake.append(True)
    for route in held:
        route.continue_()
    send = tab.get_by_test_id("composer-send")
    expect(send).to_be_enabled(timeout=30_000)
    expect(field).to_have_value(scenario.tell)
    send.click()
    expect(tab.get_by_test_id("message-user")).to_have_text([scenario.tell])


def test_an_answer_is_not_lost_with_the_network(
    told: tuple[Stack, ScriptedModel], tab: Page, scenario: Scenario
) -> None:
    """It goes on being written on the server, and is there when the network is."""
    stack, model = told
    model.gate.clear()
    try:
        ChatPage(tab, stack.web_url).open_new_chat()
        tab.get_by_test_id("composer-input").fill(scenario.tell)
        tab.get_by_test_id("composer-send").click()
        answer = tab.get_by_test_id("message-assistant")
        expect(answer).to_contain_text(scenario.tell[:20])
        expect(tab).to_have_url(re.compile("/chats/"))
        # What cuts a stream for good: the address of the stream is gone for this tab.
        cut_streams(tab)
        look(tab, "cut")
    finally:
        model.gate.set()
    expect(answer).to_have_attribute("data-status", "complete", timeout=ANSWER_MS)
    expect(answer).to_contain_text(scenario.tell)


def cut_streams(page: Page) -> None:
    """Offline and online again: what was open is closed by the browser."""
    offline(page, True)
    page.wait_for_timeout(500)
    offline(page, False)


def test_raggen_goes_and_comes_back(browser: Browser, scenario: Scenario, stack: Stack) -> None:
    """The page says so, keeps the draft over a reload in vain, and works again by itself."""
    context = browser.new_context(
        locale=scenario.browser_locale,
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    page = context.new_page()
    chat = ChatPage(page, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    url, address = page.url, stack.web_url
    port = address.rsplit(":", 1)[1]
    stack.stop()
    status = page.get_by_test_id("status-line").filter(visible=True)
    expect(status).to_have_attribute("data-state", "unreachable", timeout=60_000)
    page.get_by_test_id("composer-input").fill(scenario.ask)
    page.get_by_test_id("composer-send").click()
    expect(page.get_by_test_id("composer-failure")).to_contain_text(WORDS[scenario.locale]["away"])
    expect(page.get_by_test_id("message-user")).to_have_text([scenario.tell])
    look(page, "gone")

    stack.env = {"RAGGEN_WEB_PORT": port}
    stack.start()
    assert stack.web_url == address
    expect(status).to_have_attribute("data-state", "ready", timeout=60_000)
    # A reload in between takes nothing away.
    page.goto(url)
    expect(page.get_by_test_id("composer-input")).to_have_value(scenario.ask)
    page.get_by_test_id("composer-send").click()
    expect(page.get_by_test_id("message-user")).to_have_text([scenario.tell, scenario.ask])
    expect(page.get_by_test_id("message-assistant").last).to_have_attribute(
        "data-status", "complete", timeout=ANSWER_MS
    )
    context.close()
