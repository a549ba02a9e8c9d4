"""Grafana's dashboard in both languages, from panels.toml."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from handbook.setting import LANGUAGES

PANELS = Path(__file__).with_name("panels.toml")
WIDTH = 24
STAT, CURVE = (4, 4), (8, 8)  # width, height
# Of the dashboard's JSON (Grafana 11); newer ones bring it up to date when they read it.
SCHEMA = 39
SOURCE = {"type": "prometheus", "uid": "${source}"}
TITLE = {"en": "raggen", "ru": "raggen (по-русски)"}
SOURCE_LABEL = {"en": "Prometheus", "ru": "Prometheus"}


def rows() -> list[dict[str, Any]]:
    """The rows with their panels, as they are written."""
    found: list[dict[str, Any]] = tomllib.loads(PANELS.read_text())["row"]
    return found


def expressions() -> list[str]:
    """Every PromQL expression, with a plain range in place of Grafana's variable."""
    return [
        query.replace("$rate", "5m")
        for row in rows()
        for panel in row["panel"]
        for _, query in panel["queries"]
    ]


def dashboard(language: str) -> dict[str, Any]:
    """The dashboard in one language."""
    panels: list[dict[str, Any]] = []
    top = 0
    for row in rows():
        panels.append(_row(row[language], len(panels) + 1, top))
        top += 1
        left = height = 0
        for written in row["panel"]:
            width, tall = STAT if written.get("kind") == "stat" else CURVE
            if left + width > WIDTH:
                left, top = 0, top + height
            place = {"x": left, "y": top, "w": width, "h": tall}
            panels.append(_panel(written, language, len(panels) + 1, place))
            left, height = left + width, tall
        top += height
    return {
        "title": TITLE[language],
        "uid": f"raggen-{language}",
        "tags": ["raggen"],
        "schemaVersion": SCHEMA,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "templating": {"list": [_source(language)]},
        "annotations": {"list": []},
        "panels": panels,
    }


def _source(language: str) -> dict[str, Any]:
    """The variable by which a person chooses where the numbers come from."""
    return {
        "name": "source", "label": SOURCE_LABEL[language], "type": "datasource",
        "query": "prometheus", "refresh": 1, "hide": 0, "current": {}, "options": [],
    }  # fmt: skip


def _row(title: str, number: int, top: int) -> dict[str, Any]:
    place = {"x": 0, "y": top, "w": WIDTH, "h": 1}
    return {"type": "row", "title": title, "id": number, "gridPos": place, "collapsed": False,
            "panels": []}  # fmt: skip


def _panel(
    written: dict[str, Any], language: str, number: int, place: dict[str, int]
) -> dict[str, Any]:
    is_stat = written.get("kind") == "stat"
    defaults: dict[str, Any] = {"unit": written.get("unit", "short"), "min": 0}
    if steps := _steps(written):
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
    options: dict[str, Any] = (
        {"colorMode": "value", "graphMode": "none",
         "textMode": "name" if written.get("text") else "auto",
         "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
        if is_stat
        else {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
              "tooltip": {"mode": "multi", "sort": "desc"}}
    )  # fmt: skip
    return {
        "type": "stat" if is_stat else "timeseries",
        "title": written[language],
        "description": written[f"about_{language}"],
        "id": number,
        "gridPos": place,
        "datasource": SOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "targets": [
            _target(legend, query, chr(ord("A") + index))
            for index, (legend, query) in enumerate(written["queries"])
        ],
    }


def _steps(written: dict[str, Any]) -> list[dict[str, Any]]:
    """Colours: red below `green_from`, or from `red_from` on."""
    if "green_from" in written:
        return [{"color": "red", "value": None},
                {"color": "green", "value": written["green_from"]}]  # fmt: skip
    if "red_from" in written:
        return [{"color": "green", "value": None},
                {"color": "red", "value": written["red_from"]}]  # fmt: skip
    return []


def _target(legend: str, query: str, letter: str) -> dict[str, Any]:
    return {
        "datasource": SOURCE,
        "expr": query.replace("$rate", "$__rate_interval"),
        "legendFormat": legend or "__auto",
        "refId": letter,
    }


def files() -> dict[str, str]:
    """All that is made, by path in the repository."""
    return {
        f"deploy/grafana/raggen.{language}.json": json.dumps(
            dashboard(language), ensure_ascii=False, indent=2
        )
        + "\n"
        for language in LANGUAGES
    }
