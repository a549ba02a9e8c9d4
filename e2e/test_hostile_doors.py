"""Hostile texts through the other doors: imported, as titles, found, recalled, and in dialogs."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.dress import ARTIFACTS
from e2e.hostile import SAMPLES
from e2e.said import SaidChat
from e2e.scripted_model import ScriptedModel
from e2e.stack import ROOT, Stack
from e2e.test_hostile import Watch

# A page of raggen has none of these, wherever they stand; icons are its own SVG.
SCAN = """() => {
  const bad = []
  const active = 'iframe, object, embed, base, video, audio, img, math, marquee, dialog, '
    + 'form[action], svg image, svg a, svg use, svg style, svg animate, [popover], [ping], [srcdoc]'
  for (const found of document.querySelectorAll(active)) bad.push(found.outerHTML.slice(0, 200))
  for (const one of document.querySelectorAll('*')) {
    const handlers = one.getAttributeNames().filter(name => name.startsWith('on'))
    if (handlers.length) bad.push(one.outerHTML.slice(0, 200))
  }
  for (const link of document.querySelectorAll('[href], [src]')) {
    const to = new URL(link.getAttribute('href') ?? link.getAttribute('src'), location.href)
    const foreign = to.origin !== location.origin && to.protocol !== 'data:'
    const loads = link.tagName !== 'A' && foreign
    const runs = !/^(https?|blob|data):$/.test(to.protocol)
    if (loads || runs) bad.push(link.outerHTML.slice(0, 200))
  }
  return bad
}"""


def injections() -> list[str]:
    """The fifty of the unit tests, read by the Node that they run in."""
    script = (
        "import { INJECTIONS } from './test/injections.ts';"
        "console.log(JSON.stringify(INJECTIONS.map(([, text]) => text)))"
    )
    command = [str(ROOT / "bin/node"), "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=ROOT / "raggen-web", capture_output=True, check=True)
    found: list[str] = json.loads(done.stdout)
    assert len(found) == 50
    return found


@dataclass(frozen=True)
class Doors:
    """raggen with every hostile text imported: as a title, a question and an answer."""

    stack: Stack
    texts: list[str]
    chat_ids: list[str]


def imported(stack: Stack, texts: list[str]) -> list[str]:
    """Import one chat for each text; returns their ids."""
    said = SaidChat(stack.web_url)
    said.say("A template of a chat.")
    url = f"{stack.web_url}/api/chats/{said.chat_id}/export"
    exported = httpx.get(url, params={"format": "json"}, timeout=30).raise_for_status().json()
    template = exported["chats"][0]
    chats = []
    for text in texts:
        ids = {one["id"]: str(uuid.uuid4()) for one in template["messages"]}
        messages: list[dict[str, Any]] = [
            {
                **one,
                "id": ids[one["id"]],
                "parentId": ids.get(one["parentId"]),
                "replyToId": ids.get(one["replyToId"]),
                "text": f"garden {text}",
                "receipt": None,
            }
            for one in template["messages"]
        ]
        chats.append(
            {
                **template,
                "id": str(uuid.uuid4()),
                "title": text[:150].strip() or "untitled",
                "leafId": None,
                "messages": messages,
            }
        )
    answer = httpx.post(
        f"{stack.web_url}/api/import",
        # Escaped: half a pair of surrogates is no UTF-8.
        content=json.dumps({**exported, "chats": chats}),
        headers={"content-type": "application/json"},
        timeout=120,
    )
    assert answer.json() == {"imported": len(texts), "unchanged": 0, "skipped": []}, answer.text
    return [chat["id"] for chat in chats]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    stack = Stack(tmp_path_factory.mktemp("doors") / "data").start()
    with ScriptedModel() as model:
        model.connect(stack.web_url)
        texts = [*SAMPLES, *injections()]
        chat_ids = imported(stack, texts)
        stack.wait_until_remembered(180)
        yield Doors(stack, texts, chat_ids)
    stack.stop()


def scan(page: Page, where: str) -> None:
    """Fail on anything in the page that acts, loads or leads elsewhere by itself."""
    found = page.evaluate(SCAN)
    assert not found, f"{where}: {found}"


def see_dialogs(page: Page) -> None:
    """Memory's rows and what opens from them: correcting and forgetting."""
    page.get_by_test_id("memory-correct").first.click()
    expect(page.get_by_test_id("memory-correction")).to_be_visible()
    scan(page, "correct")
    page.keyboard.press("Escape")
    page.get_by_test_id("memory-forget").first.click()
    expect(page.get_by_test_id("memory-forget-confirm")).to_be_visible()
    scan(page, "forget")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_memory_and_the_list_of_chats_show_texts(doors: Doors, browser: Browser) -> None:
    watch = Watch(browser, "en-GB", doors.stack.web_url)
    page = watch.page
    page.goto(f"{doors.stack.web_url}/memory")
    expect(page.get_by_test_id("memory-item").first).to_be_visible()
    content = page.locator("#content")
    seen = 0
    while True:
        scan(page, "memory")
        place = page.get_by_test_id("memory-item").last.get_attribute("aria-posinset")
        if int(place or 0) >= 2 * len(doors.texts):
            break
        seen += 1
        assert seen < 150, f"the list ended at {place}"
        content.evaluate("each => each.scrollBy(0, 900)")
        page.wait_for_timeout(80)
    content.evaluate("each => each.scrollTo(0, 0)")
    see_dialogs(page)
    # Every title stands in the sidebar, and there alone as a text.
    page.get_by_test_id("chat-list").first.evaluate("each => each.scrollTo(0, each.scrollHeight)")
    scan(page, "list")
    assert not watch.incidents, watch.incidents
    watch.context.close()


def test_what_is_found_and_recalled_is_text(doors: Doors, browser: Browser) -> None:
    watch = Watch(browser, "ru-RU", doors.stack.web_url)
    page = watch.page
    page.goto(doors.stack.web_url)
    expect(page.get_by_test_id("composer-input")).to_be_focused()
    page.keyboard.press("Control+k")
    for sought in ("garden onerror", "javascript", "evil.example", "ignore", "<script>", "svg"):
        page.get_by_test_id("search-input").fill(sought)
        expect(page.get_by_test_id("search-message").first).to_be_visible(timeout=15_000)
        page.wait_for_timeout(400)
        scan(page, f"search {sought}")
    page.keyboard.press("Escape")

    page.get_by_test_id("chat-settings-open").click()
    page.get_by_test_id("setting-preview").get_by_role("switch").click()
    page.keyboard.press("Escape")
    page.get_by_test_id("composer-input").fill("garden <script>hit(1)</script> onerror img svg")
    page.get_by_test_id("composer-send").click()
    preview = page.get_by_test_id("preview")
    expect(preview.get_by_test_id("receipt-message").last).to_be_visible()
    expect(preview.get_by_test_id("context-item").first).to_be_visible()
    scan(page, "preview")
    page.screenshot(path=ARTIFACTS / "hostile-preview.png")
    preview.get_by_test_id("preview-send").click()
    answer = page.get_by_test_id("message-assistant")
    expect(answer).to_have_attribute("data-status", "complete", timeout=60_000)
    answer.get_by_test_id("receipt-open").click()
    expect(page.get_by_test_id("receipt").get_by_test_id("receipt-message").last).to_be_visible()
    scan(page, "receipt")
    page.keyboard.press("Escape")
    answer.get_by_test_id("context-indicator").click()
    expect(answer.get_by_test_id("context-item").first).to_be_visible()
    scan(page, "context")
    assert not watch.incidents, watch.incidents
    watch.context.close()


def test_imported_chats_run_nothing(doors: Doors, browser: Browser) -> None:
    """Some opened: test_hostile looks at all samples as messages, here they came in a file."""
    watch = Watch(browser, "en-GB", doors.stack.web_url)
    page = watch.page
    for chat_id in doors.chat_ids[::25]:
        page.goto(f"{doors.stack.web_url}/chats/{chat_id}")
        expect(page.get_by_test_id("message-user")).to_be_visible()
        scan(page, chat_id)
    assert not watch.incidents, watch.incidents
    watch.context.close()


def test_exported_markdown_is_to_read_and_does_not_come_back(doors: Doors) -> None:
    for chat_id, text in zip(doors.chat_ids[::15], doors.texts[::15], strict=True):
        answer = httpx.get(
            f"{doors.stack.web_url}/api/chats/{chat_id}/export",
            params={"format": "markdown"},
            timeout=30,
        )
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "garden" in answer.text, text
        again = httpx.post(
            f"{doors.stack.web_url}/api/import",
            content=answer.content,
            headers={"content-type": "application/json"},
            timeout=30,
        )
        assert again.status_code == 422, again.text
