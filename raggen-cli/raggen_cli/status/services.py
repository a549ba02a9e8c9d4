"""What both services say about themselves, and what the system says about their processes."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psutil

from raggen_cli import ports, probe
from raggen_cli.checks.running import json_of
from raggen_cli.probe import Reply
from raggen_cli.settings import Settings

# The counts behind it take milliseconds, but the machine may be busy.
SECONDS = 5.0


@dataclass(frozen=True)
class Process:
    """The process that listens on a service's port; None in each place where nobody tells us."""

    pid: int | None = None
    resident_bytes: int | None = None
    uptime_seconds: int | None = None


@dataclass(frozen=True)
class Service:
    """One service.

    Args:
        state: ready, starting (it lives, and cannot work yet) or down.
    """

    state: str
    process: Process
    version: str | None = None


@dataclass(frozen=True)
class Services:
    """Everything that was asked for.

    Args:
        statistics: raggen-web's own (/api/statistics); None where it does not answer.
        items, models: raggen-embed's; it tells them to those alone who have its key.
        local_model: of the demonstration model; None while it sleeps.
    """

    web: Service
    embed: Service
    statistics: dict[str, Any] | None
    items: int | None
    models: tuple[str, ...]
    local_model: Process | None


def process_on(port: int) -> Process:
    """Return what the system says about whoever listens on a port."""
    holder = ports.holder(port) if port else None
    if holder is None:
        return Process()
    try:
        found = psutil.Process(holder.pid)
        uptime = max(0, int(time.time() - found.create_time()))
        return Process(holder.pid, found.memory_info().rss, uptime)
    except psutil.Error:
        return Process(holder.pid)


def local_model(settings: Settings) -> Process | None:
    """Return the process of the local model's server; None while it sleeps.

    It is a child of `raggen up`, which listens in its place and starts it when somebody asks.
    """
    door = ports.holder(settings.local_model_port)
    if door is None:
        return None
    try:
        for child in psutil.Process(door.pid).children():
            if child.name() == "llama-server":
                uptime = max(0, int(time.time() - child.create_time()))
                return Process(child.pid, child.memory_info().rss, uptime)
    except psutil.Error:
        return None
    return None


def state_of(alive: Reply | None, ready: Reply | None) -> str:
    """Return a service's state by its two pages."""
    if json_of(alive).get("status") != "ok":
        return "down"
    return "ready" if ready is not None and ready.status == 200 else "starting"


def headers_for(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what shows raggen-embed's key, where the environment has it."""
    keys = environment.get("RAGGEN_EMBED_API_KEYS", "").split(",")
    key = environment.get("RAGGEN_EMBED_API_KEY") or keys[0].strip()
    return {"Authorization": f"Bearer {key}"} if key else {}


async def _ask(settings: Settings, key: Mapping[str, str]) -> list[Reply | None]:
    web, embed = settings.web_port, settings.embed_port
    return list(
        await asyncio.gather(
            probe.get(web, "/healthz", SECONDS),
            probe.get(web, "/readyz", SECONDS),
            probe.get(web, "/api/statistics", SECONDS),
            probe.get(embed, "/healthz", SECONDS),
            probe.get(embed, "/readyz", SECONDS, key),
            probe.get(embed, "/openapi.json", SECONDS, key),
        )
    )


def ask(settings: Settings, environment: Mapping[str, str]) -> Services:
    """Ask both services at once; those that are down cost no time."""
    replies = asyncio.run(_ask(settings, headers_for(environment)))
    web_alive, web_ready, statistics, embed_alive, embed_ready, description = replies
    told = json_of(statistics)
    said = json_of(embed_ready)
    info = json_of(description).get("info")
    models = (said.get("model"), said.get("multilingual_model"))
    items = said.get("items")
    return Services(
        web=Service(
            state_of(web_alive, web_ready),
            process_on(settings.web_port),
            str(told["version"]) if "version" in told else None,
        ),
        embed=Service(
            state_of(embed_alive, embed_ready),
            process_on(settings.embed_port),
            str(info["version"]) if isinstance(info, dict) and "version" in info else None,
        ),
        statistics=told if "outbox" in told else None,
        items=items if isinstance(items, int) else None,
        models=tuple(str(model) for model in models if model),
        local_model=local_model(settings) if settings.local_model_port else None,
    )
