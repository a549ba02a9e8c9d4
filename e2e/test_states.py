"""Every state of a page that no other test dresses: axe has no objection, in either theme.

One walk a dress: states follow each other in one tab, and all objections are told at its end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.accessibility import expect_accessible
from e2e.dress import ARTIFACTS, VIEWPORTS, dressed
from e2e.said import SaidChat
from e2e.scenario import Scenario
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack

MARKDOWN = """# Garden plan

A **bold** word, an *aside*, `code`, ~~gone~~, H~2~O, a [link](https://example.org/garden)
and [one that runs](javascript:alert(1)). ![A tree](https://example.org/tree.png)

- [x] dig
- [ ] plant
  1. oak
  2. birch

> Whoever plants a tree does not plant it for himself.

| tree | height | note |
|---|---:|---|
| oak | 20 m | a long note that makes the table wider than a phone is, and then some more of it |

```python
def plant(tree: str) -> None:
    print(f"planted {tree}", "and a line that is so long that it has to scroll sideways in a phone")
```

Said before.[^1]

[^1]: In spring.
"""
# How answers end when not well: the code that the database holds, and the status beside it.
ENDINGS = {
    "interrupted": ("interrupted", None),
    "refused": ("failed", "provider_content_filter"),
    "no-money": ("failed", "provider_quota"),
    "length": ("complete", "provider_length"),
    "unknown": ("failed", "some_code_of_a_later_raggen"),
}


@dataclass(frozen=True)
class Written:
    """raggen with one chat whose answer is rich, and where its database is."""

    stack: Stack
    model: ScriptedModel
    chat: SaidChat

    @property
    def database(self) -> Path:
        return self.stack.data_dir / "raggen.db"

    def end_last_answer(self, status: str, code: str | None) -> None:
        """Let the chat's answer have ended otherwise."""
        with sqlite3.connect(self.database, timeout=30) as connection:
            connection.execute(
                "UPDATE Message SET status = ?, errorCode = ? WHERE chatId = ? AND role <> 'user'",
                (status, code, self.chat.chat_id),
            )
        connection.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    stack = Stack(tmp_path_factory.mktemp("states") / "data").start()
    with ScriptedModel(lambda _: MARKDOWN) as model:
        model.connect(stack.web_url)
        chat = SaidChat(stack.web_url)
        chat.say("What shall we plant?")
        yield Written(stack, model, chat)
    stack.stop()


@dataclass
class Walk:
    """One tab that goes from state to state and notes what axe says."""

    page: Page
    dress: str
    objections: list[str] = field(default_factory=list)

    def look(self, state: str) -> None:
        """Keep a picture of this state in each theme, and let axe look at it."""
        folder = ARTIFACTS / "states"
        folder.mkdir(parents=True, exist_ok=True)
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            self.page.screenshot(path=folder / f"{state}-{self.dress}-{theme}.png")
            try:
                expect_accessible(self.page, f"{state} {theme}")
            except AssertionError as error:
                self.objections.append(str(error))

    def open_list(self) -> None:
        """On a phone the list of chats is in a drawer."""
        if self.page.get_by_test_id("sidebar-open").is_visible():
            self.page.get_by_test_id("sidebar-open").click()
        expect(self.page.get_by_test_id("chat-list").filter(visible=True)).to_be_visible()


def see_answers(walk: Walk, written: Written) -> None:
    """A rich answer, and all the ways in which one ends."""
    page = walk.page
    page.goto(written.chat.url)
    answer = page.get_by_test_id("message-assistant")
    expect(answer.locator("table")).to_be_visible()
    page.get_by_test_id("conversation").evaluate("each => each.scrollTo(0, 0)")
    walk.look("markdown")
    answer.get_by_test_id("receipt-open").scroll_into_view_if_needed()
    walk.look("markdown-end")
    for name, (status, code) in ENDINGS.items():
        written.end_last_answer(status, code)
        page.reload()
        expect(page.get_by_test_id("answer-notice")).to_be_visible()
        walk.look(f"ended-{name}")
    written.end_last_answer("complete", None)


def see_unanswered(walk: Walk, written: Written) -> None:
    """The server does not take a message; its text stays, and why is said."""
    page = walk.page
    page.route("**/api/chats/*/messages", lambda route: route.abort())
    page.get_by_test_id("composer-input").fill("Is anybody there?")
    page.get_by_test_id("composer-send").click()
    expect(page.get_by_test_id("composer-failure")).to_be_visible()
    walk.look("unsent")
    page.unroute("**/api/chats/*/messages")
    page.get_by_test_id("composer-input").fill("")


def see_list(walk: Walk, written: Written) -> None:
    """The list of chats with its menu, a chat renamed in it, and a list that cannot be read."""
    page = walk.page
    walk.open_list()
    walk.look("list-open")
    item = page.get_by_role("listitem").filter(has=page.get_by_test_id("chat-menu"))
    shown = item.filter(visible=True).first
    shown.hover()
    shown.get_by_test_id("chat-menu").click()
    expect(page.get_by_test_id("chat-rename")).to_be_visible()
    walk.look("chat-menu")
    page.get_by_test_id("chat-rename").click()
    expect(page.get_by_test_id("chat-rename-input").filter(visible=True)).to_be_focused()
    walk.look("renaming")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def see_answerers(walk: Walk, written: Written) -> None:
    """Who answers: the menu, each form, and what each says of an empty or wrong field."""
    page = walk.page
    page.get_by_test_id("provider-picker").click()
    expect(page.get_by_test_id("provider-option-openai")).to_be_visible()
    walk.look("answerers")
    page.get_by_test_id("provider-option-openai").click()
    for kind in ("openai", "yandexgpt", "gigachat"):
        page.get_by_test_id(f"server-kind-{kind}").click()
        expect(page.get_by_test_id("server-connect")).to_be_visible()
        walk.look(f"form-{kind}")
        page.get_by_test_id("server-connect").click()
        walk.look(f"form-{kind}-empty")
    page.get_by_test_id("server-kind-openai").click()
    page.get_by_test_id("server-url-input").fill("http://127.0.0.1:9/v1")
    page.get_by_test_id("server-connect").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    walk.look("form-unreachable")
    page.get_by_test_id("server-edit").click()
    expect(page.get_by_test_id("server-edit-form")).to_be_visible()
    walk.look("server-edit")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_test_id("provider-picker")).to_be_focused()


def see_apologies(walk: Walk, written: Written) -> None:
    """An address that is nothing, a page that broke, and a layout that broke."""
    page, url = walk.page, written.stack.web_url
    page.goto(f"{url}/there/is/no/such/page")
    walk.look("not-found")
    page.goto(f"{url}/memory")
    expect(page.get_by_test_id("memory-item").first).to_be_visible()
    nonsense = '{"items": 1, "counts": {}, "nextCursor": null}'
    page.route("**/api/memory?*", lambda route: route.fulfill(body=nonsense))
    page.get_by_test_id("memory-filter-pinned").click()
    expect(page.locator("h1")).to_have_count(1)
    page.wait_for_timeout(500)
    walk.look("crash")
    page.unroute("**/api/memory?*")


STATES: tuple[Callable[[Walk, Written], None], ...] = (
    see_answers,
    see_unanswered,
    see_list,
    see_answerers,
    see_apologies,
)


@pytest.mark.parametrize("size", VIEWPORTS)
def test_every_state_lets_everybody_in(
    written: Written, browser: Browser, scenario: Scenario, size: str
) -> None:
    context = dressed(browser, scenario, size, has_touch=size == "narrow")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    walk = Walk(page, f"{scenario.locale}-{size}")
    for see in STATES:
        see(walk, written)
    context.close()
    assert not walk.objections, "\n\n".join(walk.objections)
    assert not broken, broken
