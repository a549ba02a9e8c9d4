"""What the load is made of: vectors, searches, whole chats, and every other route."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from benchmarks import texts, web
from benchmarks.archive import remembering
from benchmarks.asking import Services, converse
from benchmarks.browser import Browser, called
from benchmarks.rising.climb import Climb
from benchmarks.rising.gauges import Gauges
from benchmarks.rising.knee import is_hopeless
from benchmarks.rising.sizes import Sizes
from benchmarks.rising.steps import Step
from benchmarks.routes import Caller, Known, whole

OWNER: Final = "local"  # raggen-web's in raggen-embed
READ_SECONDS: Final = 30


@dataclass(frozen=True)
class Scenario:
    """Who does what to which service."""

    name: str
    users: str  # a class in programs/rising_users.py
    host: str


SCENARIOS: Final = (
    Scenario("vectorise", "Vectoriser", "raggen-embed"),
    Scenario("search", "Searcher", "raggen-embed"),
    Scenario("chat", "Chatter", "raggen-web"),
    Scenario("routes", "Visitor", "raggen-web"),
)


@dataclass(frozen=True)
class Running:
    """Both services with their memory, the instant model, and the means to load them."""

    services: Services
    climb: Climb
    sizes: Sizes

    def rising(self, scenario: Scenario, until: Any) -> Iterator[Step]:
        """Steps, the lowest first, until one is hopeless or ``until()`` says that time is up."""
        levels = self.sizes.clients[scenario.name]
        known = asyncio.run(self._known(levels)) if scenario.users == "Visitor" else {}
        for clients in levels:
            if until():
                return
            more = {"owner": OWNER, "known": known.get(clients, [])}
            step = self.climb.step(scenario.users, scenario.host, clients, more)
            yield step
            if is_hopeless(step):
                return

    def whole(self) -> dict[str, float]:
        """Seconds of the calls that carry everything that is remembered."""
        return asyncio.run(self._whole())

    async def _whole(self) -> dict[str, float]:
        async with Browser(self.services.web) as browser:
            known = Known([], [], [], [], iter(()), self.services.model)
            return await whole(Caller(browser, known))

    async def _known(self, levels: tuple[int, ...]) -> dict[int, list[dict[str, Any]]]:
        """For each client of each step: its chats, messages that it may forget, and an answer."""
        most = max(levels)
        questions = texts.asked(seed=71)
        await converse(self.services, [next(questions) for _ in range(most)], most, 0)
        async with Browser(self.services.web) as browser:
            listed = [one["id"] for one in (await called(browser, "GET", "/api/chats"))["chats"]]
            archived = [chat for chat in listed if chat.startswith("archive-")]
            others = [chat for chat in listed if chat not in archived]
            answers = [await _answer(browser, chat) for chat in others[:most]]
            half = len(archived) // 2
            said: list[str] = []
            for chat in archived[half:]:
                told = await called(browser, "GET", f"/api/chats/{chat}")
                said += [one["id"] for one in told["messages"]]
        share = len(said) // len(levels)
        return {
            clients: [
                {
                    "chats": archived[:half][client::most],
                    "messages": said[number * share : (number + 1) * share][client::clients],
                    "answers": [answers[client]],
                    "answered": [others[client]],
                    "model": self.services.model,
                }
                for client in range(clients)
            ]
            for number, clients in enumerate(levels)
        }


async def _answer(browser: Browser, chat: str) -> str:
    told = await called(browser, "GET", f"/api/chats/{chat}")
    mine: list[str] = [one["id"] for one in told["messages"] if one["role"] == "assistant"]
    return mine[-1]


@contextmanager
def started(folder: Path, sizes: Sizes) -> Iterator[Running]:
    """raggen as it is run, with a memory; stopped on leaving."""
    with remembering(folder, sizes.remembered) as stack, web.instant_model(folder) as model:
        urls = {name: str(stack.ready["urls"][name]) for name in ("web", "embed")}
        ports = {name: int(url.rpartition(":")[2]) for name, url in urls.items()}
        pids = {f"raggen-{name}": int(stack.ready["pids"][name]) for name in ("web", "embed")}
        pids["instant model"] = _child("benchmarks.programs.instant_model")
        services = Services(ports["web"], ports["embed"], model, pids)
        asyncio.run(web.connect(services))
        hosts = {f"raggen-{name}": url for name, url in urls.items()}
        with (
            httpx.Client(base_url=hosts["raggen-web"], timeout=READ_SECONDS) as page,
            httpx.Client(base_url=hosts["raggen-embed"], timeout=READ_SECONDS) as embed,
        ):
            gauges = Gauges(page, embed)
            climb = Climb(folder, hosts, pids, gauges, sizes.seconds, sizes.warm)
            yield Running(services, climb, sizes)


def described(steps: list[Step]) -> list[Mapping[str, Any]]:
    """As the report's file has them."""
    return [step.as_json() for step in steps]


def _child(module: str) -> int:
    """The process of ours that runs a module."""
    return next(one.pid for one in psutil.Process().children() if module in one.cmdline())
