"""raggen behind nginx, and what tests say to it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from e2e.nginx import NAME, Nginx
from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack


@dataclass(frozen=True)
class Behind:
    """raggen, the model that answers, and nginx in front."""

    stack: Stack
    model: ScriptedModel
    nginx: Nginx


@contextmanager
def running(folder: Path) -> Iterator[Behind]:
    """Start both services, the model and nginx; stop them all at the end."""
    variables = {
        "RAGGEN_WEB_ALLOWED_HOSTS": NAME,
        "RAGGEN_WEB_TRUSTED_PROXIES": "127.0.0.1",
        "RAGGEN_WEB_LOG_LEVEL": "debug",
    }
    stack = Stack(folder / "data", variables).start()
    try:
        with ScriptedModel() as model:
            model.connect(stack.web_url)
            nginx = Nginx(folder / "nginx", stack.web_url.removeprefix("http://")).start()
            try:
                yield Behind(stack, model, nginx)
            finally:
                nginx.stop()
    finally:
        stack.stop()


def body_of(text: str) -> dict[str, Any]:
    """A message to post."""
    return {"message": {"id": str(uuid.uuid4()), "text": text}, "trigger": "submit"}


def new_chat() -> str:
    """Where to post to a chat that does not exist yet."""
    return f"/api/chats/{uuid.uuid4()}/messages"


def error_of(response: httpx.Response) -> dict[str, Any]:
    """The error that a response holds, in the form of raggen's own."""
    error: dict[str, Any] = response.json()["error"]
    assert re.fullmatch(r"[\w-]{1,64}", error["requestId"])
    return error


def heavier(exported: dict[str, Any], megabytes: int) -> dict[str, Any]:
    """The same chats under other ids, whose receipts are many megabytes."""
    text = json.dumps(exported)
    ids = {found for chat in exported["chats"] for found in re.findall(r'"id": "([^"]+)"',
           json.dumps(chat))}  # fmt: skip
    for old in ids:
        text = text.replace(old, str(uuid.uuid4()))
    copy: dict[str, Any] = json.loads(text)
    receipts = [
        message["receipt"]
        for chat in copy["chats"]
        for message in chat["messages"]
        if message.get("receipt")
    ]
    receipts[0]["messages"] += [{"role": "user", "content": "слово " * 100_000}] * megabytes
    return copy
