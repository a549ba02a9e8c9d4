"""The dashboard and the alert rules ask for metrics that there are, in PromQL that is right."""

from __future__ import annotations

import json
import re
import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from handbook import dashboard, metrics
from ruamel.yaml import YAML

from raggen_cli import layout, promtool

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARDS = sorted((ROOT / "deploy" / "grafana").glob("*.json"))
NAME = re.compile(r"\braggen_(?:web|embed)_\w+")


def checked(*arguments: str | Path, cwd: Path = PROMETHEUS) -> subprocess.CompletedProcess[str]:
    program = promtool.find(layout.find(), None)
    assert program, "promtool is missing: make setup"
    command = [program, *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


def rules() -> list[dict[str, Any]]:
    content = YAML(typ="safe").load(PROMETHEUS / "alerts.yml")
    return [rule for group in content["groups"] for rule in group["rules"]]


def panels(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text())["panels"]
    return found


def expressions() -> list[str]:
    return [*dashboard.expressions(), *(rule["expr"] for rule in rules())]


def test_rules_and_configuration_are_right() -> None:
    for command in (("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml")):
        done = checked(*command)
        assert done.returncode == 0, done.stdout + done.stderr


def test_alerts_fire_when_they_should_and_not_before() -> None:
    done = checked("test", "rules", "alerts_test.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    tested = (PROMETHEUS / "alerts_test.yml").read_text()
    for rule in rules():
        assert f'count(ALERTS{{alertname="{rule["alert"]}"' in tested, rule["alert"]


def test_an_alert_that_does_not_fire_is_found(tmp_path: Path) -> None:
    for name in ("alerts.yml", "alerts_test.yml"):
        (tmp_path / name).write_text((PROMETHEUS / name).read_text())
    broken = (tmp_path / "alerts.yml").read_text().replace("oldest_seconds > 300", "oldest_s > 300")
    (tmp_path / "alerts.yml").write_text(broken)
    done = checked("test", "rules", "alerts_test.yml", cwd=tmp_path)
    assert done.returncode != 0
    assert "RaggenMemoryLags" in done.stdout + done.stderr


def test_every_query_of_the_dashboard_is_promql(tmp_path: Path) -> None:
    recorded = [
        {"record": f"query_{number}", "expr": expression}
        for number, expression in enumerate(dashboard.expressions())
    ]
    file = tmp_path / "queries.yml"
    file.write_text(json.dumps({"groups": [{"name": "dashboard", "rules": recorded}]}))
    done = checked("check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(recorded)} rules found" in done.stdout


def test_every_metric_that_is_asked_for_exists() -> None:
    asked = {name for expression in expressions() for name in NAME.findall(expression)}
    assert len(asked) > 40
    assert asked <= metrics.known(), asked - metrics.known()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_why_and_what_to_do_in_both_languages(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning"}
    texts = rule["annotations"]
    for name in ("summary", "reason", "do"):
        assert texts[name].isascii() or "µ" in texts[name]
        assert re.search("[а-яё]", texts[f"{name}_ru"]), texts[f"{name}_ru"]
    assert len(texts) == 6


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.name)
def test_a_dashboard_can_be_imported(file: Path) -> None:
    found = panels(file)
    content = json.loads(file.read_text())
    assert content["schemaVersion"] >= 39
    assert "id" not in content  # Grafana gives it one.
    assert len({panel["id"] for panel in found}) == len(found)
    (source,) = content["templating"]["list"]
    assert source["type"] == "datasource"
    for panel in found:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        if panel["type"] == "row":
            continue
        assert panel["description"]
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == f"${{{source['name']}}}"
            assert "$rate" not in target["expr"].replace("$__rate_interval", "")
    for one, other in combinations((panel["gridPos"] for panel in found), 2):
        apart = (
            one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
            or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        )  # fmt: skip
        assert apart, (one, other)


def test_both_dashboards_ask_the_same() -> None:
    english, russian = (
        [[target["expr"] for target in panel.get("targets", [])] for panel in panels(file)]
        for file in DASHBOARDS
    )
    assert english == russian
    titles = [panel["title"] for panel in panels(DASHBOARDS[1])]
    assert all(re.search("[а-яё]", title) for title in titles), titles
