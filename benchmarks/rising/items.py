"""What raggen-embed's memory takes by number of items: in the process, and in mapped files."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from evaluation.copies import FILE

from benchmarks import stores
from benchmarks.memory import settled
from benchmarks.samples import percentile, seconds
from benchmarks.services import Service, resident, service
from benchmarks.texts import questions

SEARCHES: Final = 30
MAPPING: Final = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+ +(\S.*)$")


@dataclass(frozen=True)
class Taken:
    """Bytes, after a second start and some searches. ``mapped``: pages of the index's files that
    are in memory; the system takes them back when it needs to. ``vectors``: what the vectors of
    both models would take as float32; ``search_ms``: the median of one search after another."""

    items: int
    resident: int
    anonymous: int
    mapped: int
    vectors: int
    store: int
    search_ms: float

    def as_json(self) -> dict[str, Any]:
        """As the report's file has it."""
        return asdict(self)


def measure(folder: Path, items: int, kept: int) -> Taken:
    """Start raggen-embed on so many items and see what it takes."""
    own = folder / "items"
    own.mkdir(parents=True, exist_ok=True)
    with stores.large_and_indexed(own, "rising", items, kept) as data, service(data) as started:
        anonymous = settled(started)
        asked = [seconds(_search, started, text) for text in questions(SEARCHES, seed=61)]
        return Taken(
            items=started.http.get("/readyz").json()["items"],
            resident=resident(started.pid)[0],
            anonymous=anonymous,
            mapped=mapped(started.pid, data),
            vectors=_vector_bytes(data / FILE),
            store=(data / FILE).stat().st_size,
            search_ms=round(1000 * percentile(asked, 50), 1),
        )


def mapped(pid: int, folder: Path) -> int:
    """Bytes in memory of the files below ``folder`` that a process has mapped, from
    /proc/PID/smaps (https://docs.kernel.org/filesystems/proc.html)."""
    total, counts = 0, False
    for line in Path(f"/proc/{pid}/smaps").read_text("utf-8").splitlines():
        if found := MAPPING.match(line):
            counts = found[1].startswith(f"{folder.resolve()}/")
        elif counts and line.startswith("Rss:"):
            total += int(line.split()[1]) << 10
        elif not line[:1].isupper():
            counts = False  # a mapping without a file
    return total


def _search(started: Service, text: str) -> None:
    body = {"text": text, "owner": stores.OWNER, "k": 8}
    started.http.post("/api/v1/search", json=body).raise_for_status()


def _vector_bytes(file: Path) -> int:
    with sqlite3.connect(file) as database:
        [size] = database.execute("SELECT sum(length(vector)) FROM vectors").fetchone()
    database.close()
    return int(size)
