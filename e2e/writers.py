"""People who write in many chats at once, over HTTP, and a ledger of what raggen took from them."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

# A refused connection is asked again after this; raggen-web may be starting.
PAUSE_SECONDS = 0.1
TOPICS = (
    "the garden",
    "my bicycle",
    "the lighthouse",
    "Archie the dog",
    "мой отпуск",
    "ремонт крыши",
)


@dataclass(frozen=True)
class Said:
    """One message that raggen took: it answered 200, so it was stored."""

    chat: str
    message: str
    text: str
    # Until the first word of the answer; None: cut off before it.
    first_token_s: float | None
    # What memory gave: used, unavailable, …; None: cut off before it.
    memory: str | None
    finished: bool


@dataclass
class Writers:
    """Threads that say something, read the answer, and say the next thing."""

    url: str
    count: int
    # Between an answer and the next message of the same person.
    pause_s: float = 0.0
    said: list[Said] = field(default_factory=list)
    # Posts that got no response at all: they may have been stored, or not.
    unsure: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._write, args=(number,)) for number in range(self.count)
        ]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(90)
        assert not any(thread.is_alive() for thread in self._threads), "a writer hangs"

    def since(self, start: int) -> list[Said]:
        """What was taken from the ``start``-th message on."""
        with self._lock:
            return self.said[start:]

    def _write(self, number: int) -> None:
        chat, turn = str(uuid.uuid4()), 0
        with httpx.Client(base_url=self.url, timeout=60) as http:
            while not self._stopping.is_set():
                turn += 1
                if turn % 8 == 0:
                    chat = str(uuid.uuid4())
                topic, mark = TOPICS[turn % len(TOPICS)], uuid.uuid4().hex[:6]
                text = f"Note {number}-{turn} about {topic}: {mark}."
                if not self._say(http, chat, str(uuid.uuid4()), text):
                    chat = str(uuid.uuid4())
                self._stopping.wait(self.pause_s)

    def _say(self, http: httpx.Client, chat: str, message: str, text: str) -> bool:
        """Whether this chat can go on: after a cut, its answer may still be open."""
        body = {"message": {"id": message, "text": text}}
        started = time.monotonic()
        memory: str | None = None
        first: float | None = None
        finished = taken = False
        try:
            with http.stream("POST", f"/api/chats/{chat}/messages", json=body) as response:
                if response.status_code != 200:
                    time.sleep(PAUSE_SECONDS)
                    return False
                taken = True
                for event in _events(response):
                    if event["type"] == "data-memory":
                        memory = event["data"]["state"]
                    if event["type"] == "text-delta" and first is None:
                        first = time.monotonic() - started
                    finished = finished or event["type"] == "finish"
        except httpx.HTTPError:
            time.sleep(PAUSE_SECONDS)
        with self._lock:
            if taken:
                self.said.append(Said(chat, message, text, first, memory, finished))
            elif not finished:
                self.unsure[message] = text
        return finished


def _events(response: httpx.Response) -> Any:
    for line in response.iter_lines():
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))
