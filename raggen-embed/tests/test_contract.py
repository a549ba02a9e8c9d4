"""The service keeps to its OpenAPI document: schemathesis makes up requests, right ones and wrong
ones, and runs all of its checks on the answers.

RAGGEN_TORTURE_CASES says how many cases an operation gets (25, or 500 where RAGGEN_TORTURE=long).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest
from embed_service import Json, Service, Start

# Of contract_hooks.py, which only schemathesis' process imports.
HOOKS = Path(__file__).with_name("contract_hooks.py")
CONFIG = Path(__file__).with_name("contract.toml")
KEY = "contract-test-key-0123456789"
CASES = int(
    os.environ.get("RAGGEN_TORTURE_CASES")
    or ("500" if os.environ.get("RAGGEN_TORTURE") == "long" else "25")
)
# Some made-up paths are no address of any operation, and do not count.
ASKED = CASES + CASES // 10 + 2
SECONDS = 180 + 10 * CASES
PHASES = "examples,coverage,fuzzing,stateful"
# What one run meets often, it takes to be exhausted, and stops: of addresses that hold an
# identifier it may make some sixty. Then these operations are run again by themselves.
AGAIN = 10


def schemathesis_run(
    service: Service, folder: Path, phases: str, only: Iterable[str] = ()
) -> tuple[Json, str]:
    """Run it on a service, perhaps on some operations alone: its report, and what it printed."""
    report = folder / "report.json"
    report.unlink(missing_ok=True)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"),
            f"{service.http.base_url}/openapi.json",
            *("--header", f"Authorization: Bearer {KEY}"),
            *("--checks", "all", "--mode", "all", "--phases", phases),
            *(part for name in only for part in ("--include-name", name)),
            *("--max-examples", str(ASKED), "--continue-on-failure", "--no-color"),
            # Or half of the requests would carry made-up keys, and get no further.
            *("--generation-with-security-parameters", "false"),
            *("--report", "json", "--report-json-path", str(report)),
        ],
        # It writes a cache beside it.
        cwd=folder,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": HOOKS.stem,
            "PYTHONPATH": str(HOOKS.parent),
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    printed = f"{run.stdout[-20_000:]}\n{run.stderr[-2_000:]}"
    assert report.exists(), printed
    return json.loads(report.read_text("utf-8")), printed


def operations(document: Json) -> dict[str, bool]:
    """Every operation, and whether there is anything in its requests that could vary."""
    return {
        f"{method.upper()} {path}": "requestBody" in operation or "parameters" in operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def operation_of(line: Json) -> str:
    """The operation that a line of the log is about, as the document names it."""
    return f"{line['method']} {line['route'].replace(':path}', '}')}"


def find_nothing_wrong(
    service: Service, folder: Path, phases: str, only: Iterable[str] = ()
) -> Json:
    """Run it, and see that it was through and found nothing: its report."""
    report, printed = schemathesis_run(service, folder, phases, only)
    assert report["complete"], printed
    assert report["exit_code"] == 0, printed
    assert report["failures"] == [], printed
    assert report["errors"] == [], printed
    return report


def lacking(service: Service, varied: dict[str, bool]) -> dict[str, int]:
    """The operations that were let in fewer times than asked for, and how often; a check repeats
    requests without a key, which does not count."""
    answered = [line for line in service.lines() if line.get("event") == "request"]
    cases = Counter(operation_of(line) for line in answered if line["status"] != 401)
    return {name: cases[name] for name, varies in varied.items() if varies and cases[name] < CASES}


@pytest.mark.timeout(SECONDS + 60)
def test_the_service_keeps_to_its_openapi_document(start: Start, tmp_path: Path) -> None:
    service = start(api_keys=KEY).ready()
    service.http.headers["authorization"] = f"Bearer {KEY}"
    document = service.http.get("/openapi.json").json()
    report = find_nothing_wrong(service, tmp_path, PHASES)
    varied = operations(document)
    assert report["operations"]["tested"] == len(varied)
    # Of some, all requests are alike: they are sent as they are.
    for name in [name for name, varies in varied.items() if not varies]:
        method, path = name.split(" ")
        statuses = {service.http.request(method, path).status_code for _ in range(CASES)}
        assert statuses == {200}, name
    for _ in range(AGAIN):
        if few := lacking(service, varied):
            find_nothing_wrong(service, tmp_path, "fuzzing", few)
    assert lacking(service, varied) == {}, "operations with fewer cases than asked for"
    answered = [line for line in service.lines() if line.get("event") == "request"]
    assert [line for line in answered if line["status"] >= 500] == []
    with httpx.Client(base_url=service.http.base_url) as stranger:
        assert stranger.get("/healthz").status_code == 200
