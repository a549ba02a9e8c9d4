"""Chats that ask a model through raggen-web at once: what raggen adds before the first token."""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.browser import Answer, Browser, called
from benchmarks.processes import BrokenError
from benchmarks.samples import percentile
from benchmarks.services import processor_seconds

SHARES: Final = (50, 95, 99)


@dataclass(frozen=True)
class Asked:
    """One question, in milliseconds: what raggen added in all, and its parts."""

    added: float
    # From the POST to the provider, from the provider's first token to the browser.
    outward: float
    inward: float
    retrieval: float  # within `outward`, as raggen-web times it


@dataclass
class Asking:
    """What came of many questions."""

    asked: list[Asked] = field(default_factory=list)
    memory: Counter[str] = field(default_factory=Counter)  # states of what answers stood on
    elapsed: float = 0  # seconds
    cached: float = 0  # share of the searches that were answered from a cache
    # Processor seconds of each service meanwhile: unlike the clock, they know no neighbours.
    worked: dict[str, float] = field(default_factory=dict)

    def percentiles(self, part: str) -> dict[int, float]:
        """Of ``added``, ``outward``, ``inward`` or ``retrieval``, in milliseconds."""
        values = [getattr(one, part) for one in self.asked]
        return {share: round(percentile(values, share), 1) for share in SHARES}

    @property
    def beside(self) -> dict[str, float]:
        """All figures by name."""
        parts = ("added", "outward", "retrieval", "inward")
        told = {
            f"{part} p{share} ms": value
            for part in parts
            for share, value in self.percentiles(part).items()
        }
        worked = {
            f"processor ms a question, {name}": round(1000 * seconds / len(self.asked), 1)
            for name, seconds in self.worked.items()
        }
        return (
            told
            | worked
            | {
                "questions": len(self.asked),
                "questions/s": round(len(self.asked) / self.elapsed, 1),
                "from caches %": round(100 * self.cached, 1),
                "without memory %": round(100 * self.memory["unavailable"] / len(self.asked), 1),
            }
        )


@dataclass(frozen=True)
class Services:
    """Where everything listens, on this machine."""

    web: int
    embed: int
    model: int
    pids: Mapping[str, int]  # raggen-web's and raggen-embed's

    def processor_seconds(self) -> dict[str, float]:
        """What each has taken of the processors so far."""
        return {name: processor_seconds(pid) for name, pid in self.pids.items()}


async def converse(
    services: Services, questions: Sequence[str], chats: int, every: float
) -> Asking:
    """Let ``chats`` new chats share the questions; each asks its next one as soon as it has its
    answer and, where ``every`` is not 0, so many seconds have passed since it asked the last one.

    Raises:
        BrokenError: a question was not answered.
    """
    before = await _searches(services.embed)
    asking, started = Asking(), time.monotonic()
    worked = services.processor_seconds()
    shares = [questions[number::chats] for number in range(chats)]
    seen = await asyncio.gather(
        *(
            _chat(services.web, share, every, every * number / chats, asking)
            for number, share in enumerate(shares)
        )
    )
    asking.elapsed = time.monotonic() - started
    ended = services.processor_seconds()
    asking.worked = {name: ended[name] - worked[name] for name in worked}
    async with Browser(services.model) as model:
        times = await called(model, "GET", "/times")
    for question, sent, first_text, retrieval in (one for some in seen for one in some):
        arrived, answered = times[question]
        outward, inward = 1000 * (arrived - sent), 1000 * (first_text - answered)
        asking.asked.append(Asked(outward + inward, outward, inward, retrieval))
    searches = await _searches(services.embed)
    new = {result: searches[result] - before[result] for result in searches}
    asking.cached = 1 - new["miss"] / max(1, sum(new.values()))
    return asking


async def _chat(
    port: int, questions: Sequence[str], every: float, first: float, asking: Asking
) -> list[tuple[str, float, float, float]]:
    """What was asked, when, when its first text came, and the milliseconds of its retrieval."""
    chat, seen = str(uuid.uuid4()), []
    await asyncio.sleep(first)
    async with Browser(port) as browser:
        for question in questions:
            began = time.monotonic()
            message = {"id": str(uuid.uuid4()), "text": question}
            answer = await browser.call("POST", f"/api/chats/{chat}/messages", {"message": message})
            memory, first_text = _memory(answer)
            asking.memory[memory["state"]] += 1
            seen.append((question, answer.sent, first_text, float(memory["tookMs"])))
            await asyncio.sleep(max(0, began + every - time.monotonic()))
    return seen


def _memory(answer: Answer) -> tuple[dict[str, Any], float]:
    """What a streamed answer stood on, and when its first text came.

    Raises:
        BrokenError: it is none, or did not come to its end.
    """
    parts = answer.parts
    if answer.first_text is None or parts[-1]["type"] != "finish":
        raise BrokenError(f"not answered: {answer.status} {answer.body[-300:]!r}")
    memory: dict[str, Any] = next(one for one in parts if one["type"] == "data-memory")["data"]
    return memory, answer.first_text


async def _searches(port: int) -> Counter[str]:
    """How raggen-embed answered searches so far: hit, joined, miss."""
    async with Browser(port) as browser:
        told = (await browser.call("GET", "/metrics")).body.decode()
    found = re.findall(r'cache_searches_total{result="(\w+)"} (\S+)', told)
    return Counter({result: int(float(count)) for result, count in found})
