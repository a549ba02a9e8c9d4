"""What Prometheus, a log's reader and `raggen status` see of a raggen in use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from handbook import dashboard
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from e2e.modelled import Modelled, modelled_stack
from e2e.stack import ROOT, Stack, wait_for

NAME = re.compile(r"\braggen_(?:web|embed)_\w+")
TELL = "My dog is called Archie, he is afraid of thunder."
ASK = "What is my dog Archie afraid of?"


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Modelled]:
    with modelled_stack(tmp_path_factory.mktemp("watching") / "data") as running:
        yield running


def say(stack: Stack, text: str, request_id: str) -> httpx.Response:
    """Asks in a chat of its own, and reads the answer to its end."""
    message = {"id": str(uuid.uuid4()), "text": text}
    return httpx.post(
        f"{stack.web_url}/api/chats/{uuid.uuid4()}/messages",
        json={"message": message},
        headers={"X-Request-ID": request_id},
        timeout=60,
    ).raise_for_status()


def scrape(url: str) -> dict[str, dict[frozenset[tuple[str, str]], float]]:
    """By name of a sample, or of a family that has none yet: values by labels."""
    text = httpx.get(f"{url}/metrics", timeout=10).raise_for_status().text
    found: dict[str, dict[frozenset[tuple[str, str]], float]] = {}
    for family in text_string_to_metric_families(text):
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
        for end in endings.get(family.type, [""]):
            found.setdefault(f"{family.name}{end}", {})
        for sample in family.samples:
            found.setdefault(sample.name, {})[frozenset(sample.labels.items())] = sample.value
    return found


def value(
    found: dict[str, dict[frozenset[tuple[str, str]], float]], name: str, **labels: str
) -> float:
    return found[name].get(frozenset(labels.items()), 0)


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def test_both_services_tell_what_the_dashboard_and_the_alerts_ask_for(modelled: Modelled) -> None:
    stack = modelled.stack
    say(stack, TELL, "tell")
    stack.wait_until_remembered()
    say(stack, ASK, "ask")
    httpx.get(f"{stack.web_url}/", timeout=30).raise_for_status()
    httpx.get(f"{stack.web_url}/nowhere/{uuid.uuid4()}", timeout=30)
    web, embed = scrape(stack.web_url), scrape(stack.embed_url)

    alerts = YAML(typ="safe").load(ROOT / "deploy" / "prometheus" / "alerts.yml")
    rules = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    asked = {name for text in [*dashboard.expressions(), *rules] for name in NAME.findall(text)}
    assert asked <= web.keys() | embed.keys(), asked - web.keys() - embed.keys()

    chat = {"route": "/api/chats/[chatId]/messages", "method": "POST", "status": "200"}
    assert value(web, "raggen_web_requests_total", **chat) == 2
    page = {"route": "/", "method": "GET", "status": "200"}
    assert value(web, "raggen_web_requests_total", **page) == 1
    nowhere = {"route": "other", "method": "GET", "status": "404"}
    assert value(web, "raggen_web_requests_total", **nowhere) == 1
    # Made at start and counted in routes: two bundles of one process share one registry.
    assert value(web, "raggen_web_answers_total", kind="openai", outcome="complete") == 2
    assert value(web, "raggen_web_retrievals_total", outcome="used") >= 1
    assert value(web, "raggen_web_handed_over_total", op="upsert", result="taken") >= 2
    assert value(web, "raggen_web_ready") == value(embed, "raggen_embed_ready") == 1
    assert value(embed, "raggen_embed_items") == value(web, "raggen_web_items", state="indexed")
    searched = {"route": "/api/v1/search", "method": "POST", "status": "200"}
    assert value(embed, "raggen_embed_requests_total", **searched) >= 2


def test_metrics_are_for_this_machine_alone(modelled: Modelled) -> None:
    for headers in (
        {"X-Forwarded-For": "203.0.113.7"},
        {"X-Raggen-Client": "127.0.0.1", "X-Forwarded-For": "203.0.113.7"},
    ):
        refused = httpx.get(f"{modelled.stack.web_url}/metrics", headers=headers, timeout=10)
        assert (refused.status_code, "raggen_web" in refused.text) == (403, False)


def test_a_request_is_followed_through_both_logs_to_the_provider(modelled: Modelled) -> None:
    stack = modelled.stack
    request_id = f"follow-{uuid.uuid4()}"
    answer = say(stack, ASK, request_id)
    assert answer.headers["x-request-id"] == request_id
    assert modelled.model.headers["x-request-id"] == request_id
    logs = stack.data_dir / "logs"

    def followed(name: str, message: str) -> bool:
        return any(
            line.get("request_id") == request_id
            and message in (line.get("message"), line.get("event"))
            for line in lines(logs / f"{name}.log")
        )

    wait_for("its lines in raggen-web's log", lambda: followed("web", "answered"))
    assert followed("web", "request")
    wait_for("its line in raggen-embed's log", lambda: followed("embed", "request"))
    # Whatever a request led to carries its id; what nobody asked for has none to carry.
    nameless = {line["message"] for line in lines(logs / "web.log") if "request_id" not in line}
    assert nameless <= {"store opened"}, nameless


def test_status_is_one_screen(modelled: Modelled) -> None:
    stack = modelled.stack
    stack.wait_until_remembered()
    environment = {
        **os.environ,
        "RAGGEN_LANG": "ru",
        "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in ("raggen-cli", "raggen-embed")),
    }
    command = [sys.executable, "-m", "raggen_cli", "status", "--data-dir", str(stack.data_dir)]

    def status(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], cwd=ROOT, env=environment, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip

    shown = status()
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert len(shown.stdout.splitlines()) < 30
    assert "all-MiniLM-L6-v2" in shown.stdout
    told = json.loads(status("--json").stdout)
    facts = told["facts"]["services"]
    assert told["ok"]
    assert facts["web"]["process"]["resident_bytes"] > 30e6
    assert facts["embed"]["process"]["resident_bytes"] > 100e6
    assert facts["statistics"]["lastAnswer"]["status"] == "complete"
    assert facts["items"] == facts["statistics"]["items"]["indexed"]
    assert told["facts"]["storage"]["memory"] > 0
