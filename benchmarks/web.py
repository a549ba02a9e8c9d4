"""raggen-web with 10,000 remembered messages: what it adds before a provider's first token while
ten chats ask at once, and how long every other route takes."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks import texts
from benchmarks.archive import remembering
from benchmarks.asking import Asking, Services, converse
from benchmarks.browser import Browser, called
from benchmarks.peers import ROOT
from benchmarks.processes import OutOfTimeError, running
from benchmarks.programs.instant_model import MODEL
from benchmarks.routes import Caller, Known, whole
from benchmarks.rows import Row, at_most
from benchmarks.samples import percentile
from benchmarks.sizes import Sizes

ADDED_P95_MS: Final = 60
ROUTE_P99_MS: Final = 100
START_SECONDS: Final = 20
# Seconds from one question of a chat to its next; a person takes longer.
EVERY: Final = 2.0
WARM_ROUNDS: Final = 3
CHATS: Final = 10
GOVERNED: Final = 30  # chats whose messages are pinned, corrected and forgotten


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """Rows of ten chats with a pause and without one, and one of each other route."""
    with remembering(folder, sizes.remembered) as stack, instant_model(folder) as model:
        ready = stack.ready["urls"]
        web, embed = (int(str(ready[name]).rpartition(":")[2]) for name in ("web", "embed"))
        pids = {f"raggen-{name}": int(stack.ready["pids"][name]) for name in ("web", "embed")}
        return asyncio.run(_measured(Services(web, embed, model, pids), sizes))


async def _measured(services: Services, sizes: Sizes) -> list[Row]:
    questions = texts.asked()
    await connect(services)
    await _ask(services, questions, CHATS * WARM_ROUNDS, 0)
    thoughtful = await _ask(services, questions, sizes.chat_questions, EVERY)
    closed = await _ask(services, questions, sizes.chat_questions, 0)
    async with Browser(services.web) as browser:
        alone = await _caller(browser, services, questions)
        await _rounds(alone, range(-WARM_ROUNDS, 0))
        alone.took.clear()
        await _rounds(alone, range(sizes.route_calls))
        everything = await whole(alone)
        mixed = await _caller(browser, services, questions)
        beside, _ = await asyncio.gather(
            # As many as the rounds last, more or less.
            _ask(services, questions, sizes.chat_questions, EVERY),
            _rounds(mixed, range(sizes.route_calls, 2 * sizes.route_calls)),
        )
    memory = f"{sizes.remembered:,} remembered messages"
    return [
        *_chat_rows(thoughtful, closed, beside, memory),
        *_route_rows(alone.took, mixed.took, memory),
        Row("web, all of memory", everything["GET /api/export s"], "s", None, everything, memory),
    ]


def _chat_rows(thoughtful: Asking, closed: Asking, mixed: Asking, memory: str) -> list[Row]:
    who = f"{memory}, {CHATS} chats"
    rows = (
        ("web, before the first token: p95", thoughtful, f"each asks every {EVERY:g} s"),
        ("web, the same without a pause: p95", closed, "a closed loop: the next question at once"),
        (
            "web, the same beside other routes: p95",
            mixed,
            f"every {EVERY:g} s; one more calls routes",
        ),
    )
    return [
        Row(
            name,
            asking.percentiles("added")[95],
            "ms",
            at_most(ADDED_P95_MS) if asking is thoughtful else None,
            asking.beside,
            f"{who}; {how}",
        )
        for name, asking, how in rows
    ]


def _route_rows(
    alone: Mapping[str, Sequence[float]], mixed: Mapping[str, Sequence[float]], memory: str
) -> list[Row]:
    target = at_most(ROUTE_P99_MS)
    rows = [
        Row(
            f"web, {route}: p99",
            _p(alone[route], 99),
            "ms",
            target,
            {
                **{f"p{share} ms": _p(alone[route], share) for share in (50, 95)},
                **{
                    f"while chats ask p{share} ms": _p(mixed[route], share)
                    for share in (50, 95, 99)
                },
                "calls": len(alone[route]),
            },
            f"{memory}; one call at a time",
        )
        for route in alone
    ]
    return sorted(rows, key=lambda row: -row.value)


def _p(values: Sequence[float], share: float) -> float:
    return round(percentile(values, share), 1)


async def _ask(services: Services, questions: Iterator[str], how_many: int, every: float) -> Asking:
    some = [next(questions) for _ in range(how_many)]
    return await converse(services, some, CHATS, every)


async def _rounds(caller: Caller, numbers: range) -> None:
    for number in numbers:
        await caller.round(number)


async def connect(services: Services) -> None:
    """Let the instant model answer from now on."""
    url = f"http://127.0.0.1:{services.model}/v1"
    server = {"kind": "openai", "name": "Instant", "baseUrl": url}
    async with Browser(services.web) as browser:
        added = await called(browser, "POST", "/api/providers", server)
        chosen = {"providerId": added["provider"]["id"], "model": MODEL}
        await called(browser, "PUT", "/api/selection", chosen)


async def _caller(browser: Browser, services: Services, questions: Iterator[str]) -> Caller:
    """A caller that knows the archive's chats and the answers to what was asked just now."""
    chats = [chat["id"] for chat in (await called(browser, "GET", "/api/chats"))["chats"]]
    archived = [chat for chat in chats if chat.startswith("archive-")]
    answers, answered, messages = [], [], []
    for chat in [chat for chat in chats if chat not in archived][:CHATS]:
        said: list[dict[str, Any]] = (await called(browser, "GET", f"/api/chats/{chat}"))[
            "messages"
        ]
        mine = [one["id"] for one in said if one["role"] == "assistant"]
        answers += mine
        answered += [chat] * len(mine)
    # Enough of them that no message is forgotten twice.
    apart = min(GOVERNED, len(archived) // 2)
    for chat in archived[-apart:]:
        said = (await called(browser, "GET", f"/api/chats/{chat}"))["messages"]
        messages += [one["id"] for one in said]
    known = Known(archived[:-apart], messages, answers, answered, questions, services.model)
    return Caller(browser, known)


@contextmanager
def instant_model(folder: Path) -> Iterator[int]:
    """The port of a provider that answers at once."""
    log = folder / "instant-model.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.programs.instant_model"]
    with running(command, log, {"PYTHONPATH": str(ROOT)}):
        deadline = time.monotonic() + START_SECONDS
        while not (told := log.read_text("utf-8").strip()):
            if time.monotonic() > deadline:
                raise OutOfTimeError("the instant model did not start")
            time.sleep(0.05)
        yield int(told)
