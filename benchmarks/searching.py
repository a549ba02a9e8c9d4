"""One short question, a search end to end over HTTP in a memory of 100,000 items, one client."""

from __future__ import annotations

import json
import os
import sys
import time
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks import stores, texts
from benchmarks.encoding import encoding_program
from benchmarks.processes import BrokenError
from benchmarks.rows import Row, at_most
from benchmarks.samples import percentile
from benchmarks.services import processor_seconds, service
from benchmarks.sizes import Sizes

RATIO: Final = 3
P99_MS: Final = 25
WARM: Final = 20
RESULTS: Final = 10
JSON: Final = {"Content-Type": "application/json"}


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """A row beside the bare encoder's time for the same text, and one of the 99th percentile."""
    asked = texts.questions(sizes.questions + WARM)
    file = folder / "questions.json"
    one_by_one = {str(number): [text] for number, text in enumerate(asked)}
    file.write_text(json.dumps(one_by_one | {"checked": asked[:1]}))
    whole: list[float] = []
    inside: list[float] = []
    bare: list[float] = []
    worked: list[float] = []  # by the service and by the encoder
    arguments = [str(file), str(os.cpu_count() or 1)]
    log = folder / "searching.log"
    with (
        stores.large_and_indexed(folder, "searching", sizes.items, sizes.kept) as data,
        service(data) as started,
        encoding_program(sys.executable, "bare_encoder", arguments, log) as encoder,
    ):
        # httpx would add a millisecond of its own.
        connection = HTTPConnection("127.0.0.1", started.port)
        for number, text in enumerate(asked):
            if number == WARM:
                worked = [-processor_seconds(pid) for pid in (started.pid, encoder.process.pid)]
            body = json.dumps({"text": text, "owner": stores.OWNER, "k": RESULTS})
            sent = time.perf_counter()
            connection.request("POST", "/api/v1/search", body, JSON)
            answer = connection.getresponse()
            read = answer.read()
            whole.append(time.perf_counter() - sent)
            if answer.status != HTTPStatus.OK:
                raise BrokenError(f"search: {answer.status} {read[:200]!r}")
            inside.append(json.loads(read)["took_ms"])
            bare.append(float(encoder.order(str(number))))
        connection.close()
        for place, pid in enumerate((started.pid, encoder.process.pid)):
            worked[place] += processor_seconds(pid)
        items = started.http.get("/readyz").json()["items"]
    whole, inside, bare = whole[WARM:], inside[WARM:], bare[WARM:]
    ratio = median(all_of_it / alone for all_of_it, alone in zip(whole, bare, strict=True))
    beside = {
        "search p50 ms": round(1000 * median(whole), 2),
        "bare encoder p50 ms": round(1000 * median(bare), 2),
        "inside the service p50 ms": round(median(inside), 2),
        "processor ms a search": round(1000 * worked[0] / len(whole), 2),
        "processor ms a text, bare encoder": round(1000 * worked[1] / len(bare), 2),
    }
    note = f"{items:,} items, {len(whole)} different questions, one client"
    return [
        Row("search beside the bare encoder", round(ratio, 2), "×", at_most(RATIO), beside, note),
        Row(
            "search p99",
            round(1000 * percentile(whole, 99), 2),
            "ms",
            at_most(P99_MS),
            beside,
            note,
        ),
    ]
