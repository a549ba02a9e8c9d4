"""Each chat may have its own model; one that is gone is told, and nobody takes over unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.chat_page import ChatPage
from e2e.conftest import watched_page
from e2e.modelled import modelled_stack
from e2e.scenario import Scenario
from e2e.scripted_model import MODEL
from e2e.test_pages import VIEWPORTS, check_page

WORDS = {
    "en": {"gone": "no longer connected", "quotations": "Quotations", "unknown": "Choose another"},
    "ru": {"gone": "больше не подключён", "quotations": "Цитаты", "unknown": "Выберите друг"},
}


@pytest.fixture(params=VIEWPORTS)
def page(browser: Browser, scenario: Scenario, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = VIEWPORTS[request.param]
    context = browser.new_context(
        locale=scenario.browser_locale,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    yield from watched_page(context, request.node)


def in_both_themes(page: Page, name: str) -> None:
    """Pictures and axe, light and dark."""
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.wait_for_timeout(200)
        check_page(page, f"{name}-{theme}")


@pytest.mark.failed_request(404)
def test_a_chat_keeps_its_own_model(tmp_path: Path, page: Page, scenario: Scenario) -> None:
    words = WORDS[scenario.locale]
    width = page.viewport_size["width"] if page.viewport_size else 0
    dress = f"{scenario.locale}-{width}"
    with modelled_stack(tmp_path / "data") as running:
        chat = ChatPage(page, running.stack.web_url)
        picker = page.get_by_test_id("provider-picker")
        expect_answerer = expect(picker)

        chat.open_new_chat()
        expect_answerer.to_have_attribute("data-scope", "new-chats")
        chat.say(scenario.tell)
        expect_answerer.to_have_attribute("data-scope", "chat")
        chat.choose_provider("quotations")
        expect_answerer.to_contain_text(words["quotations"])
        expect(chat.say(scenario.ask)).to_contain_text(words["quotations"])
        address = page.url

        # Nobody else's choice has changed, and this one outlives its page.
        chat.open_new_chat()
        expect_answerer.to_contain_text(MODEL)
        page.goto(address)
        expect_answerer.to_contain_text(words["quotations"])
        picker.click()
        page.get_by_test_id("choice-for-new").wait_for()
        in_both_themes(page, f"own-model-menu-{dress}")
        page.get_by_test_id("choice-for-new").click()
        page.get_by_test_id("toast").wait_for()
        chat.open_new_chat()
        expect_answerer.to_contain_text(words["quotations"])

        # The chat goes back to the model, whose server then goes.
        page.goto(address)
        providers = httpx.get(f"{running.stack.web_url}/api/providers", timeout=20).json()
        server = next(one for one in providers["providers"] if one["name"] == "Scripted")
        with page.expect_response(lambda answer: answer.url.endswith("/settings")) as saved:
            chat.choose_provider(server["id"])
        assert saved.value.ok
        expect(chat.say(scenario.follow_up)).to_contain_text("Noted.")
        gone = f"{running.stack.web_url}/api/providers/{server['id']}"
        httpx.delete(gone, timeout=20).raise_for_status()
        page.goto(address)
        notice = page.get_by_test_id("choice-gone")
        expect(notice).to_contain_text(words["gone"])
        expect(notice).to_contain_text(MODEL)
        in_both_themes(page, f"own-model-gone-{dress}")

        # What is asked all the same is refused, and kept in the field.
        asked = running.model.prompts.copy()
        page.get_by_test_id("composer-input").fill(scenario.unrelated)
        page.get_by_test_id("composer-send").click()
        expect(page.get_by_test_id("composer-failure")).to_contain_text(words["unknown"])
        expect(page.get_by_test_id("composer-input")).to_have_value(scenario.unrelated)
        page.get_by_test_id("choice-gone-follow").click()
        expect(notice).to_have_count(0)
        expect_answerer.to_contain_text(words["quotations"])
        expect(chat.say(scenario.unrelated)).to_contain_text(words["quotations"])
        assert running.model.prompts == asked
