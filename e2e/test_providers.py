"""YandexGPT, GigaChat and servers with many models: connected, checked, changed, explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from e2e.chat_page import ChatPage
from e2e.conftest import watched_page
from e2e.dress import ARTIFACTS
from e2e.provider_servers import (
    ANSWER,
    GIGACHAT_KEY,
    YANDEX_FOLDER,
    YANDEX_KEY,
    ProviderServer,
    make_certificates,
)
from e2e.scenario import Scenario
from e2e.stack import Stack

SIZES: dict[str, ViewportSize] = {
    "wide": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
}
WORDS = {
    "en": {
        "certificate": "certificate is not trusted yet",
        "role": "ai.languageModels.user",
        "key": "refused the key",
        "quota": "run out",
        "environment": "set in the environment",
        "answers": "Answers:",
    },
    "ru": {
        "certificate": "пока нет доверия",
        "role": "ai.languageModels.user",
        "key": "не принял ключ",
        "quota": "закончились",
        "environment": "задан в окружении",
        "answers": "Отвечает:",
    },
}


@pytest.fixture(params=SIZES)
def page(browser: Browser, scenario: Scenario, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        locale=scenario.browser_locale, viewport=SIZES[request.param], reduced_motion="reduce"
    )
    yield from watched_page(context, request.node)


def picture(page: Page, test: pytest.Item, name: str) -> None:
    """Keep how it looks in both themes."""
    ARTIFACTS.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(150)
        page.screenshot(path=ARTIFACTS / f"{test.name}-{name}-{theme}.png")
    page.emulate_media(color_scheme="light")


def failure(page: Page, words: str) -> Locator:
    """The sentence that explains what went wrong."""
    return page.get_by_role("alert").filter(has_text=words)


@pytest.mark.failed_request(502)
def test_yandexgpt_is_connected_explained_and_answers(
    stack: Stack, page: Page, scenario: Scenario, request: pytest.FixtureRequest
) -> None:
    chat, words = ChatPage(page, stack.web_url), WORDS[scenario.locale]
    models = [f"gpt://{YANDEX_FOLDER}/{name}/latest" for name in ("yandexgpt", "yandexgpt-lite")]
    with ProviderServer(models, kind="yandexgpt") as yandex:
        chat.open_new_chat()
        page.get_by_test_id("provider-card-yandexgpt").click()
        page.get_by_test_id("yandexgpt-folder-input").fill("b1gsomebodyelse")
        page.get_by_test_id("yandexgpt-key-input").fill(YANDEX_KEY)
        page.locator("summary").click()
        page.get_by_test_id("yandexgpt-url-input").fill(yandex.base_url)
        page.get_by_test_id("server-connect").click()
        expect(failure(page, words["role"])).to_be_visible()
        picture(page, request.node, "role")
        page.get_by_test_id("yandexgpt-folder-input").fill(YANDEX_FOLDER)
        page.get_by_test_id("server-connect").click()
        expect(page.get_by_test_id("connected-server")).to_contain_text("YandexGPT")
        expect(page.get_by_test_id("provider-picker")).to_contain_text("yandexgpt")
        picture(page, request.node, "connected")
        answer = chat.say(scenario.ask)
        expect(answer).to_contain_text("".join(ANSWER))
        assert yandex.completions[0]["model"] == models[0]
        # Money runs out: the person learns what to do, and the key is nowhere on the page.
        yandex.refuse = (402, "Payment Required")
        broke = chat.send(scenario.follow_up)
        expect(broke).to_have_attribute("data-status", "failed")
        expect(broke.get_by_test_id("answer-notice")).to_contain_text(words["quota"])
        picture(page, request.node, "quota")
        assert YANDEX_KEY not in page.content()


@pytest.mark.failed_request(502)
def test_gigachat_needs_its_certificate_then_answers(
    stack: Stack,
    page: Page,
    scenario: Scenario,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    chat, words = ChatPage(page, stack.web_url), WORDS[scenario.locale]
    authority, cert, key = make_certificates(tmp_path)
    with ProviderServer(["GigaChat-2", "GigaChat-2-Max"], "gigachat", (cert, key)) as gigachat:
        chat.open_new_chat()
        page.get_by_test_id("provider-card-gigachat").click()
        page.get_by_test_id("gigachat-key-input").fill(GIGACHAT_KEY)
        page.locator("summary").click()
        page.get_by_test_id("gigachat-url-input").fill(gigachat.base_url)
        page.get_by_test_id("gigachat-auth-url-input").fill(f"{gigachat.origin}/api/v2/oauth")
        page.get_by_test_id("server-connect").click()
        expect(failure(page, words["certificate"])).to_be_visible()
        picture(page, request.node, "certificate")
        page.get_by_test_id("gigachat-certificate-input").set_input_files(authority)
        page.get_by_test_id("server-connect").click()
        expect(page.get_by_test_id("connected-server")).to_contain_text("GigaChat")
        answer = chat.say(scenario.ask)
        expect(answer).to_contain_text("".join(ANSWER))
        system = [message["role"] for message in gigachat.completions[0]["messages"]]
        assert system[0] == "system"
        assert system.count("system") == 1
        assert gigachat.tokens == 1


@pytest.mark.failed_request(502)
def test_a_server_with_many_models_is_searched_checked_and_changed(
    stack: Stack, page: Page, scenario: Scenario, request: pytest.FixtureRequest
) -> None:
    chat, words = ChatPage(page, stack.web_url), WORDS[scenario.locale]
    models = [f"maker-{number % 7}/model-{number}" for number in range(120)]
    with ProviderServer(models) as server:
        chat.open_new_chat()
        page.get_by_test_id("provider-card-openai").click()
        page.get_by_test_id("server-url-input").fill(server.base_url)
        page.get_by_test_id("server-connect").click()
        expect(page.get_by_test_id("connected-server")).to_be_visible()
        page.get_by_test_id("model-search-open").click()
        page.get_by_test_id("model-search-input").fill("99 maker")
        expect(page.get_by_test_id("model-search-option")).to_have_count(1)
        picture(page, request.node, "search")
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("provider-picker")).to_contain_text("model-99")

        # From the header too; the menu shows a few and searches the rest.
        page.get_by_test_id("provider-picker").click()
        picture(page, request.node, "menu")
        page.get_by_role("menuitem").filter(has_text="120").click()
        page.get_by_test_id("model-search-input").fill("model-42")
        page.get_by_test_id("model-search-option").click()
        expect(page.get_by_test_id("provider-picker")).to_contain_text("model-42")

        page.get_by_test_id("server-check").click()
        expect(page.get_by_test_id("server-check-result")).to_contain_text(words["answers"])
        page.get_by_test_id("server-edit").click()
        page.get_by_test_id("server-edit-name").fill("Archive")
        page.get_by_test_id("server-edit-key").fill("sk-browser-secret")
        page.get_by_test_id("server-edit-window").fill("100")
        picture(page, request.node, "edit")
        page.get_by_test_id("server-edit-window").fill("4096")
        page.get_by_test_id("server-edit-save").click()
        expect(page.get_by_test_id("server-edit-form")).to_have_count(0)
        expect(page.get_by_test_id("connected-server")).to_contain_text("Archive")
        assert server.keys[-1] == "Bearer sk-browser-secret"
        assert "sk-browser-secret" not in page.content()
    # It is gone now: the check says so.
    page.get_by_test_id("server-check").click()
    expect(page.get_by_test_id("server-check-result")).not_to_contain_text(words["answers"])
    expect(page.get_by_test_id("server-problem")).to_be_visible()


def test_a_key_in_the_environment_is_shown_as_such(
    browser: Browser, scenario: Scenario, page: Page, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    words = WORDS[scenario.locale]
    with ProviderServer([f"gpt://{YANDEX_FOLDER}/yandexgpt/latest"], kind="yandexgpt") as yandex:
        environment = {
            "RAGGEN_YANDEXGPT_API_KEY": YANDEX_KEY,
            "RAGGEN_YANDEXGPT_FOLDER": YANDEX_FOLDER,
            "RAGGEN_YANDEXGPT_BASE_URL": yandex.base_url,
        }
        stack = Stack(tmp_path / "data", env=environment).start()
        try:
            chat = ChatPage(page, stack.web_url)
            chat.open_new_chat()
            page.get_by_test_id("provider-card-yandexgpt").click()
            server = page.get_by_test_id("connected-server")
            expect(server).to_contain_text(words["environment"])
            expect(page.get_by_test_id("server-edit")).to_have_count(0)
            picture(page, request.node, "environment")
            server.get_by_role("button").first.click()
            expect(page.get_by_test_id("provider-picker")).to_have_attribute(
                "data-provider", "env-yandexgpt"
            )
            expect(chat.say(scenario.ask)).to_contain_text("".join(ANSWER))
            assert YANDEX_KEY not in (stack.data_dir / "up.log").read_text(errors="replace")
        finally:
            page.goto("about:blank")  # It would complain about a server that is gone.
            stack.stop()
