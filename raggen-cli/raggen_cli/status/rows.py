"""The rows of the table: each says how something is, and what to do where it is not well."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from raggen_cli.disk import MEGABYTE
from raggen_cli.finding import Finding, Status, Text
from raggen_cli.status.services import Process, Service, Services
from raggen_cli.status.storage import Storage

# A busy raggen-embed takes everything within seconds, and within a minute of its return.
QUEUE_SECONDS = 300
# Less, and the next backup or migration may not fit.
FREE_BYTES = 500 * MEGABYTE
BACKUP_SECONDS = 2 * 24 * 3600
# An older failure says little about how the provider is now.
RECENT_SECONDS = 3600

Explain = Callable[[str], str]


def megabytes(count: int) -> str:
    """Return bytes as people read them: 0.4, 12, 3400."""
    value = count / MEGABYTE
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def span(text: Text, seconds: float) -> str:
    """Return a time in its largest fitting unit."""
    for key, size in (("span_days", 86400), ("span_hours", 3600), ("span_minutes", 60)):
        if seconds >= 2 * size:
            return text(key, count=int(seconds // size))
    return text("span_seconds", count=int(seconds))


def services(text: Text, found: Services, logs: object) -> Iterator[Finding]:
    """How both services are."""
    yield service(text, "web", found.web, logs)
    yield service(text, "embed", found.embed, logs)


def service(text: Text, row_id: str, one: Service, logs: object) -> Finding:
    """How one service is: its version, its process."""
    name = text(f"check_{row_id}")
    if one.state == "down":
        return Finding(row_id, "fail", name, text("status_down"), text("do_start"))
    is_ready = one.state == "ready"
    words = [text("status_ready" if is_ready else "status_starting")]
    if one.version is not None:
        words.append(one.version)
    words += process(text, one.process)
    do = "" if is_ready else text("do_not_ready", log=f"{logs}/{row_id}.log")
    return Finding(row_id, "ok" if is_ready else "fail", name, " · ".join(words), do)


def process(text: Text, one: Process) -> list[str]:
    """What the system says of a process: nothing where it says nothing."""
    words = []
    if one.uptime_seconds is not None:
        words.append(text("status_uptime", span=span(text, one.uptime_seconds)))
    if one.resident_bytes is not None:
        words.append(text("status_memory", megabytes=megabytes(one.resident_bytes)))
    return words


def local_model(text: Text, found: Services) -> Finding:
    """The demonstration model, which `raggen up` starts when somebody asks it."""
    one = found.local_model
    said = [text("status_ready"), *process(text, one)] if one else [text("status_asleep")]
    return Finding("local_model", "ok", text("status_local_model"), " · ".join(said))


def provider(text: Text, statistics: dict[str, Any], explain: Explain) -> Finding:
    """Who answered last, when, and how that ended."""
    name = text("status_last_answer")
    last = statistics.get("lastAnswer")
    if not last:
        return Finding("last_answer", "ok", name, text("status_no_answer"))
    who = {"quotations": text("status_quotations"), "local": text("local_model")}.get(
        last["provider"], last["model"] or "?"
    )
    age = time.time() - datetime.fromisoformat(last["at"]).timestamp()
    ago = text("status_ago", span=span(text, max(0, age)))
    if last["status"] != "failed":
        return Finding("last_answer", "ok", name, f"{who}, {ago}")
    code = str(last["errorCode"])
    status: Status = "fail" if age < RECENT_SECONDS else "warn"
    said = text("status_failed", who=who, ago=ago, code=code)
    return Finding("last_answer", status, name, said, explain(code))


def queue(text: Text, statistics: dict[str, Any]) -> Finding:
    """What raggen-embed has not taken yet."""
    name = text("status_queue")
    waiting = statistics["outbox"]
    if statistics["breakerOpen"]:
        return Finding("queue", "fail", name, text("status_breaker"), text("do_embed"))
    if not waiting["pending"]:
        return Finding("queue", "ok", name, text("status_queue_empty"))
    is_old = waiting["oldestSeconds"] > QUEUE_SECONDS
    said = text(
        "status_queue_waits",
        count=waiting["pending"],
        span=span(text, waiting["oldestSeconds"]),
    )
    do = text("do_embed") if is_old else ""
    return Finding("queue", "fail" if is_old else "ok", name, said, do)


def content(text: Text, statistics: dict[str, Any]) -> Iterator[Finding]:
    """How much was said, and how much of it is remembered."""
    said = text(
        "status_content",
        chats=statistics["chats"],
        messages=statistics["messages"],
        items=statistics["items"]["indexed"],
    )
    yield Finding("content", "ok", text("status_said"), said)
    refused = statistics["items"]["failed"]
    if refused:
        found = text("status_refused", count=refused)
        yield Finding("refused", "warn", text("status_not_remembered"), found, text("do_refused"))


def models(text: Text, found: Services) -> Finding:
    """What turns texts into vectors."""
    named = ", ".join(found.models)
    return Finding("models", "ok", text("status_models"), named or text("status_models_hidden"))


def storage(text: Text, kept: Storage) -> Finding:
    """What is on the disk."""
    said = text(
        "status_disk",
        chats=megabytes(kept.chats),
        memory=megabytes(kept.memory),
        logs=megabytes(kept.logs),
        backups=megabytes(kept.backups),
        free=megabytes(kept.free),
    )
    is_low = kept.free < FREE_BYTES
    do = text("do_disk") if is_low else ""
    return Finding("disk", "fail" if is_low else "ok", text("status_disk_name"), said, do)


def backup(text: Text, kept: Storage) -> Finding:
    """The newest backup."""
    name, last = text("status_backup"), kept.backup
    if last is None:
        return Finding("backup", "warn", name, text("status_no_backup"), text("do_backup"))
    said = text(
        "status_backup_made",
        name=last.path.name,
        megabytes=megabytes(last.size),
        ago=text("status_ago", span=span(text, last.age_seconds)),
        count=last.count,
    )
    is_old = last.age_seconds > BACKUP_SECONDS
    do = text("do_backup") if is_old else ""
    return Finding("backup", "warn" if is_old else "ok", name, said, do)
