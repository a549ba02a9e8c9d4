"""Each chat may have its own model; one that is gone is told, and nobody takes over unasked."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from e2e.chat_page import ChatPage
from e2e.dress import in_both_themes
from e2e.modelled import modelled_stack
from e2e.scenario import Scenario
from e2e.scripted_model import MODEL

WORDS = {
    "en": {"gone": "no longer connected", "quotations": "Quotations", "unknown": "Choose another"},
    "ru": {"gone": "больше не подключён", "quotations": "Цитаты", "unknown": "Выберите друг"},
}


@pytest.mark.failed_request(404)
def test_a_chat_keeps_its_own_model(tmp_path: Path, tab: Page, scenario: Scenario) -> None:
    words = WORDS[scenario.locale]
    width = tab.viewport_size["width"] if tab.viewport_size else 0
    dress = f"{scenario.locale}-{width}"
    with modelled_stack(tmp_path / "data") as running:
        chat = ChatPage(tab, running.stack.web_url)
        picker = tab.get_by_test_id("provider-picker")
        expect_answerer = expect(picker)

        chat.open_new_chat()
        expect_answerer.to_have_attribute("data-scope", "new-chats")
        chat.say(scenario.tell)
        expect_answerer.to_have_attribute("data-scope", "chat")
        chat.choose_provider("quotations")
        expect_answerer.to_contain_text(words["quotations"])
        expect(chat.say(scenario.ask)).to_contain_text(words["quotations"])
        address = tab.url

        # Nobody else's choice has changed, and this one outlives its tab.
        chat.open_new_chat()
        expect_answerer.to_contain_text(MODEL)
        tab.goto(address)
        expect_answerer.to_contain_text(words["quotations"])
        picker.click()
        tab.get_by_test_id("choice-for-new").wait_for()
        in_both_themes(tab, f"own-model-menu-{dress}")
        tab.get_by_test_id("choice-for-new").click()
        tab.get_by_test_id("toast").wait_for()
        chat.open_new_chat()
        expect_answerer.to_contain_text(words["quotations"])

        # The chat goes back to the model, whose server then goes.
        tab.goto(address)
        providers = httpx.get(f"{running.stack.web_url}/api/providers", timeout=20).json()
        server = next(one for one in providers["providers"] if one["name"] == "Scripted")
        with tab.expect_response(lambda answer: answer.url.endswith("/settings")) as saved:
            chat.choose_provider(server["id"])
        assert saved.value.ok
        expect(chat.say(scenario.follow_up)).to_contain_text("Noted.")
        gone = f"{running.stack.web_url}/api/providers/{server['id']}"
        httpx.delete(gone, timeout=20).raise_for_status()
        tab.goto(address)
        notice = tab.get_by_test_id("choice-gone")
        expect(notice).to_contain_text(words["gone"])
        expect(notice).to_contain_text(MODEL)
        in_both_themes(tab, f"own-model-gone-{dress}")

        # What is asked all the same is refused, and kept in the field.
        asked = running.model.prompts.copy()
        tab.get_by_test_id("composer-input").fill(scenario.unrelated)
        tab.get_by_test_id("composer-send").click()
        expect(tab.get_by_test_id("composer-failure")).to_contain_text(words["unknown"])
        expect(tab.get_by_test_id("composer-input")).to_have_value(scenario.unrelated)
        tab.get_by_test_id("choice-gone-follow").click()
        expect(notice).to_have_count(0)
        expect_answerer.to_contain_text(words["quotations"])
        expect(chat.say(scenario.unrelated)).to_contain_text(words["quotations"])
        assert running.model.prompts == asked
