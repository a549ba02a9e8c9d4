"""Asks and measures everything, and shows it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from raggen_cli import __version__, doctor, tree
from raggen_cli.backup import places
from raggen_cli.deployment.providers import explained
from raggen_cli.finding import Finding, Text
from raggen_cli.layout import Layout
from raggen_cli.screen import Screen
from raggen_cli.settings import Settings
from raggen_cli.status import rows, services, storage
from raggen_cli.status.services import Services
from raggen_cli.status.storage import Storage


@dataclass(frozen=True)
class Report:
    """What is known at this moment."""

    revision: str | None
    has_local_model: bool
    services: Services
    storage: Storage


def gather(layout: Layout, settings: Settings, environment: Mapping[str, str]) -> Report:
    """Ask the services of the raggen that has this data, or those on the ports of the settings."""
    running = doctor.running_ports(settings) or settings
    return Report(
        tree.describe(layout.root),
        running is not settings and running.local_model_port > 0,
        services.ask(running, environment),
        storage.look(places.find(settings, environment), settings.logs_dir),
    )


def findings(text: Text, report: Report, logs: object, explain: rows.Explain) -> Iterator[Finding]:
    """Yield the rows; what a service that is down would have said is not there."""
    found, kept = report.services, report.storage
    yield from rows.services(text, found, logs)
    if report.has_local_model:
        yield rows.local_model(text, found)
    if found.statistics is not None:
        yield rows.provider(text, found.statistics, explain)
        yield rows.queue(text, found.statistics)
        yield from rows.content(text, found.statistics)
    if found.embed.state == "ready":
        yield rows.models(text, found)
    yield rows.storage(text, kept)
    yield rows.backup(text, kept)
    if report.revision is not None:
        yield Finding("revision", "ok", text("status_code"), report.revision)


def run(
    layout: Layout,
    settings: Settings,
    screen: Screen,
    environment: Mapping[str, str],
    *,
    as_json: bool,
) -> int:
    """Gather, and show it.

    Returns:
        The exit code: 1 where something is wrong, else 0.
    """
    text, language = screen.messages.text, screen.messages.language
    report = gather(layout, settings, environment)

    def explain(code: str) -> str:
        return explained(layout, language, code)

    found = list(findings(text, report, settings.logs_dir, explain))
    if not as_json:
        return doctor.conclude(found, screen, as_json=False, title="raggen")
    is_wrong = any(finding.status == "fail" for finding in found)
    written = {
        "version": __version__,
        "ok": not is_wrong,
        "checks": [asdict(finding) for finding in found],
        "facts": asdict(report),
    }
    screen.write(json.dumps(written, ensure_ascii=False, indent=2, default=str))
    return 1 if is_wrong else 0
