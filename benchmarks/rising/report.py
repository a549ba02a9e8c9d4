"""The figures as tables to read, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.rising.knee import BUDGET_MS

Figures = Mapping[str, Any]
Words = Mapping[str, str]


def written(figures: Figures, words: Words, chart: str, before: Figures | None = None) -> str:
    """The report in Markdown. ``before``: figures of an earlier run to compare with."""
    of_run = {name: figures[name] for name in ("started", "remembered", "load")}
    missed = [words.get(name, name) for name in figures["missed"]]
    parts = [
        f"# {words['title']}",
        words["machine"].format(**figures["machine"], **of_run),
        *([words["quick"]] if figures["quick"] else []),
        words["how"].format(budget=BUDGET_MS),
        words["missed"].format(what=", ".join(missed)) if missed else words["met"],
        f"## {words['summary']}",
        _summary(figures, words),
        f"![{words['title']}]({chart})",
    ]
    for name, scenario in figures["scenarios"].items():
        parts += [f"## {words[name][:1].upper()}{words[name][1:]}", *_scenario(scenario, words)]
    if figures["whole"]:
        whole = figures["whole"].items()
        calls = ", ".join(f"`{name.removesuffix(' s')}` {took}" for name, took in whole)
        parts.append(words["whole"].format(calls=calls))
    if figures["items"]:
        parts += [f"## {words['items']}", _items(figures["items"], words)]
    if before is not None:
        parts += [f"## {words['before']}", _compared(before, figures, words)]
    return "\n\n".join(parts) + "\n"


def table(head: str, rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    columns = head.count("|") + 1
    lines = [f"| {head} |", "|---|" + "---:|" * (columns - 1)]
    return "\n".join([*lines, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows)])


def _summary(figures: Figures, words: Words) -> str:
    rows: list[Sequence[object]] = []
    for name, scenario in figures["scenarios"].items():
        reached = next(
            (one for one in scenario["steps"] if one["clients"] == scenario["knee"]), None
        )
        if reached is None:
            missing = scenario["missing"]
            why = words["missing"].format(why=missing) if missing else words["none"]
            rows.append([words[name], why, *["–"] * 6, _limiter(figures, scenario, words)])
            continue
        times, worst = reached["all_times"], reached["worst"]
        fits = words["times"].format(times=scenario["headroom"])
        shares = [times[share] for share in ("p50", "p95", "p99")]
        rates = (reached["clients"], reached["per_second"])
        stops = _limiter(figures, scenario, words)
        rows.append([words[name], *rates, *shares, worst["p95"], fits, stops])
    return table(words["summary_head"], rows)


def _limiter(figures: Figures, scenario: Figures, words: Words) -> str:
    found = scenario["limiter"]
    if found is None:
        return "–"
    step = next(one for one in scenario["steps"] if one["clients"] == found["clients"])
    return words[found["reason"]].format(
        cores=figures["machine"]["cores"],
        others=step["others"],
        process=found["process"],
        own=found["cores"],
        lag=step["lag_ms"],
        queue=step["queue"],
    )


def _scenario(scenario: Figures, words: Words) -> list[str]:
    steps = scenario["steps"]
    if not steps:
        return [words["missing"].format(why=scenario["missing"])]
    parts = [table(words["steps_head"], [_step(one) for one in steps])]
    if scenario["missing"]:
        parts.append(words["missing"].format(why=scenario["missing"]))
    shown = next((one for one in steps if one["clients"] == scenario["knee"]), steps[-1])
    stages = ", ".join(f"{name} {took} s" for name, took in [*shown["stages"].items()][:4])
    parts.append(words["stages"].format(clients=shown["clients"], stages=stages))
    for one in steps:
        if one["errors"]:
            told = "; ".join(f"{error} ({count})" for error, count in one["errors"].items())
            parts.append(words["failures"].format(clients=one["clients"], errors=told[:600]))
    if len(shown["times"]) > 1:
        parts += [
            f"### {words['route_title'].format(clients=shown['clients'])}",
            _routes(shown["times"], words),
        ]
    return parts


def _step(one: Figures) -> list[object]:
    times = one["all_times"] or dict.fromkeys(("p50", "p95", "p99"), "–")
    cores = ", ".join(f"{name} {share}" for name, share in one["cores"].items())
    names = ("raggen-web", "raggen-embed")
    memory = ", ".join(f"{one['memory'][name][0] / 1e6:.0f}" for name in names)
    return [
        *(one["clients"], one["per_second"], times["p50"], times["p95"], times["p99"]),
        f"{one['worst']['call']} ({one['worst']['p95'] or '–'})",
        *(sum(one["errors"].values()), one["without_memory"], cores, one["others"]),
        *(one["queue"], one["lag_ms"], one["outbox"], memory),
    ]


def _routes(times: Figures, words: Words) -> str:
    slowest = sorted(times.items(), key=lambda one: -one[1]["p95"])
    rows = []
    for name, one in slowest:
        fits = words["times"].format(times=f"{BUDGET_MS / max(one['p95'], 0.1):.1f}")
        rows.append([name, one["calls"], one["p50"], one["p95"], one["p99"], fits])
    return table(words["route_head"], rows)


def _items(items: Sequence[Figures], words: Words) -> str:
    first = items[0]
    rows = []
    for one in items:
        more = one["items"] - first["items"]
        grown = one["anonymous"] + one["mapped"] - first["anonymous"] - first["mapped"]
        sizes = [round(one[name] / 1e6, 1) for name in ("resident", "anonymous", "mapped")]
        each = round(grown / more) if more else "–"
        rest = [round(one[name] / 1e6, 1) for name in ("vectors", "store")]
        rows.append([f"{one['items']:,}", *sizes, each, *rest, one["search_ms"]])
    return table(words["items_head"], rows)


def _compared(before: Figures, after: Figures, words: Words) -> str:
    rows = []
    for name, scenario in after["scenarios"].items():
        old = before["scenarios"].get(name, {"steps": []})
        earlier = {one["clients"]: one for one in old["steps"]}
        for one in scenario["steps"]:
            if was := earlier.get(one["clients"]):
                rates = (was["per_second"], one["per_second"])
                waits = (was["worst"]["p95"] or "–", one["worst"]["p95"] or "–")
                rows.append([words[name], one["clients"], *rates, *waits])
    return table(words["before_head"], rows)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
