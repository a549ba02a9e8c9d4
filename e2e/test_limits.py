"""Asking for too much at once: what a person sees, and who is counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.chat_page import ChatPage
from e2e.conftest import watched_page
from e2e.dress import ARTIFACTS
from e2e.scenario import Scenario
from e2e.stack import Stack

SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
ASKED_SECONDS = 20
WORDS = {"en": "nothing is lost", "ru": "ничего не потеряно"}
AGAIN = {"en": "Send again", "ru": "Отправить ещё раз"}
TEXT = "And what is the name of my cat?"


@pytest.fixture(params=SIZES)
def page(browser: Browser, scenario: Scenario, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = browser.new_context(
        locale=scenario.browser_locale, viewport={"width": width, "height": height}
    )
    yield from watched_page(context, request.node)


@pytest.mark.failed_request(429)
def test_a_question_too_many_waits_and_loses_nothing(
    tmp_path: Path, page: Page, scenario: Scenario, request: pytest.FixtureRequest
) -> None:
    limit = {"RAGGEN_WEB_LIMIT_ASK": f"2/{ASKED_SECONDS}"}
    stack = Stack(tmp_path / "data", limit).start()
    try:
        chat = ChatPage(page, stack.web_url)
        chat.open_new_chat()
        chat.say("My dog is called Archie.")
        chat.say("My cat is called Plum.")
        field = page.get_by_test_id("composer-input")
        field.fill(TEXT)
        page.get_by_test_id("composer-send").click()

        notice = page.get_by_test_id("composer-failure")
        expect(notice).to_contain_text(WORDS[scenario.locale])
        expect(field).to_have_value(TEXT)
        expect(page.get_by_test_id("message-user")).to_have_count(2)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(200)
            page.screenshot(path=ARTIFACTS / f"{request.node.name}-{theme}.png")

        page.wait_for_timeout(ASKED_SECONDS * 1000)
        notice.get_by_role("button", name=AGAIN[scenario.locale]).click()
        answers = page.get_by_test_id("message-assistant")
        expect(answers).to_have_count(3, timeout=30_000)
        expect(answers.last).to_have_attribute("data-status", "complete", timeout=30_000)
        expect(page.get_by_test_id("message-user").last).to_contain_text(TEXT)
        expect(field).to_have_value("")
        expect(notice).to_have_count(0)
    finally:
        stack.stop()


def search_as(stack: Stack, **headers: str) -> httpx.Response:
    """Search once, with these headers."""
    return httpx.post(
        f"{stack.web_url}/api/search", json={"text": "dog"}, headers=headers, timeout=20
    )


def test_nobody_is_believed_to_be_another(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data", {"RAGGEN_WEB_LIMIT_HEAVY": "2/600"}).start()
    try:
        for n in range(2):
            assert search_as(stack, **{"x-forwarded-for": f"198.51.100.{n}"}).status_code == 200
        for name in ("x-forwarded-for", "x-raggen-client", "forwarded", "x-real-ip"):
            refused = search_as(stack, **{name: "198.51.100.77"})
            assert refused.status_code == 429, name
            assert 500 < int(refused.headers["retry-after"]) <= 600
        assert httpx.get(f"{stack.web_url}/api/chats", timeout=10).status_code == 200
    finally:
        stack.stop()


def test_a_trusted_proxy_speaks_for_its_clients(tmp_path: Path) -> None:
    limits = {"RAGGEN_WEB_LIMIT_HEAVY": "1/600", "RAGGEN_WEB_TRUSTED_PROXIES": "127.0.0.0/8"}
    stack = Stack(tmp_path / "data", limits).start()
    try:
        for client in ("198.51.100.1", "198.51.100.2", "2001:db8:1:1::1", "2001:db8:1:2::1"):
            assert search_as(stack, **{"x-forwarded-for": client}).status_code == 200
        for same in ("198.51.100.1", "8.8.8.8, 198.51.100.2", "2001:db8:1:1:ffff::2"):
            assert search_as(stack, **{"x-forwarded-for": same}).status_code == 429
    finally:
        stack.stop()
