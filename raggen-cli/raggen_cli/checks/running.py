"""What runs on this machine: raggen's services and their ports, and other model servers."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass

from raggen_cli import ports, probe
from raggen_cli.finding import Finding, Status, Text
from raggen_cli.probe import Reply
from raggen_cli.settings import Settings

# Where people's own model servers usually listen; all of them list their models at /v1/models.
SERVERS = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000}


@dataclass(frozen=True)
class Service:
    """A service of raggen on its port, with the option that moves it."""

    id: str
    name: str
    port: int
    option: str


def check(text: Text, settings: Settings, *, is_ours: bool) -> Iterator[Finding]:
    """Ask the services and the usual local servers.

    Args:
        is_ours: whether a raggen with this data runs, so that its ports are rightly taken.
    """
    embed = Service("embed", "raggen-embed", settings.embed_port, "--embed-port")
    web = Service("web", "raggen-web", settings.web_port, "--port")
    model = Service(
        "local_model", text("local_model"), settings.local_model_port, "--local-model-port"
    )
    for service in (web, embed, model):
        if service.port:
            yield port(text, service, is_ours=is_ours)
    yield service_health(text, settings, embed)
    yield service_health(text, settings, web)
    yield servers(text)


def port(text: Text, service: Service, *, is_ours: bool) -> Finding:
    """Look at whether a service's port is free, or taken by raggen itself."""
    name = text("check_port", port=service.port, name=service.name)
    row_id = f"port_{service.id}"
    if not ports.is_taken(service.port):
        return Finding(row_id, "ok", name, text("found_port_free"))
    if is_ours:
        return Finding(row_id, "ok", name, text("found_port_raggen"))
    holder = ports.holder(service.port)
    found = (
        text("found_port_taken_by", name=holder.name, pid=holder.pid)
        if holder
        else text("found_port_taken")
    )
    do = text("do_port", option=service.option, free=ports.free())
    return Finding(row_id, "fail", name, found, do)


def json_of(reply: Reply | None) -> dict[str, object]:
    """Return an answer's JSON object, empty where it is none."""
    try:
        found = json.loads(reply.body) if reply else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def service_health(text: Text, settings: Settings, service: Service) -> Finding:
    """Ask a service whether it lives, whether it is ready, and what it has."""
    alive, ready, description = asyncio.run(
        ask(service.port, "/healthz", "/readyz", "/openapi.json")
    )
    title = text(f"check_{service.id}")
    if not service.port or json_of(alive).get("status") != "ok":
        return Finding(service.id, "ok", title, text("found_not_running"))
    status: Status = "ok"
    found, do = text("found_running"), ""
    if ready is None or ready.status != 200:
        log = settings.logs_dir / f"{service.id}.log"
        status, found, do = "warn", text("found_running_not_ready"), text("do_not_ready", log=log)
    elif service.id == "embed":
        info = json_of(description).get("info")
        version = info.get("version", "?") if isinstance(info, dict) else "?"
        items = json_of(ready).get("items", "?")
        found = text("found_running_items", version=version, items=items)
    return Finding(service.id, status, title, found, do)


async def ask(port: int, *paths: str) -> list[Reply | None]:
    """Ask one port for several pages at once."""
    return list(await asyncio.gather(*(probe.get(port, path) for path in paths)))


async def ask_servers() -> dict[str, Reply | None]:
    """Ask the usual local servers for their models, all at once."""
    replies = await asyncio.gather(
        *(probe.get(port, "/v1/models", seconds=0.4) for port in SERVERS.values())
    )
    return dict(zip(SERVERS, replies, strict=True))


def servers(text: Text) -> Finding:
    """Name the model servers that answer on their usual ports."""
    answers = asyncio.run(ask_servers())
    there = [
        name for name, reply in answers.items() if isinstance(json_of(reply).get("data"), list)
    ]
    found = ", ".join(there) if there else text("found_no_servers")
    return Finding("servers", "ok", text("check_servers"), found)
