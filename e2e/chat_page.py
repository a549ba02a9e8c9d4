"""The chat as a person uses it; the test ids are listed in raggen-web/src/components/README.md."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

ANSWER_MS = 60_000


@dataclass(frozen=True)
class ChatPage:
    """A tab with raggen open."""

    page: Page
    url: str

    def open_new_chat(self) -> None:
        """Start a chat that knows nothing of the ones before."""
        self.page.goto(self.url)
        expect(self.page.get_by_test_id("composer-input")).to_be_editable()

    def send(self, text: str) -> Locator:
        """Send `text`; returns the answer that is to come."""
        answers = self.page.get_by_test_id("message-assistant")
        before = answers.count()
        self.page.get_by_test_id("composer-input").fill(text)
        self.page.get_by_test_id("composer-send").click()
        return answers.nth(before)

    def say(self, text: str) -> Locator:
        """Send `text`, wait for the answer to be complete, and return the answer."""
        answer = self.send(text)
        expect(answer).to_have_attribute("data-status", "complete", timeout=ANSWER_MS)
        expect(self.page).to_have_url(re.compile(r"/chats/[0-9a-f-]{36}$"))
        return answer

    def choose_provider(self, option: str) -> None:
        """Pick who answers, by the provider's id."""
        self.page.get_by_test_id("provider-picker").click()
        self.page.get_by_test_id(f"provider-option-{option}").click()

    def expect_memory(self, answer: Locator, state: str, count: int) -> None:
        """The answer's context indicator says this."""
        indicator = answer.get_by_test_id("context-indicator")
        expect(indicator).to_have_attribute("data-state", state)
        expect(indicator).to_have_attribute("data-count", str(count))

    def open_context(self, answer: Locator) -> Locator:
        """Open the indicator; returns the items that were used."""
        answer.get_by_test_id("context-indicator").click()
        return self.page.get_by_test_id("context-panel").get_by_test_id("context-item")
