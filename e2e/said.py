"""Chats said through raggen's own routes, where a test is about what is shown afterwards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import httpx


@dataclass
class SaidChat:
    """One chat, without a browser."""

    web_url: str
    chat_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def say(self, text: str, **more: object) -> str:
        """Post a message and read its answer to the end; returns the question's id."""
        message_id = str(uuid.uuid4())
        body = {"message": {"id": message_id, "text": text}, "trigger": "submit", **more}
        url = f"{self.web_url}/api/chats/{self.chat_id}/messages"
        with httpx.stream("POST", url, json=body, timeout=60) as response:
            response.read()
            response.raise_for_status()
        return message_id

    @property
    def url(self) -> str:
        """Where the browser shows it."""
        return f"{self.web_url}/chats/{self.chat_id}"
