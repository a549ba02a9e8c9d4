"""The reference page of all metrics: names and types from the code of both services."""

from __future__ import annotations

import json
import subprocess
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prometheus_client.metrics_core import Metric as Family

from handbook.setting import LANGUAGES, UndocumentedError
from handbook.sources import NODE_FLAGS, WEB
from raggen_cli import layout
from raggen_embed import metrics as embed_metrics

TEXTS = Path(__file__).with_name("metrics.toml")
# What the libraries add of themselves: the process, Node's event loop and heap.
LIBRARY = ("raggen_web_process_", "raggen_web_nodejs_")
# Written in the exposition after the family's name.
ENDINGS = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_sum", "_count"),
    "info": ("_info",),
}
HEAD = {
    "en": """# Metrics

<!-- Made by `make handbook` from the code of both services and handbook/metrics.toml. -->

Both services answer `GET /metrics` in Prometheus' text format. No label holds an id, an address,
a name of a model or anybody's words. How to read and watch them:
[monitoring](../operate/monitoring.md).
""",
    "ru": """# Метрики

<!-- Страницу делает `make handbook` из кода обеих служб и handbook/metrics.toml. -->

Обе службы отвечают на `GET /metrics` в текстовом формате Prometheus. В метках нет номеров, адресов,
названий моделей и ничьих слов. Как их собирать и смотреть: [наблюдение](../operate/monitoring.md).
""",
}
COLUMNS = {"en": ("metric", "type", "what it says"), "ru": ("метрика", "тип", "что показывает")}
LIBRARY_NOTE = {
    "en": "`raggen_web_process_*` and `raggen_web_nodejs_*` are those of the library prom-client: "
    "processor, memory and files of the process, the event loop's delay, the heap, the garbage "
    "collector.",
    "ru": "`raggen_web_process_*` и `raggen_web_nodejs_*` добавляет библиотека prom-client: "
    "процессор, память и файлы процесса, задержка цикла событий, куча, сборка мусора.",
}


@dataclass(frozen=True)
class Metric:
    """One family: its name without what the exposition adds, its type, its meaning in English."""

    name: str
    kind: str
    help: str

    def written(self) -> tuple[str, ...]:
        """Every name under which it stands in a scrape."""
        return tuple(f"{self.name}{end}" for end in ENDINGS.get(self.kind, ("",)))


def embed() -> list[Metric]:
    """raggen-embed's."""
    embed_metrics.render(embed_metrics.State(items=0, generation=0, store_bytes=0))
    families: list[Family] = list(embed_metrics.REGISTRY.collect())
    return [_metric(family.name, family.type, family.documentation) for family in families]


@cache
def web() -> list[Metric]:
    """raggen-web's, as its own code tells them.

    Raises:
        subprocess.CalledProcessError: its code cannot be read.
    """
    command = [str(layout.find().node), *NODE_FLAGS, str(WEB / "scripts" / "metrics.mjs")]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=True, timeout=120)
    return [_metric(one["name"], one["type"], one["help"]) for one in json.loads(done.stdout)]


def _metric(name: str, kind: str, what: str) -> Metric:
    if kind == "counter":
        return Metric(name.removesuffix("_total"), kind, what)
    if name.endswith("_info"):
        return Metric(name.removesuffix("_info"), "info", what)
    return Metric(name, kind, what)


def known() -> frozenset[str]:
    """Every name that a scrape of both services can hold."""
    return frozenset(name for one in (*embed(), *web()) for name in one.written())


def described() -> dict[str, list[Metric]]:
    """Ours by service.

    Raises:
        UndocumentedError: one has no Russian, or a Russian text is of none.
    """
    parts = {
        "raggen-web": [one for one in web() if not one.name.startswith(LIBRARY)],
        "raggen-embed": embed(),
    }
    texts = tomllib.loads(TEXTS.read_text())
    names = {one.name for part in parts.values() for one in part}
    if differ := sorted(names ^ texts.keys()):
        raise UndocumentedError(f"in the code or in metrics.toml, not in both: {differ}")
    return parts


def page(language: str) -> str:
    """The reference page in one language, as Markdown."""
    texts = tomllib.loads(TEXTS.read_text())
    sections = [HEAD[language]]
    for service, found in described().items():
        rows: list[tuple[str, ...]] = [COLUMNS[language], ("---",) * 3]
        for one in found:
            what = one.help if language == "en" else texts[one.name]["ru"]
            name = one.name if one.kind == "histogram" else one.written()[0]
            rows.append((f"`{name}`", one.kind, what))
        table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
        sections.append(f"## {service}\n\n{table}")
    sections.append(f"{LIBRARY_NOTE[language]}\n")
    return "\n".join(sections)


def files() -> dict[str, str]:
    """All that is made, by path in the repository."""
    return {f"docs/{language}/reference/metrics.md": page(language) for language in LANGUAGES}
