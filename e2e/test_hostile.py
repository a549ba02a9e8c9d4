"""What models, memory and people write is shown and nothing else: it runs and loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from e2e.hostile import SAMPLES
from e2e.said import SaidChat
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack

A_CHAT = 10

ACTIVE = (
    "script, iframe, object, embed, form, style, link, meta, base, video, audio, img, math, "
    "svg image, svg a, svg use, input:not([type=checkbox]), textarea, select, dialog, "
    "[popover], [style], [ping]"
)


def in_parts(texts: tuple[str, ...], size: int) -> list[tuple[str, ...]]:
    """`texts` in order, at most `size` at a time."""
    return [texts[start : start + size] for start in range(0, len(texts), size)]


class Watch:
    """A page in which whatever runs, loads or opens something is noted."""

    def __init__(self, browser: Browser, locale: str, origin: str) -> None:
        self.incidents: list[str] = []
        self.context = browser.new_context(
            locale=locale, viewport={"width": 1280, "height": 900}, service_workers="block"
        )
        self.context.route("**/*", lambda route: self._check(route, origin))
        self.context.expose_function("hit", lambda *_: self.incidents.append("a script ran"))
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: self._note(f"dialog: {dialog.message}"))
        self.context.on("page", lambda opened: self._note(f"opened {opened.url}"))
        self.page.on("download", lambda one: self._note(f"download {one.url}"))
        self.page.on("console", self._policy)

    def _note(self, what: str) -> None:
        self.incidents.append(what)

    def _policy(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self._note(f"the policy had to stop it: {text[:200]}")

    def _check(self, route: Route, origin: str) -> None:
        url = route.request.url
        own = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" == origin
        if own or url.startswith(("data:image/svg+xml;utf8,", "blob:")):
            return route.continue_()
        self._note(f"asked {url}")
        return route.abort()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, ScriptedModel]]:
    """raggen whose model repeats what it is told."""
    stack = Stack(tmp_path_factory.mktemp("hostile") / "data").start()
    with ScriptedModel() as model:
        model.connect(stack.web_url)
        yield stack, model
    stack.stop()


# Of every message in the page: what acts in it, and links that could.
INSPECT = """active => [...document.querySelectorAll('[data-testid=messages] article')].map(one => {
  const written = one.querySelector('.markdown, [data-testid=message-user]')
  if (!written) return [one.id, []]
  const bad = [...written.querySelectorAll(active)].map(found => found.outerHTML)
  for (const part of written.querySelectorAll('*')) {
    for (const name of part.getAttributeNames()) {
      if (name.startsWith('on')) bad.push(`${part.tagName} ${name}`)
    }
  }
  for (const link of written.querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? ''
    if (!/^(https?:\\/\\/|\\/(?![\\/\\\\])|#answer-)/.test(href)) bad.push(`href ${href}`)
    if (/^https?:/.test(href) && !link.rel.includes('noopener')) bad.push(`rel of ${href}`)
  }
  return [one.id, bad]
})"""


def inspect(page: Page) -> set[str]:
    """Fail on anything that acts in the messages that are in the page; return their ids."""
    found: list[tuple[str, list[str]]] = page.evaluate(INSPECT, ACTIVE)
    acting = [(identity, bad) for identity, bad in found if bad]
    assert not acting, acting
    return {identity for identity, _ in found}


def look_at_everything(page: Page, count: int) -> None:
    """Bring every message into the page once, from the last one up, and inspect it there."""
    expect(page.get_by_test_id("messages")).to_have_attribute("data-count", str(count))
    seen: set[str] = set()
    page.get_by_test_id("conversation").hover()
    for _ in range(80):
        seen |= inspect(page)
        if len(seen) == count:
            return
        page.mouse.wheel(0, -500)
        page.wait_for_timeout(60)
    raise AssertionError(f"only {len(seen)} of {count} messages came into the page")


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_what_is_said_and_answered_runs_and_loads_nothing(
    hostile: tuple[Stack, ScriptedModel], browser: Browser, locale: str
) -> None:
    stack, _ = hostile
    watch = Watch(browser, locale, stack.web_url)
    for batch in in_parts(SAMPLES, A_CHAT):
        chat = SaidChat(stack.web_url)
        for sample in batch:
            # As a question, as an answer, as a title, and later as memory.
            chat.say(sample)
        watch.page.goto(chat.url)
        look_at_everything(watch.page, 2 * len(batch))
        assert watch.page.url.startswith(chat.url)
    watch.page.goto(f"{stack.web_url}/memory")
    watch.page.wait_for_timeout(1_000)
    assert watch.page.url.endswith("/memory")
    assert not watch.incidents, watch.incidents
    watch.context.close()


def test_half_an_answer_runs_nothing_either(
    hostile: tuple[Stack, ScriptedModel], browser: Browser
) -> None:
    """Streamed in small pieces, every prefix of the text is shown for a moment."""
    stack, model = hostile
    watch = Watch(browser, "en-GB", stack.web_url)
    page = watch.page
    model.piece, model.pause = 3, 0.02
    try:
        for batch in in_parts(SAMPLES, 34):
            text = "\n\n".join(batch)
            page.goto(stack.web_url)
            page.get_by_test_id("composer-input").fill(text)
            page.get_by_test_id("composer-send").click()
            answer = page.get_by_test_id("message-assistant").last
            expect(answer).to_have_attribute("data-status", "complete", timeout=120_000)
            inspect(page)
    finally:
        model.piece, model.pause = 24, 0.0
    assert not watch.incidents, watch.incidents
    watch.context.close()


def test_quoted_and_recalled_text_runs_nothing(
    hostile: tuple[Stack, ScriptedModel], browser: Browser, tmp_path: Path
) -> None:
    """Memory's own answerer quotes them as markdown; the list of what was used shows them."""
    stack, _ = hostile
    quoted = [
        f"My sister Nina wrote about her dog number {number}: {sample}"
        for number, sample in enumerate(SAMPLES[::8])
    ]
    teller = SaidChat(stack.web_url)
    for text in quoted:
        teller.say(text)
    stack.wait_until_remembered(120)
    watch = Watch(browser, "ru-RU", stack.web_url)
    page = watch.page
    page.goto(stack.web_url)
    page.get_by_test_id("provider-picker").click()
    page.get_by_test_id("provider-option-quotations").click()
    page.get_by_test_id("composer-input").fill("What did my sister Nina write about her dog?")
    page.get_by_test_id("composer-send").click()
    answer = page.get_by_test_id("message-assistant").last
    expect(answer).to_have_attribute("data-status", "complete", timeout=60_000)
    expect(answer.locator("blockquote").first).to_be_visible()
    inspect(page)
    answer.get_by_test_id("context-indicator").click()
    items = page.get_by_test_id("context-item")
    expect(items.first).to_be_visible()
    assert items.locator("script, iframe, img, form, style, [onclick], [onerror]").count() == 0
    assert not watch.incidents, watch.incidents
    watch.context.close()
