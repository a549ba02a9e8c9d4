"""The model's server refuses, fails, hangs or is gone: said in words, and a retry then works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.accessibility import expect_accessible
from e2e.chat_page import ANSWER_MS, ChatPage
from e2e.conftest import watched_page
from e2e.dress import ARTIFACTS, VIEWPORTS, dressed
from e2e.provider_servers import ANSWER, ProviderServer
from e2e.scenario import Scenario
from e2e.stack import ROOT, Stack

SILENCE_MS = 2_500
REFUSALS = {
    401: "provider_unauthorized",
    402: "provider_quota",
    429: "provider_rate_limited",
    500: "provider_error",
}


@dataclass(frozen=True)
class Served:
    """raggen, and the provider that it asks."""

    stack: Stack
    provider: ProviderServer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    environment = {"RAGGEN_WEB_PROVIDER_SILENCE_MS": str(SILENCE_MS)}
    stack = Stack(tmp_path_factory.mktemp("provider-down") / "data", environment).start()
    with ProviderServer(["stubborn"]) as provider, httpx.Client(base_url=stack.web_url) as client:
        server = {"kind": "openai", "name": "Stubborn", "baseUrl": provider.base_url}
        added = client.post("/api/providers", json=server, timeout=30).raise_for_status().json()
        chosen = {"providerId": added["provider"]["id"], "model": "stubborn"}
        client.put("/api/selection", json=chosen, timeout=30).raise_for_status()
        yield Served(stack, provider)
    stack.stop()


@pytest.fixture(params=VIEWPORTS, ids=str)
def chat(
    request: pytest.FixtureRequest, browser: Browser, scenario: Scenario, served: Served
) -> Iterator[ChatPage]:
    """A new chat; a console error fails its test."""
    context = dressed(browser, scenario, request.param)
    for page in watched_page(context, request.node):
        opened = ChatPage(page, served.stack.web_url)
        opened.open_new_chat()
        yield opened


def sentence(scenario: Scenario, code: str) -> str:
    """What raggen says of an error in this language."""
    messages = ROOT / "raggen-web/messages" / scenario.locale / "errors.json"
    found: str = json.loads(messages.read_text())[code]
    return found


def last_answer(page: Page, status: str) -> Locator:
    answer = page.get_by_test_id("message-assistant").last
    expect(answer).to_have_attribute("data-status", status, timeout=ANSWER_MS)
    return answer


def look(page: Page, name: str) -> None:
    folder = ARTIFACTS / "provider-down"
    folder.mkdir(parents=True, exist_ok=True)
    size = "wide" if page.evaluate("window.innerWidth") > 800 else "narrow"
    language = page.locator("html").get_attribute("lang")
    page.screenshot(path=folder / f"{name}-{language}-{size}.png")
    expect_accessible(page, name)


def test_every_refusal_is_explained_and_tried_again(
    served: Served, chat: ChatPage, scenario: Scenario
) -> None:
    page = chat.page
    for status, code in REFUSALS.items():
        served.provider.refuse = (status, "Zanzibar")
        try:
            chat.open_new_chat()
            chat.send(f"{scenario.ask} ({status})")
            failed = last_answer(page, "failed")
            expect(failed.get_by_test_id("answer-notice")).to_contain_text(sentence(scenario, code))
            assert "Zanzibar" not in page.content()
            look(page, f"refused-{status}")
        finally:
            served.provider.refuse = None
        page.get_by_test_id("answer-retry").last.click()
        expect(last_answer(page, "complete")).to_contain_text("".join(ANSWER))
        expect(page.get_by_test_id("answer-notice")).to_have_count(0)


def test_a_silent_server_ends_and_what_came_is_kept(
    served: Served, chat: ChatPage, scenario: Scenario
) -> None:
    page = chat.page
    served.provider.pace_s = SILENCE_MS / 1000 * 2
    try:
        chat.send(scenario.ask)
        stalled = last_answer(page, "failed")
        expect(stalled).to_contain_text(ANSWER[0].strip())
        expect(stalled.get_by_test_id("answer-notice")).to_contain_text(
            sentence(scenario, "provider_stalled")
        )
        look(page, "stalled")
    finally:
        served.provider.pace_s = 0.02
    page.get_by_test_id("answer-retry").click()
    expect(last_answer(page, "complete")).to_contain_text("".join(ANSWER))


def test_a_server_that_is_gone_and_comes_back(
    served: Served, chat: ChatPage, scenario: Scenario
) -> None:
    page = chat.page
    with ProviderServer(["fleeting"]) as fleeting, httpx.Client(timeout=30) as client:
        port, url = fleeting.port, served.stack.web_url
        server = {"kind": "openai", "name": "Fleeting", "baseUrl": fleeting.base_url}
        added = client.post(f"{url}/api/providers", json=server).raise_for_status().json()
        before = client.get(f"{url}/api/providers").json()["selection"]
        chosen = {"providerId": added["provider"]["id"], "model": "fleeting"}
        client.put(f"{url}/api/selection", json=chosen).raise_for_status()
    try:
        chat.send(scenario.ask)
        failed = last_answer(page, "failed")
        expect(failed.get_by_test_id("answer-notice")).to_contain_text(
            sentence(scenario, "provider_unreachable")
        )
        look(page, "gone")
        with ProviderServer(["fleeting"], port=port):
            page.get_by_test_id("answer-retry").click()
            expect(last_answer(page, "complete")).to_contain_text("".join(ANSWER))
    finally:
        httpx.put(f"{url}/api/selection", json=before, timeout=30).raise_for_status()
        gone = f"{url}/api/providers/{added['provider']['id']}"
        httpx.delete(gone, timeout=30).raise_for_status()
