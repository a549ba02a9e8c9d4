"""Extra headers of a server: entered, kept as secrets, changed one by one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.chat_page import ChatPage
from e2e.conftest import watched_page
from e2e.scenario import Scenario
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack
from e2e.test_pages import VIEWPORTS, check_page

VALUE = "gateway-secret-4711"
WORDS = {"en": "cannot be set", "ru": "задать нельзя"}


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


def add_header(form: Locator, name: str, value: str) -> None:
    """One more row, filled."""
    form.get_by_test_id("server-header-add").click()
    row = form.get_by_test_id("server-header").last
    row.get_by_test_id("server-header-name").fill(name)
    row.get_by_test_id("server-header-value").fill(value)


@pytest.mark.failed_request(422)
def test_headers_go_with_every_request_and_never_come_back(
    stack: Stack, page: Page, scenario: Scenario
) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    dress = f"{scenario.locale}-{width}"
    chat = ChatPage(page, stack.web_url)
    with ScriptedModel(lambda _: "Noted.") as model:
        chat.open_new_chat()
        page.get_by_test_id("provider-card-openai").click()
        page.get_by_test_id("server-url-input").fill(model.url)
        page.locator("summary").click()
        form = page.locator("form").filter(has=page.get_by_test_id("server-url-input"))
        add_header(form, "X-Gateway-Key", VALUE)
        add_header(form, "Host", "evil.example")
        page.get_by_test_id("server-connect").click()
        refused = page.get_by_role("alert").filter(has_text=WORDS[scenario.locale])
        expect(refused).to_contain_text("Host")
        in_both_themes(page, f"headers-refused-{dress}")
        form.get_by_test_id("server-header-remove").last.click()
        page.get_by_test_id("server-connect").click()
        expect(page.get_by_test_id("connected-server")).to_be_visible()
        chat.say(scenario.tell)
        assert model.headers["x-gateway-key"] == VALUE

        chat.open_new_chat()
        page.get_by_test_id("provider-card-openai").click()
        page.get_by_test_id("server-edit").click()
        edit = page.get_by_test_id("server-edit-form")
        expect(edit.get_by_test_id("server-header-name")).to_have_value("X-Gateway-Key")
        expect(edit.get_by_test_id("server-header-value")).to_have_value("")
        add_header(edit, "X-Team", "blue")
        in_both_themes(page, f"headers-edit-{dress}")
        page.get_by_test_id("server-edit-save").click()
        expect(edit).to_have_count(0)
        chat.say(scenario.ask)
        assert model.headers["x-gateway-key"] == VALUE
        assert model.headers["x-team"] == "blue"
        assert VALUE not in page.content()
