"""Settings: defaults and one chat's own, saved at once; the preview that a chat may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.chat_page import ChatPage
from e2e.dress import check_page, in_both_themes
from e2e.modelled import Modelled, modelled_stack
from e2e.scenario import SCENARIOS, Scenario
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack, wait_for


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modelled]:
    with modelled_stack(tmp_path_factory.mktemp("settings") / "data") as running:
        yield running


def answered(model: ScriptedModel) -> list[list[dict[str, str]]]:
    """The prompts of answers so far: titles are asked for in words of their own."""
    return [prompt for prompt in model.prompts if prompt[0]["content"].startswith("You are raggen")]


def unmarked(text: str) -> str:
    """A prompt's text without the marker of its fence, which is another one each time."""
    return re.sub(r"memory [\w-]+>>", "memory>>", text).strip()


def defaults(stack: Stack) -> dict[str, dict[str, object]]:
    """What the server holds as defaults."""
    answer = httpx.get(f"{stack.web_url}/api/settings", timeout=10).raise_for_status()
    found: dict[str, dict[str, object]] = answer.json()["defaults"]
    return found


def setting(page: Page | Locator, name: str) -> Locator:
    """The row of one setting."""
    return page.get_by_test_id(f"setting-{name}")


def expect_saved(page: Page | Locator) -> None:
    """The last change is on the server, and the page says so."""
    expect(page.get_by_test_id("saving").first).to_have_attribute("data-state", "saved")


def test_defaults_are_saved_at_once(
    modelled: Modelled, tab: Page, scenario: Scenario, size: str
) -> None:
    stack = modelled.stack
    tab.goto(f"{stack.web_url}/settings")
    row = setting(tab, "minRelevance")
    row.get_by_test_id("relevance-own").click()
    expect(row).to_have_attribute("data-changed", "true")
    row.get_by_role("slider").fill("0.6")
    setting(tab, "declineWithoutContext").get_by_role("switch").click()
    setting(tab, "temperature").get_by_test_id("temperature-own").click()
    setting(tab, "systemPrompt").get_by_test_id("system-prompt").fill(scenario.tell)
    expect_saved(tab)
    held = defaults(stack)
    assert held["context"]["minRelevance"] == pytest.approx(0.6)
    assert held["context"]["declineWithoutContext"] is True
    assert held["generation"]["temperature"] == pytest.approx(0.7)
    assert held["generation"]["systemPrompt"] == scenario.tell

    in_both_themes(tab, f"settings-{scenario.locale}-{size}")
    setting(tab, "temperature").scroll_into_view_if_needed()
    check_page(tab, f"settings-generation-{scenario.locale}-{size}")
    tab.locator("#appearance").scroll_into_view_if_needed()
    check_page(tab, f"settings-end-{scenario.locale}-{size}")

    for name in ("minRelevance", "declineWithoutContext", "temperature", "systemPrompt"):
        tab.get_by_test_id(f"reset-{name}").click()
        expect(setting(tab, name)).to_have_attribute("data-changed", "false")
    expect_saved(tab)
    assert defaults(stack)["context"]["minRelevance"] is None
    tab.reload()
    expect(setting(tab, "temperature")).to_have_attribute("data-changed", "false")


def test_what_is_set_last_survives_closing_the_tab(
    modelled: Modelled, browser: Browser, scenario: Scenario
) -> None:
    context = browser.new_context(locale=scenario.browser_locale)
    page = context.new_page()
    page.goto(f"{modelled.stack.web_url}/settings")
    field = setting(page, "systemPrompt").get_by_test_id("system-prompt")
    field.fill(scenario.tell)
    expect(page.get_by_test_id("saving").first).to_have_attribute("data-state", "saving")
    page.close()
    wait_for(
        "the change on the server",
        lambda: defaults(modelled.stack)["generation"]["systemPrompt"] == scenario.tell,
        5,
    )
    context.close()
    held = defaults(modelled.stack)
    held["generation"]["systemPrompt"] = None
    url = f"{modelled.stack.web_url}/api/settings"
    httpx.put(url, json=held, timeout=10).raise_for_status()


@pytest.mark.failed_request(503)
def test_what_was_not_saved_is_kept_and_tried_again(
    modelled: Modelled, tab: Page, scenario: Scenario, size: str
) -> None:
    tab.goto(f"{modelled.stack.web_url}/settings")
    refusal = '{"error":{"code":"not_ready","requestId":"1"}}'
    tab.route(
        "**/api/settings",
        lambda route: (
            route.fulfill(status=503, body=refusal, content_type="application/json")
            if route.request.method == "PUT"
            else route.continue_()
        ),
    )
    field = setting(tab, "systemPrompt").get_by_test_id("system-prompt")
    field.fill(scenario.tell)
    expect(tab.get_by_test_id("saving")).to_have_attribute("data-state", "failed")
    expect(field).to_have_value(scenario.tell)
    in_both_themes(tab, f"settings-unsaved-{scenario.locale}-{size}")
    tab.unroute("**/api/settings")
    tab.get_by_test_id("saving-retry").click()
    expect_saved(tab)
    assert defaults(modelled.stack)["generation"]["systemPrompt"] == scenario.tell
    tab.get_by_test_id("reset-systemPrompt").click()
    expect_saved(tab)


def test_a_chat_has_its_own(modelled: Modelled, tab: Page, scenario: Scenario, size: str) -> None:
    stack, model = modelled.stack, modelled.model
    chat = ChatPage(tab, stack.web_url)
    chat.open_new_chat()
    tab.get_by_test_id("chat-settings-open").click()
    panel = tab.get_by_test_id("chat-settings")
    # Before its first message the chat is not on the server: what is chosen goes there with it.
    setting(panel, "systemPrompt").get_by_test_id("system-prompt").fill("Speak like a sailor.")
    setting(panel, "scope").get_by_test_id("scope-this-chat").click()
    expect_saved(panel)
    in_both_themes(tab, f"chat-settings-{scenario.locale}-{size}")
    tab.keyboard.press("Escape")
    expect(tab.get_by_test_id("chat-settings-open")).to_have_attribute("data-count", "2")
    chat.say(scenario.tell)
    assert "Speak like a sailor." in str(answered(model)[-1])

    tab.reload()
    expect(tab.get_by_test_id("chat-settings-open")).to_have_attribute("data-count", "2")
    tab.get_by_test_id("chat-settings-open").click()
    tab.get_by_test_id("reset-systemPrompt").click()
    expect_saved(panel)
    setting(panel, "scope").get_by_test_id("scope-chats").click()
    picker = panel.get_by_test_id("chat-picker")
    picker.get_by_role("searchbox").fill("noted")
    picker.get_by_test_id("chat-picker-chat").first.check()
    expect_saved(panel)
    picker.scroll_into_view_if_needed()
    in_both_themes(tab, f"chat-picker-{scenario.locale}-{size}")
    tab.keyboard.press("Escape")
    chat.say(scenario.ask)
    assert "Speak like a sailor." not in str(answered(model)[-1])


def test_a_message_is_shown_before_it_is_sent(
    modelled: Modelled, tab: Page, scenario: Scenario, size: str
) -> None:
    stack, model = modelled.stack, modelled.model
    chat = ChatPage(tab, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    stack.wait_until_remembered()
    chat.open_new_chat()
    tab.get_by_test_id("chat-settings-open").click()
    setting(tab, "preview").get_by_role("switch").click()
    expect_saved(tab.get_by_test_id("chat-settings"))
    tab.keyboard.press("Escape")

    asked = len(answered(model))
    tab.get_by_test_id("composer-input").fill(scenario.ask)
    tab.get_by_test_id("composer-send").click()
    preview = tab.get_by_test_id("preview")
    expect(preview.get_by_test_id("receipt-message").last).to_contain_text(scenario.ask)
    recalled = preview.get_by_test_id("context-item").filter(has_text=scenario.quoted)
    expect(recalled.first).to_be_visible()
    in_both_themes(tab, f"preview-{scenario.locale}-{size}")
    preview.get_by_test_id("preview-cancel").click()
    expect(tab.get_by_test_id("composer-input")).to_have_value(scenario.ask)
    assert len(answered(model)) == asked

    tab.get_by_test_id("composer-send").click()
    expect(preview.get_by_test_id("receipt-message").last).to_contain_text(scenario.ask)
    shown = preview.get_by_test_id("receipt-message").locator("pre").all_inner_texts()
    preview.get_by_test_id("preview-settings").click()
    setting(preview, "enabled").get_by_role("switch").click()
    preview.get_by_test_id("preview-settings").click()
    expect(preview.get_by_test_id("context-indicator")).to_have_attribute("data-state", "off")
    check_page(tab, f"preview-off-{scenario.locale}-{size}")
    preview.get_by_test_id("preview-settings").click()
    tab.get_by_test_id("reset-enabled").click()
    preview.get_by_test_id("preview-settings").click()
    recalled = preview.get_by_test_id("context-item").filter(has_text=scenario.quoted)
    expect(recalled.first).to_be_visible()
    preview.get_by_test_id("preview-send").click()
    expect(tab.get_by_test_id("message-assistant")).to_have_attribute("data-status", "complete")
    assert [unmarked(message["content"]) for message in answered(model)[asked]] == [
        unmarked(text) for text in shown
    ]


@pytest.mark.parametrize("spoken", SCENARIOS, ids=lambda scenario: scenario.locale)
def test_the_whole_page_works_by_keyboard(
    modelled: Modelled, browser: Browser, spoken: Scenario
) -> None:
    context = browser.new_context(locale=spoken.browser_locale)
    page = context.new_page()
    page.goto(f"{modelled.stack.web_url}/settings")
    switch = setting(page, "preview").get_by_role("switch")
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).to_be_checked()
    slider = setting(page, "count").get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("9")
    expect_saved(page)
    for name in ("preview", "count"):
        page.get_by_test_id(f"reset-{name}").focus()
        page.keyboard.press("Enter")
        expect(setting(page, name)).to_have_attribute("data-changed", "false")
    expect_saved(page)
    context.close()
