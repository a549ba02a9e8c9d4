"""Thumbs and golden questions, from the page to the figures, with the real raggen-embed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.chat_page import ChatPage
from e2e.dress import in_both_themes
from e2e.scenario import Scenario
from e2e.stack import ROOT, Stack


def quality(stack: Stack, path: str = "", *, post: bool = False) -> Any:
    """What a route of /api/quality says."""
    method = "POST" if post else "GET"
    answer = httpx.request(method, f"{stack.web_url}/api/quality{path}", timeout=30)
    return answer.raise_for_status().json()


def command(stack: Stack, *options: str) -> tuple[int, str]:
    """Run `raggen quality` beside this raggen; its exit code and what it shows."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "raggen_cli",
            "quality",
            "--data-dir",
            str(stack.data_dir),
            *options,
        ],
        cwd=ROOT / "raggen-cli",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def expect_pressed(thumbs: Locator, up: str, down: str) -> None:
    """Which of two thumbs is pressed."""
    expect(thumbs.get_by_test_id("thumb-up")).to_have_attribute("aria-pressed", up)
    expect(thumbs.get_by_test_id("thumb-down")).to_have_attribute("aria-pressed", down)


def below(answer: Locator) -> Locator:
    """The thumbs of the answer itself."""
    return answer.locator("footer").get_by_test_id("thumbs")


def put_hints_away(tab: Page) -> None:
    """Leave the buttons: the hint over one is no part of the page."""
    tab.get_by_test_id("composer-input").focus()
    tab.mouse.move(0, 0)
    expect(tab.get_by_role("tooltip")).to_have_count(0)


def test_thumbs_and_golden_questions(
    tmp_path: Path, tab: Page, scenario: Scenario, size: str
) -> None:
    stack = Stack(tmp_path / "data").start()
    try:
        rated(stack, tab, scenario, f"quality-{scenario.locale}-{size}")
        marked(stack, tab, scenario, f"golden-{scenario.locale}-{size}")
    finally:
        stack.stop()


def rated(stack: Stack, tab: Page, scenario: Scenario, name: str) -> None:
    """Ask about what was said before; rate the answer and what it stood on."""
    chat = ChatPage(tab, stack.web_url)
    chat.open_new_chat()
    chat.say(scenario.tell)
    stack.wait_until_remembered()
    chat.open_new_chat()
    answer = chat.say(scenario.ask)
    below(answer).get_by_test_id("thumb-down").focus()
    tab.keyboard.press("Enter")
    expect_pressed(below(answer), "false", "true")
    below(answer).get_by_test_id("thumb-up").click()
    expect_pressed(below(answer), "true", "false")
    item = chat.open_context(answer).first
    item.get_by_test_id("thumb-up").click()
    expect_pressed(item.get_by_test_id("thumbs"), "true", "false")
    put_hints_away(tab)
    in_both_themes(tab, name)

    tab.wait_for_load_state("networkidle")
    tab.reload()
    answer = tab.get_by_test_id("message-assistant").first
    expect_pressed(below(answer), "true", "false")
    item = chat.open_context(answer).first
    expect_pressed(item.get_by_test_id("thumbs"), "true", "false")
    found = quality(stack)
    assert found["answers"] == 2
    assert found["withContext"] == 1
    assert found["thumbs"] == {"up": 1, "down": 0}
    assert found["itemThumbs"] == {"up": 1, "down": 0}


def set_least_relevance(stack: Stack, least: float | None) -> None:
    """A change for the worse: nothing is relevant enough."""
    url = f"{stack.web_url}/api/settings"
    defaults = httpx.get(url, timeout=10).raise_for_status().json()["defaults"]
    defaults["context"]["minRelevance"] = least
    httpx.put(url, json=defaults, timeout=10).raise_for_status()


def marked(stack: Stack, tab: Page, scenario: Scenario, name: str) -> None:
    """Mark the question as golden, ask memory again, and take the mark back in the settings."""
    answer = tab.get_by_test_id("message-assistant").first
    answer.get_by_test_id("golden-open").click()
    dialog = tab.get_by_test_id("golden")
    expect(dialog.get_by_test_id("golden-choice").first).to_be_checked()
    in_both_themes(tab, name)
    dialog.get_by_test_id("golden-save").click()
    expect(dialog).to_be_hidden()
    replay = quality(stack, "/replay", post=True)
    assert replay["recall"] == 1
    assert replay["mrr"] == 1
    [question] = replay["questions"]
    assert question["expected"][0]["relevance"] == pytest.approx(
        question["expected"][0]["relevanceBefore"], abs=0.1
    )

    before = stack.data_dir / "before.json"
    code, shown = command(stack, "--replay", "--json", "--save", str(before))
    assert (code, json.loads(shown)["replay"]["recall"]) == (0, 1)
    set_least_relevance(stack, 1.0)
    code, shown = command(stack, "--compare", str(before))
    assert code == 1, shown
    assert "-1.000" in shown
    set_least_relevance(stack, None)
    assert command(stack, "--compare", str(before))[0] == 0

    tab.goto(f"{stack.web_url}/settings")
    row = tab.get_by_test_id("golden-row")
    expect(row).to_contain_text(scenario.ask)
    row.scroll_into_view_if_needed()
    in_both_themes(tab, f"{name}-list")
    row.get_by_test_id("golden-remove").click()
    expect(row).to_have_count(0)
    assert quality(stack, "/replay", post=True)["questions"] == []
