"""Where rising load bends and why; a small run of all of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from benchmarks.peers import ROOT
from benchmarks.rising.gauges import parsed, stages
from benchmarks.rising.knee import headroom, is_hopeless, knee, limiter
from benchmarks.rising.scenarios import SCENARIOS
from benchmarks.rising.sizes import QUICK
from benchmarks.rising.steps import Step, Times
from benchmarks.rising.words import EN, RU
from benchmarks.routes import WHOLE


def step(clients: int, calls: int, p95: float, **more: Any) -> Step:
    times = Times(calls, p95 / 2, p95, 2 * p95)
    return replace(
        Step(
            clients=clients,
            seconds=10,
            times={"search": times},
            all_times=times,
            errors={},
            without_memory=0,
            cores={"raggen-web": 0.2, "raggen-embed": 0.5, "locust": 0.1},
            others=0.0,
            memory={},
            queue=0,
            lag_ms=12,
            outbox=0,
            stages={},
        ),
        **more,
    )


def test_the_knee_is_the_last_step_that_is_good_and_still_grows() -> None:
    rising = [step(1, 100, 20), step(2, 180, 40), step(4, 240, 90)]
    assert knee(rising) == rising[2]
    assert knee([*rising, step(8, 251, 200)]) == rising[2], "4.6 % more is no growth"
    assert knee([*rising, step(8, 253, 500)]).clients == 8  # type: ignore[union-attr]
    assert knee([*rising, step(8, 400, 501)]) == rising[2]
    assert knee([*rising, step(8, 400, 90, errors={"search: 429": 1})]) == rising[2]
    assert knee([*rising, step(8, 400, 90, without_memory=1)]) == rising[2]
    assert knee([step(1, 100, 501)]) is None
    assert knee([]) is None


def test_the_slowest_call_decides() -> None:
    slow = Times(3, 400, 600, 900)
    both = step(1, 100, 20, times={"search": Times(97, 10, 20, 30), "export": slow})
    assert both.worst[0] == "export"
    assert knee([both]) is None
    assert headroom(step(1, 100, 20)) == 25
    assert is_hopeless(step(1, 10, 1501))
    assert not is_hopeless(step(1, 10, 1500))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"others": 0.5}, "neighbours"),
        ({"cores": {"locust": 0.95, "raggen-embed": 0.9}}, "client"),
        ({"cores": {"raggen-web": 0.93, "raggen-embed": 0.9}}, "event-loop"),
        ({"cores": {"raggen-web": 0.6, "raggen-embed": 1.3}}, "processors"),
        ({"cores": {"raggen-web": 0.1, "raggen-embed": 1.0}, "queue": 40}, "queue"),
        ({"cores": {"raggen-web": 0.1, "raggen-embed": 1.0}}, "waiting"),
    ],
)
def test_what_stands_in_the_way(more: dict[str, Any], reason: str) -> None:
    found = limiter([step(1, 100, 20), step(2, 101, 700, **more)], cores=2)
    assert found.reason == reason
    assert found.clients == 2
    assert found.cores == max(step(2, 1, 1, **more).cores.values())
    # Of the first step nothing is said: above it nothing was tried.
    assert limiter([step(1, 100, 20, **more)], cores=2).reason == "not-reached"


def test_metrics_are_read_and_stages_are_differences() -> None:
    def told(embed: float) -> dict[str, float]:
        return parsed(
            "# HELP x y\n# TYPE x gauge\n"
            f'raggen_embed_stage_seconds_sum{{stage="embed"}} {embed}\n'
            'raggen_embed_stage_seconds_sum{stage="rank"} 1e-1\n'
            "raggen_web_outbox_rows 3\n"
        )

    assert told(1)["raggen_web_outbox_rows"] == 3
    assert stages(told(1), told(3), 4) == {"embed": 0.5, "rank": 0.0}


def test_both_languages_have_the_same_words_and_columns() -> None:
    assert EN.keys() == RU.keys()
    for name, text in EN.items():
        assert text.count("|") == RU[name].count("|"), name
        assert text.count("{") == RU[name].count("{"), name


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("load")
    command = [sys.executable, "-m", "benchmarks.rising", "--quick", "--out", str(folder / "out")]
    done = subprocess.run(
        [*command, "--folder", str(folder / "kept")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=840,
        check=False,
    )
    # On a busy machine not even one client may be served in time.
    assert done.returncode in {0, 1}, done.stderr
    return folder / "out"


@pytest.mark.timeout(900)  # raggen-web may have to be built first
def test_everything_is_measured(out: Path) -> None:
    figures = json.loads((out / "report.json").read_text("utf-8"))
    for scenario in SCENARIOS:
        measured = figures["scenarios"][scenario.name]
        assert measured["missing"] == ""
        first = measured["steps"][0]
        assert first["clients"] == QUICK.clients[scenario.name][0]
        assert first["errors"] == {}
        assert first["per_second"] > 0
        assert first["all_times"]["p99"] >= first["all_times"]["p50"] > 0
        assert first["cores"]["locust"] > 0
        assert first["cores"][scenario.host] > 0
        assert min(first["memory"]["raggen-web"]) > 1 << 20
        assert first["lag_ms"] > 0
        assert measured["limiter"]["reason"] in EN
    assert figures["scenarios"]["search"]["steps"][0]["stages"]["rank"] > 0
    steps = figures["scenarios"]["routes"]["steps"]
    routes = {name for one in steps for name in one["times"]}
    assert {"GET /api/chats", "POST /api/search", "PATCH /api/memory/:id"} <= routes
    assert set(figures["whole"]) == {f"{route} s" for route in WHOLE}
    few, more = figures["items"]
    assert few["items"] < more["items"]
    assert few["vectors"] < more["vectors"]
    assert few["resident"] > few["anonymous"] > 1 << 20


@pytest.mark.timeout(900)
def test_the_report_is_there_in_both_languages(out: Path) -> None:
    for ending, words in (("", EN), (".ru", RU)):
        report = (out / f"report{ending}.md").read_text("utf-8")
        assert words["items"] in report
        assert all(words[scenario.name] in report for scenario in SCENARIOS)
        drawn = ElementTree.fromstring((out / f"load{ending}.svg").read_text("utf-8"))  # noqa: S314 - ours
        lines = [one for one in drawn.iter() if one.tag.endswith("polyline")]
        assert len(lines) == len(SCENARIOS)
