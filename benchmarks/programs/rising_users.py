"""What Locust's clients do while the load rises; a step names one of these classes.

What was seen is written to a file: each call's name, milliseconds and error, without those that
ended before everybody was warm.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

from locust import FastHttpUser, constant, events, task

from benchmarks import texts
from benchmarks.browser import Browser
from benchmarks.routes import Caller, Known

PLAN = json.loads(Path(os.environ["LOAD_PLAN"]).read_text("utf-8"))
SEEN: list[tuple[str, float, str | None]] = []
CLOCK = {"began": 0.0, "ended": 0.0}
RESULTS = 8
TURNS = 10  # of a chat, then another one begins
FAILED = 400
WITHOUT_MEMORY = "answered without memory"
NUMBERS = count()


@dataclass
class Counted:
    """Texts that no other step has had: a cache would answer those."""

    texts: Iterator[str]
    taken: int = 0

    def __iter__(self) -> Iterator[str]:
        """Return itself."""
        return self

    def __next__(self) -> str:
        """The next one."""
        self.taken += 1
        return next(self.texts)


SENTENCES = texts.Sentences("latin", 51).sentences()
TEXTS = Counted(
    islice(SENTENCES if PLAN["users"] == "Vectoriser" else texts.asked(), PLAN["skip"], None)
)


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def _began(**_: object) -> None:
    CLOCK["began"] = time.monotonic()
    Path(PLAN["began"]).write_text(str(CLOCK["began"]))


@events.request.add_listener  # type: ignore[untyped-decorator]
def _kept(name: str, response_time: float, exception: Exception | None, **_: object) -> None:
    if PLAN["warm"] <= time.monotonic() - CLOCK["began"] <= PLAN["warm"] + PLAN["seconds"]:
        SEEN.append((name, response_time, repr(exception)[:160] if exception else None))


@events.quitting.add_listener  # type: ignore[untyped-decorator]
def _written(**_: object) -> None:
    Path(PLAN["out"]).write_text(json.dumps({"seen": SEEN, "taken": TEXTS.taken}), "utf-8")


class Client(FastHttpUser):  # type: ignore[misc]
    """Sends its next request when it has its answer."""

    abstract = True
    wait_time = constant(0)
    network_timeout = 30.0
    connection_timeout = 30.0


class Vectoriser(Client):
    """Has texts made into vectors."""

    @task  # type: ignore[untyped-decorator]
    def embed(self) -> None:
        """One text a request."""
        self.client.post("/api/v1/embed", json={"text": next(TEXTS)})


class Searcher(Client):
    """Searches as raggen-web does."""

    @task  # type: ignore[untyped-decorator]
    def search(self) -> None:
        """Ask a question that nobody has asked."""
        body = {"text": next(TEXTS), "owner": PLAN["owner"], "k": RESULTS}
        self.client.post("/api/v1/search", json=body)


class Chatter(Client):
    """Holds chats with a model that answers at once."""

    def on_start(self) -> None:
        """Begin a chat."""
        self.chat, self.turns = str(uuid.uuid4()), 0

    @task  # type: ignore[untyped-decorator]
    def ask(self) -> None:
        """Ask, and read the answer to its end."""
        body = {"message": {"id": str(uuid.uuid4()), "text": next(TEXTS)}}
        name = "POST /api/chats/:id/messages"
        with self.client.post(
            f"/api/chats/{self.chat}/messages", json=body, name=name, catch_response=True
        ) as answer:
            told = answer.text or ""
            if answer.status_code >= FAILED or '"type":"finish"' not in told:
                answer.failure(f"{answer.status_code} {told[-120:]}")
            elif '"state":"unavailable"' in told:
                answer.failure(WITHOUT_MEMORY)
        self.turns += 1
        if self.turns == TURNS:
            self.on_start()


class RefusedError(Exception):
    """A call was; Locust has counted it."""


@dataclass
class ClientCaller(Caller):
    """Calls every route with Locust's client."""

    client: Any = None

    async def call(self, route: str, path: str, body: Any = None) -> Any:
        """As Caller's; nothing is awaited, as gevent switches by itself."""
        sent = {} if body is None else {"json": body}
        method = route.split()[0]
        with self.client.request(method, path, name=route, catch_response=True, **sent) as answer:
            told = answer.text or ""
            if not 0 < answer.status_code < FAILED:
                answer.failure(f"{answer.status_code} {told[:120]}")
                raise RefusedError
        return json.loads(told) if told[:1] in {"{", "["} else None


class Visitor(Client):
    """Calls every route that waits for no model, in chats of its own."""

    def on_start(self) -> None:
        """Take chats and messages that nobody else has."""
        self.number = 0
        known = Known(**PLAN["known"][next(NUMBERS)], questions=TEXTS)
        self.caller = ClientCaller(Browser(0), known, client=self.client)

    @task  # type: ignore[untyped-decorator]
    def visit(self) -> None:
        """Every route once; what comes after a refusal is left out."""
        with suppress(RefusedError):
            _driven(self.caller.round(self.number))
        self.number += 1


def _driven(work: Coroutine[Any, Any, None]) -> None:
    """Run what waits for nothing, without an event loop."""
    try:
        work.send(None)
    except StopIteration:
        return
    raise RuntimeError("it waits for something")
