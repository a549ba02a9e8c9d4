"""Context one can see and govern: the indicator, its items, the receipt, and asking again."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.chat_page import ANSWER_MS, ChatPage
from e2e.dress import in_both_themes
from e2e.modelled import Modelled, modelled_stack
from e2e.scenario import Scenario
from e2e.stack import Stack
from e2e.test_settings import answered, unmarked

SPANS = {
    "en": re.compile(
        r"From memory: (\d+ of )?\d+ messages?( found)? · (this chat|\d+ chats?) · \d+ [A-Z][a-z]+"
    ),
    "ru": re.compile(
        r"Из памяти: (\d+ из )?\d+ (найденн\S+ )?сообщени\S+ · (этот чат|\d+ чат\S*) · \d+ [а-я]+"
    ),
}


UNRELATED = {
    ("en", "wide"): "How many planets orbit the Sun?",
    ("en", "narrow"): "Who painted the Night Watch?",
    ("ru", "wide"): "Сколько планет в Солнечной системе?",
    ("ru", "narrow"): "Кто написал «Ночной дозор»?",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modelled]:
    """raggen told the sentences of both languages."""
    with modelled_stack(tmp_path_factory.mktemp("context") / "data") as running:
        yield running


def asked(told: Modelled, tab: Page, scenario: Scenario) -> Locator:
    """Tell the scenario's sentence in one chat and ask about it in another; the answer."""
    chat = ChatPage(tab, told.stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    told.stack.wait_until_remembered()
    chat.open_new_chat()
    return chat.say(scenario.ask)


def last_answer(tab: Page, answer_id: str | None) -> Locator:
    """The answer shown last, complete, and another one than `answer_id`."""
    answer = tab.get_by_test_id("message-assistant").last
    expect(answer).not_to_have_attribute("data-message-id", answer_id or "", timeout=ANSWER_MS)
    expect(answer).to_have_attribute("data-status", "complete", timeout=ANSWER_MS)
    return answer


def test_an_answer_shows_what_it_stood_on(
    told: Modelled, tab: Page, scenario: Scenario, size: str
) -> None:
    answer = asked(told, tab, scenario)
    indicator = answer.get_by_test_id("context-indicator")
    expect(indicator).to_have_text(SPANS[scenario.locale])
    indicator.click()
    panel = answer.get_by_test_id("context-panel")
    item = panel.get_by_test_id("context-item").filter(has_text=scenario.quoted).first
    expect(item.get_by_test_id("context-reason")).to_be_visible()
    item.get_by_test_id("context-relevance").click()
    expect(item.get_by_test_id("context-relevance")).to_contain_text("%")
    in_both_themes(tab, f"context-{scenario.locale}-{size}")

    # Pinned and unpinned from here: memory agrees each time.
    def state_of(what: str) -> bool:
        answer = httpx.get(
            f"{told.stack.web_url}/api/memory", params={"state": what, "limit": 100}, timeout=10
        ).raise_for_status()
        return any(scenario.quoted in found["text"] for found in answer.json()["items"])

    item.get_by_test_id("context-pin").click()
    expect(item.get_by_test_id("context-rules")).to_have_attribute("data-rule", "pinned")
    assert state_of("pinned")
    in_both_themes(tab, f"context-pinned-{scenario.locale}-{size}")
    item.get_by_test_id("context-rule-undo").click()
    expect(item.get_by_test_id("context-rules")).to_have_attribute("data-rule", "none")
    assert not state_of("pinned")
    item.get_by_test_id("context-exclude").click()
    expect(item.get_by_test_id("context-rules")).to_have_attribute("data-rule", "excluded")
    assert state_of("excluded")
    item.get_by_test_id("context-rule-undo").click()
    expect(item.get_by_test_id("context-rules")).to_have_attribute("data-rule", "none")
    assert not state_of("excluded")

    source = item.get_by_role("link")
    source.click()
    expect(tab).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}#m-[0-9a-f-]{36}$"))
    expect(tab.locator("#content")).to_contain_text(scenario.quoted)


def test_nothing_relevant_is_said_and_the_nearest_shown(
    told: Modelled, tab: Page, scenario: Scenario, size: str
) -> None:
    asked(told, tab, scenario)
    chat = ChatPage(tab, told.stack.web_url)
    chat.open_new_chat()
    tab.get_by_test_id("chat-settings-open").click()
    row = tab.get_by_test_id("setting-minRelevance")
    row.get_by_test_id("relevance-own").click()
    row.get_by_role("slider").fill("0.95")
    expect(tab.get_by_test_id("saving")).to_have_attribute("data-state", "saved")
    tab.keyboard.press("Escape")
    # Another one at each width: what was asked before is a match.
    answer = chat.say(UNRELATED[scenario.locale, size])
    chat.expect_memory(answer, "nothing-relevant", 0)
    assert answer.get_by_test_id("misses").count() == 0
    answer.get_by_test_id("misses-open").click()
    misses = answer.get_by_test_id("misses")
    expect(misses.get_by_test_id("context-item").first).to_be_visible()
    assert 1 <= misses.get_by_test_id("context-item").count() <= 5
    misses.scroll_into_view_if_needed()
    in_both_themes(tab, f"misses-{scenario.locale}-{size}")


def test_a_receipt_is_what_the_model_got_and_can_be_asked_again(
    told: Modelled, tab: Page, scenario: Scenario, size: str
) -> None:
    answer = asked(told, tab, scenario)
    sent = answered(told.model)[-1]
    first = answer.get_attribute("data-message-id")
    answer.get_by_test_id("receipt-open").click()
    receipt = tab.get_by_test_id("receipt")
    shown = receipt.get_by_test_id("receipt-message").locator("pre")
    expect(shown).to_have_count(len(sent))
    assert [text.strip() for text in shown.all_inner_texts()] == [
        message["content"].strip() for message in sent
    ]
    for part in ("instructions", "context", "history", "question"):
        expect(receipt.get_by_test_id(f"tokens-{part}")).to_be_visible()
    expect(receipt.get_by_test_id("receipt-timings")).to_contain_text("0")
    in_both_themes(tab, f"receipt-{scenario.locale}-{size}")
    receipt.get_by_test_id("copy").last.click()
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copied = json.loads(tab.evaluate("navigator.clipboard.readText()"))
    assert [message["content"] for message in copied["messages"]] == [
        message["content"] for message in sent
    ]

    receipt.get_by_test_id("receipt-same-context").click()
    again = last_answer(tab, first)
    second = again.get_attribute("data-message-id")
    expect(again.get_by_test_id("context-same")).to_be_visible()
    assert unmarked(str(answered(told.model)[-1])) == unmarked(str(sent))
    again.get_by_test_id("receipt-open").click()
    receipt.get_by_test_id("receipt-without-context").click()
    without = last_answer(tab, second)
    indicator = without.get_by_test_id("context-indicator")
    expect(indicator).to_have_attribute("data-on-request", "true")
    assert scenario.quoted not in json.dumps(answered(told.model)[-1][:-1], ensure_ascii=False)
    in_both_themes(tab, f"without-context-{scenario.locale}-{size}")


def test_every_way_to_have_no_context_says_so(
    tmp_path: Path, browser: Browser, scenario: Scenario
) -> None:
    """Empty, switched off, and a memory service that does not answer; the status line agrees."""
    stack = Stack(tmp_path / "data", {"RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS": "1500"}).start()
    context = browser.new_context(
        locale=scenario.browser_locale,
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    tab = context.new_page()
    chat = ChatPage(tab, stack.web_url)
    try:
        chat.open_new_chat()
        chat.expect_memory(chat.say(scenario.ask), "empty", 0)
        in_both_themes(tab, f"empty-{scenario.locale}")
        tab.get_by_test_id("chat-settings-open").click()
        tab.get_by_test_id("setting-enabled").get_by_role("switch").click()
        expect(tab.get_by_test_id("saving")).to_have_attribute("data-state", "saved")
        tab.keyboard.press("Escape")
        chat.expect_memory(chat.say(scenario.tell), "off", 0)
        in_both_themes(tab, f"off-{scenario.locale}")
        chat.open_new_chat()
        stack.wait_until_remembered()
        pid = stack.embed_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            chat.expect_memory(chat.say(scenario.ask), "unavailable", 0)
            status = tab.get_by_test_id("status-line").first
            expect(status).to_have_attribute("data-state", "down", timeout=30_000)
            in_both_themes(tab, f"unavailable-{scenario.locale}")
        finally:
            os.kill(pid, signal.SIGCONT)
        expect(status).to_have_attribute("data-state", "ready", timeout=60_000)
    finally:
        context.close()
        stack.stop()
