"""What a page is seen in: its language, its width and its theme."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from e2e.accessibility import expect_accessible
from e2e.scenario import Scenario
from e2e.stack import ROOT

ARTIFACTS = ROOT / "artifacts"
VIEWPORTS = {"wide": (1280, 800), "narrow": (390, 844)}


def dressed(browser: Browser, scenario: Scenario, size: str, **options: Any) -> BrowserContext:
    """A browser's context in the scenario's language at one width, where nothing moves by itself.

    `options` go to Playwright's `new_context` as they are.
    """
    width, height = VIEWPORTS[size]
    return browser.new_context(
        locale=scenario.browser_locale,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        **options,
    )


def check_page(page: Page, name: str) -> None:
    """Keep a picture, and let axe look for what keeps people out."""
    folder = ARTIFACTS / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")
    expect_accessible(page, name)


def in_both_themes(page: Page, name: str) -> None:
    """A picture in each theme, and axe in each; the page is light afterwards."""
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.wait_for_timeout(200)  # Colours fade from one theme to the other.
        check_page(page, f"{name}-{theme}")
