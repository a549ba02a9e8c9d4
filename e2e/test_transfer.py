"""Chats as files: exported, imported elsewhere, the same there; files that nobody should trust."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from e2e.chat_page import ChatPage
from e2e.conftest import watched_page
from e2e.dress import VIEWPORTS, check_page, dressed
from e2e.scenario import SCENARIOS, Scenario
from e2e.stack import Stack

IMPORT_MS = 60_000
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> [x](javascript:alert(3))"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Stack]:
    """A raggen with a conversation in both languages."""
    stack = Stack(tmp_path_factory.mktemp("here") / "data").start()
    for scenario in SCENARIOS:
        context = browser.new_context(locale=scenario.browser_locale)
        chat = ChatPage(context.new_page(), stack.web_url)
        chat.open_new_chat()
        chat.say(scenario.tell)
        stack.wait_until_remembered()
        chat.open_new_chat()
        chat.say(scenario.ask)
        context.close()
    stack.wait_until_remembered()
    yield stack
    stack.stop()


@pytest.fixture(params=VIEWPORTS, ids=str)
def mover(request: pytest.FixtureRequest, browser: Browser, scenario: Scenario) -> Iterator[Page]:
    """A page in the scenario's language, wide and narrow."""
    context = dressed(browser, scenario, request.param, accept_downloads=True)
    yield from watched_page(context, request.node)


def open_data(page: Page, stack: Stack) -> None:
    """Open the section of the settings that is about one's data."""
    page.goto(f"{stack.web_url}/settings#data")
    page.get_by_test_id("data-section").scroll_into_view_if_needed()


def watched_dialogs(page: Page) -> list[str]:
    """The messages of the dialogs that scripts will have opened."""
    messages: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        messages.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    return messages


def chats_of(file: Path) -> list[dict[str, Any]]:
    """What an exported file holds, by the chats' ids."""
    content = json.loads(file.read_text())
    assert content["format"] == "raggen-chats"
    return sorted(content["chats"], key=lambda chat: str(chat["id"]))


def export_all(page: Page, stack: Stack, to: Path) -> list[dict[str, Any]]:
    """Click "download all chats"; returns the chats."""
    open_data(page, stack)
    with page.expect_download() as download:
        page.get_by_test_id("export-all").click()
    assert download.value.suggested_filename.startswith("raggen-")
    download.value.save_as(to)
    return chats_of(to)


def test_everything_moves_to_another_raggen(
    here: Stack, mover: Page, scenario: Scenario, tmp_path: Path
) -> None:
    page, file = mover, tmp_path / "all.json"
    chats = export_all(page, here, file)
    assert len(chats) >= 4
    said = [message["text"] for chat in chats for message in chat["messages"]]
    assert scenario.tell in said
    assert any(message["receipt"] for chat in chats for message in chat["messages"])
    assert any(message["context"] for chat in chats for message in chat["messages"])

    there = Stack(tmp_path / "there").start()
    try:
        open_data(page, there)
        page.get_by_test_id("import-file").set_input_files(file)
        result = page.get_by_test_id("import-result")
        expect(result).to_contain_text(str(len(chats)), timeout=IMPORT_MS)
        assert export_all(page, there, tmp_path / "again.json") == chats

        # Again: nothing is doubled, and it says so.
        page.get_by_test_id("import-file").set_input_files(file)
        expect(page.get_by_test_id("import-imported")).to_be_visible(timeout=IMPORT_MS)
        assert export_all(page, there, tmp_path / "twice.json") == chats

        # What was imported is remembered.
        there.wait_until_remembered()
        chat = ChatPage(page, there.web_url)
        chat.open_new_chat()
        answer = chat.say(scenario.ask)
        quoted = re.compile("|".join(re.escape(one.quoted) for one in SCENARIOS))
        expect(answer.locator("blockquote").first).to_contain_text(quoted)
    finally:
        page.goto("about:blank")  # An open page would miss the server that goes.
        there.stop()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", VIEWPORTS)
def test_files_that_are_none(
    here: Stack,
    browser: Browser,
    scenario: Scenario,
    size: str,
    theme: str,
    tmp_path: Path,
) -> None:
    scheme = "dark" if theme == "dark" else "light"
    context = dressed(browser, scenario, size, color_scheme=scheme)
    page = context.new_page()
    dialogs = watched_dialogs(page)
    dress = f"{scenario.locale}-{size}-{theme}"
    before = export_all(page, here, tmp_path / "before.json")
    check_page(page, f"data-{dress}")

    broken = tmp_path / "broken.json"
    broken.write_text("<!doctype html><p>no chats")
    page.get_by_test_id("import-file").set_input_files(broken)
    expect(page.get_by_test_id("import-failed")).to_be_visible(timeout=IMPORT_MS)

    changed = json.loads(json.dumps(before[0]))
    changed["messages"][0]["text"] = "Something else was said."
    circle = {**before[0], "id": "circle-1234", "title": HOSTILE, "leafId": None}
    circle["messages"] = [
        {**message, "parentId": before[0]["messages"][-1]["id"]} for message in circle["messages"]
    ]
    mixed = tmp_path / "mixed.json"
    mixed.write_text(
        json.dumps({"format": "raggen-chats", "version": 1, "chats": [changed, circle, before[1]]})
    )
    page.get_by_test_id("import-file").set_input_files(mixed)
    expect(page.get_by_test_id("import-skipped")).to_have_count(2, timeout=IMPORT_MS)
    expect(page.get_by_test_id("import-skipped").last).to_contain_text(HOSTILE)
    page.get_by_test_id("import-result").scroll_into_view_if_needed()
    check_page(page, f"import-skipped-{dress}")
    assert export_all(page, here, tmp_path / "after.json") == before
    assert dialogs == []
    context.close()


def test_a_large_file_comes_in_whole_and_a_hostile_text_stays_text(
    here: Stack, mover: Page, scenario: Scenario, tmp_path: Path
) -> None:
    page, template = mover, export_all(mover, here, tmp_path / "some.json")[0]
    name = f"large-{scenario.locale}-{mover.evaluate('window.innerWidth')}"
    message = next(one for one in template["messages"] if one["role"] == "user")
    chats = [
        {
            **template,
            "id": f"{name}-chat-{number:04}",
            "title": f"{HOSTILE} {number}",
            "leafId": None,
            "messages": [
                {
                    **message,
                    "id": f"{name}-message-{number:04}",
                    "parentId": None,
                    "indexable": False,
                    "text": f"{HOSTILE} {'x' * 99_000}",
                }
            ],
        }
        for number in range(60)
    ]
    file = tmp_path / "large.json"
    file.write_text(json.dumps({"format": "raggen-chats", "version": 1, "chats": chats}))
    # More than Next hands a route when it passes through a proxy file.
    assert file.stat().st_size > 5_000_000
    dialogs = watched_dialogs(page)
    open_data(page, here)
    page.get_by_test_id("import-file").set_input_files(file)
    expect(page.get_by_test_id("import-imported")).to_contain_text("60", timeout=IMPORT_MS)
    page.goto(f"{here.web_url}/chats/{chats[0]['id']}")
    expect(page.get_by_test_id("message-user").first).to_contain_text("onerror=alert(1)")
    assert dialogs == []
    page.goto("about:blank")  # An open page would miss the chat that goes.
    for chat in chats:
        deleted = httpx.delete(f"{here.web_url}/api/chats/{chat['id']}", timeout=30)
        assert deleted.status_code == 204


@pytest.mark.parametrize("kind", ["markdown", "json"])
def test_a_chat_is_exported_from_its_menu(
    here: Stack, mover: Page, scenario: Scenario, kind: str, tmp_path: Path
) -> None:
    page = mover
    page.goto(here.web_url)
    if page.evaluate("window.innerWidth") < 600:
        page.get_by_test_id("sidebar-open").click()
    item = page.locator("li").filter(has=page.get_by_role("link", name=scenario.ask)).last
    item.get_by_test_id("chat-menu").click()
    with page.expect_download() as download:
        page.get_by_test_id(f"chat-export-{kind}").click()
    file = tmp_path / "chat"
    download.value.save_as(file)
    assert scenario.ask.rstrip("?") in download.value.suggested_filename
    if kind == "json":
        [chat] = chats_of(file)
        assert chat["title"] == scenario.ask
    else:
        assert file.read_text().startswith(f"# {scenario.ask}")
        assert scenario.tell in file.read_text()


def test_another_site_cannot_import(here: Stack) -> None:
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        answer = httpx.post(
            f"{here.web_url}/api/import",
            headers={"content-type": "application/json", **headers},
            content=b'{"format":"raggen-chats","version":1,"chats":[]}',
            timeout=30,
        )
        assert answer.status_code == 403


def test_markdown_to_read(here: Stack, scenario: Scenario) -> None:
    chats = httpx.get(f"{here.web_url}/api/chats", timeout=30).json()["chats"]
    chat = next(chat for chat in chats if chat["title"] == scenario.ask)
    answer = httpx.get(
        f"{here.web_url}/api/chats/{chat['id']}/export",
        params={"format": "markdown", "timeZone": "Europe/Moscow"},
        headers={"accept-language": scenario.locale},
        timeout=30,
    )
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text.startswith(f"# {scenario.ask}")
    assert scenario.tell in answer.text
