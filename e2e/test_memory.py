"""The memory page: what is remembered is found, corrected, excluded, pinned and forgotten."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.chat_page import ChatPage
from e2e.dress import ARTIFACTS, VIEWPORTS, dressed, in_both_themes
from e2e.scenario import SCENARIOS, Scenario
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack

PICTURES = ARTIFACTS / "memory"


@dataclass(frozen=True)
class Governed:
    """What is said of the dog once somebody corrected it, and how that is recognised."""

    corrected: str
    sign: str
    aside: str


GOVERNED = {
    "en": Governed(
        "My dog is called Archie, he is afraid of vacuum cleaners.",
        "vacuum cleaners",
        "Write a limerick about Portugal.",
    ),
    "ru": Governed(
        "Мою собаку зовут Арчи, он боится пылесоса.",
        "пылесоса",
        "Сочини частушку про Португалию.",
    ),
}


@pytest.fixture(params=VIEWPORTS)
def sized_page(
    browser: Browser, scenario: Scenario, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page in the scenario's language, wide and narrow."""
    context = dressed(browser, scenario, request.param)
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"end-{request.node.name}.png")
    context.close()
    assert not complaints, complaints


def tell(stack: Stack, text: str) -> None:
    """Say something in a chat of its own, past the browser."""
    path = f"{stack.web_url}/api/chats/{uuid.uuid4()}/messages"
    message = {"message": {"id": str(uuid.uuid4()), "text": text}, "trigger": "submit"}
    httpx.post(path, json=message, timeout=60).raise_for_status()


def open_memory(page: Page, stack: Stack) -> None:
    """Go to the memory page and wait until it can be used."""
    page.goto(f"{stack.web_url}/memory")
    expect(page.get_by_test_id("memory-search")).to_be_editable()


def row(page: Page, text: str) -> Locator:
    """The row whose message has this text."""
    return page.get_by_test_id("memory-item").filter(has_text=text)


def test_memory_is_found_corrected_excluded_and_forgotten(
    stack: Stack, sized_page: Page, scenario: Scenario, request: pytest.FixtureRequest
) -> None:
    page, told = sized_page, GOVERNED[scenario.locale]
    dress = request.node.callspec.id
    chat = ChatPage(page, stack.web_url)
    open_memory(page, stack)
    expect(page.get_by_test_id("memory-empty")).to_be_visible()
    in_both_themes(page, f"memory-empty-{dress}")

    for sentence in (*scenario.small_talk, scenario.tell):
        tell(stack, sentence)
    stack.wait_until_remembered()
    open_memory(page, stack)
    expect(page.get_by_test_id("memory-item")).to_have_count(3)
    expect(page.get_by_test_id("memory-filter-all")).to_have_attribute("data-count", "3")
    in_both_themes(page, f"memory-list-{dress}")

    # Found by its meaning, and the best first.
    page.get_by_test_id("memory-search").fill(scenario.ask)
    expect(page.get_by_test_id("memory-found")).to_be_visible()
    expect(page.get_by_test_id("memory-item").first).to_contain_text(scenario.quoted)
    in_both_themes(page, f"memory-search-{dress}")
    page.get_by_test_id("memory-search").press("Escape")
    expect(page.get_by_test_id("memory-search")).to_have_value("")

    # Corrected: recalled as corrected, while the chat keeps what was said.
    row(page, scenario.quoted).get_by_test_id("memory-correct").click()
    page.get_by_test_id("memory-correction").fill(told.corrected)
    in_both_themes(page, f"memory-correct-{dress}")
    page.get_by_test_id("memory-save").click()
    corrected = row(page, told.sign)
    expect(corrected.get_by_test_id("memory-mark-corrected")).to_be_visible()
    expect(corrected.get_by_test_id("memory-said")).to_contain_text(scenario.quoted)
    stack.wait_until_remembered()
    chat.open_new_chat()
    expect(chat.say(scenario.ask)).to_contain_text(told.sign)

    # Excluded: not recalled; and recalled again.
    open_memory(page, stack)
    row(page, told.sign).get_by_test_id("memory-exclude").click()
    expect(row(page, told.sign).get_by_test_id("memory-mark-excluded")).to_be_visible()
    expect(page.get_by_test_id("memory-filter-excluded")).to_have_attribute("data-count", "1")
    in_both_themes(page, f"memory-excluded-{dress}")
    chat.open_new_chat()
    answer = chat.say(scenario.ask)
    expect(answer).not_to_contain_text(told.sign)
    open_memory(page, stack)
    page.get_by_test_id("memory-filter-excluded").click()
    expect(page.get_by_test_id("memory-item")).to_have_count(1)
    row(page, told.sign).get_by_test_id("memory-exclude").click()
    expect(row(page, told.sign).get_by_test_id("memory-mark-excluded")).to_have_count(0)

    # Forgotten, and proved so.
    page.get_by_test_id("memory-filter-all").click()
    row(page, told.sign).first.get_by_test_id("memory-forget").click()
    in_both_themes(page, f"memory-forget-{dress}")
    page.get_by_test_id("memory-forget-confirm").click()
    proof = page.get_by_test_id("memory-proof")
    expect(proof).to_have_attribute("data-gone", "true", timeout=30_000)
    for place in ("item", "search", "outbox", "receipts"):
        expect(proof.get_by_test_id(f"proof-{place}")).to_have_attribute("data-state", "done")
    expect(proof.get_by_test_id("proof-search")).to_contain_text(told.sign)
    in_both_themes(page, f"memory-proof-{dress}")
    page.get_by_test_id("memory-proof-close").click()
    expect(page.get_by_test_id("memory-item").filter(has_text=told.sign)).to_have_count(0)
    page.get_by_test_id("memory-search").fill(told.sign)
    expect(page.get_by_test_id("memory-found")).to_be_visible()
    expect(page.get_by_test_id("memory-item").filter(has_text=told.sign)).to_have_count(0)
    chat.open_new_chat()
    expect(chat.say(scenario.ask)).not_to_contain_text(told.sign)
    page.goto(f"{stack.web_url}/memory?state=forgotten")
    expect(page.get_by_test_id("forgotten-state")).to_have_attribute("data-state", "gone")
    in_both_themes(page, f"memory-forgotten-{dress}")


def test_what_is_pinned_is_in_every_prompt(
    stack: Stack, sized_page: Page, scenario: Scenario
) -> None:
    page, aside = sized_page, GOVERNED[scenario.locale].aside
    tell(stack, scenario.tell)
    stack.wait_until_remembered()
    with ScriptedModel(lambda _: "Good.") as model:
        model.connect(stack.web_url)
        open_memory(page, stack)
        row(page, scenario.quoted).get_by_test_id("memory-pin").click()
        expect(row(page, scenario.quoted).get_by_test_id("memory-mark-pinned")).to_be_visible()
        chat = ChatPage(page, stack.web_url)
        chat.open_new_chat()
        chat.say(aside)
        assert any(scenario.quoted in prompt[-1]["content"] for prompt in model.prompts)
        open_memory(page, stack)
        page.get_by_test_id("memory-filter-pinned").click()
        expect(page.get_by_test_id("memory-item")).to_have_count(1)
        row(page, scenario.quoted).get_by_test_id("memory-pin").click()
        expect(row(page, scenario.quoted).get_by_test_id("memory-mark-pinned")).to_have_count(0)
        model.prompts.clear()
        chat.open_new_chat()
        chat.say(aside)
        assert not any(scenario.quoted in prompt[-1]["content"] for prompt in model.prompts)


def test_forgetting_waits_for_a_memory_service_that_hangs(
    stack: Stack, sized_page: Page, scenario: Scenario, request: pytest.FixtureRequest
) -> None:
    page = sized_page
    tell(stack, scenario.tell)
    stack.wait_until_remembered()
    open_memory(page, stack)
    pid = stack.embed_pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        row(page, scenario.quoted).get_by_test_id("memory-forget").click()
        page.get_by_test_id("memory-erase-chat").check()
        page.get_by_test_id("memory-forget-confirm").click()
        proof = page.get_by_test_id("memory-proof")
        expect(proof.get_by_test_id("proof-item")).to_have_attribute(
            "data-state", "waiting", timeout=20_000
        )
        expect(proof.get_by_test_id("proof-outbox")).to_have_attribute("data-state", "waiting")
        expect(proof.get_by_test_id("proof-receipts")).to_have_attribute("data-state", "done")
        in_both_themes(page, f"memory-waiting-{request.node.callspec.id}")
    finally:
        os.kill(pid, signal.SIGCONT)
    expect(proof).to_have_attribute("data-gone", "true", timeout=90_000)
    page.get_by_test_id("memory-proof-close").click()
    page.get_by_test_id("memory-item").get_by_test_id("memory-jump").click()
    expect(page.get_by_text(scenario.quoted)).to_have_count(0)


def fill(database: Path, count: int) -> None:
    """Write `count` remembered messages into the chats' database, past raggen."""
    chat, now = str(uuid.uuid4()), datetime(2026, 5, 8, tzinfo=UTC)
    at = [(now + timedelta(seconds=n)).isoformat(timespec="milliseconds") for n in range(count)]
    with sqlite3.connect(database, timeout=30) as db:
        db.execute(
            'INSERT INTO "Chat" ("id", "title", "createdAt", "updatedAt") VALUES (?, ?, ?, ?)',
            (chat, "Long", at[0], at[-1]),
        )
        ids = [str(uuid.uuid4()) for _ in range(count)]
        db.executemany(
            'INSERT INTO "Message" ("id", "chatId", "seq", "session", "role", "text", "status",'
            ' "indexable", "createdAt", "updatedAt") VALUES (?, ?, ?, 1, ?, ?, ?, 1, ?, ?)',
            [
                (ids[n], chat, n + 1, "user", f"Sentence {n}. " * 20, "complete", at[n], at[n])
                for n in range(count)
            ],
        )
        db.executemany(
            'INSERT INTO "Embedding" ("messageId", "state", "version") VALUES (?, \'indexed\', 1)',
            [(one,) for one in ids],
        )


@pytest.mark.parametrize("told_in", SCENARIOS[:1], ids=lambda scenario: scenario.locale)
def test_ten_thousand_messages_are_turned_over_quickly(
    stack: Stack, browser: Browser, told_in: Scenario
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    fill(stack.data_dir / "raggen.db", 10_000)
    with httpx.Client(base_url=stack.web_url, timeout=30) as client:
        took = []
        cursor: str | None = None
        for _ in range(40):
            started = time.perf_counter()
            params = {"limit": "60"} | ({"cursor": cursor} if cursor else {})
            found = client.get("/api/memory", params=params).raise_for_status().json()
            took.append(time.perf_counter() - started)
            cursor = found["nextCursor"]
            assert found["counts"]["remembered"] == 10_000
    times = f"median {sorted(took)[20] * 1e3:.0f} ms, worst {max(took) * 1e3:.0f} ms"
    (PICTURES / "pages-of-ten-thousand.txt").write_text(times)
    assert sorted(took)[20] < 0.5, times
    context = browser.new_context(
        locale=told_in.browser_locale, viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    open_memory(page, stack)
    content = page.locator("#content")
    for _ in range(12):
        content.evaluate("each => each.scrollTo(0, each.scrollHeight)")
        page.wait_for_timeout(300)
        assert page.get_by_test_id("memory-item").count() < 60
    place = page.get_by_test_id("memory-item").last.get_attribute("aria-posinset")
    assert place is not None
    assert int(place) > 300
    assert page.get_by_test_id("memory-item").last.get_attribute("aria-setsize") == "10000"
    # By keyboard alone: arrows move, Space selects, Delete asks.
    content.evaluate("each => each.scrollTo(0, 0)")
    page.get_by_test_id("memory-select").first.focus()
    for _ in range(15):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(60)
    page.keyboard.press("Space")
    expect(page.get_by_test_id("memory-selection")).to_have_attribute("data-count", "1")
    in_both_themes(page, "memory-selected-en-wide")
    page.keyboard.press("Delete")
    expect(page.get_by_test_id("memory-forget-confirm")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("memory-select-all").click()
    page.get_by_test_id("memory-exclude-selected").click()
    expect(page.get_by_test_id("memory-filter-excluded")).not_to_have_attribute("data-count", "0")
    context.close()
