"""Extra headers of a server: entered, kept as secrets, changed one by one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.chat_page import ChatPage
from e2e.dress import in_both_themes
from e2e.scenario import Scenario
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack

VALUE = "gateway-secret-4711"
WORDS = {"en": "cannot be set", "ru": "задать нельзя"}


def add_header(form: Locator, name: str, value: str) -> None:
    """One more row, filled."""
    form.get_by_test_id("server-header-add").click()
    row = form.get_by_test_id("server-header").last
    row.get_by_test_id("server-header-name").fill(name)
    row.get_by_test_id("server-header-value").fill(value)


@pytest.mark.failed_request(422)
def test_headers_go_with_every_request_and_never_come_back(
    stack: Stack, tab: Page, scenario: Scenario
) -> None:
    width = tab.viewport_size["width"] if tab.viewport_size else 0
    dress = f"{scenario.locale}-{width}"
    chat = ChatPage(tab, stack.web_url)
    with ScriptedModel(lambda _: "Noted.") as model:
        chat.open_new_chat()
        tab.get_by_test_id("provider-card-openai").click()
        tab.get_by_test_id("server-url-input").fill(model.url)
        tab.locator("summary").click()
        form = tab.locator("form").filter(has=tab.get_by_test_id("server-url-input"))
        add_header(form, "X-Gateway-Key", VALUE)
        add_header(form, "Host", "evil.example")
        tab.get_by_test_id("server-connect").click()
        refused = tab.get_by_role("alert").filter(has_text=WORDS[scenario.locale])
        expect(refused).to_contain_text("Host")
        in_both_themes(tab, f"headers-refused-{dress}")
        form.get_by_test_id("server-header-remove").last.click()
        tab.get_by_test_id("server-connect").click()
        expect(tab.get_by_test_id("connected-server")).to_be_visible()
        chat.say(scenario.tell)
        assert model.headers["x-gateway-key"] == VALUE

        chat.open_new_chat()
        tab.get_by_test_id("provider-card-openai").click()
        tab.get_by_test_id("server-edit").click()
        edit = tab.get_by_test_id("server-edit-form")
        expect(edit.get_by_test_id("server-header-name")).to_have_value("X-Gateway-Key")
        expect(edit.get_by_test_id("server-header-value")).to_have_value("")
        add_header(edit, "X-Team", "blue")
        in_both_themes(tab, f"headers-edit-{dress}")
        tab.get_by_test_id("server-edit-save").click()
        expect(edit).to_have_count(0)
        chat.say(scenario.ask)
        assert model.headers["x-gateway-key"] == VALUE
        assert model.headers["x-team"] == "blue"
        assert VALUE not in tab.content()
