"""A disk that is really full: what does not fit is refused, searches go on, and writing goes on as
soon as there is space."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from embed_service import Service, Start

from torture.agreement import compare_by_http, settle_and_compare, versions
from torture.ledger import Ledger
from torture.sentences_of import text_of
from torture.sizes import report, seed, sized

MIB: Final = 1024 * 1024
ROUNDS: Final = sized(2, 20)
LEFT: Final = MIB // 4
REFUSALS: Final = 5
RECOVERY_SECONDS: Final = 5


class Disk:
    """A small disk of its own, and a file on it that takes the space of others."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._ballast = place / "ballast"

    def fill(self, left: int) -> None:
        """Leave so many bytes free."""
        with self._ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while (more := self.free() - left) > 0:
                file.write(bytes(min(MIB, more)))

    def free(self) -> int:
        """Bytes."""
        disk = os.statvfs(self.place)
        return disk.f_bavail * disk.f_frsize

    def clear(self) -> None:
        """Give the space back."""
        self._ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "small"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=24m", "raggen-torture", str(place)]
    mounted = subprocess.run(mounting, capture_output=True, text=True, check=False)
    assert mounted.returncode == 0, (
        f"A small tmpfs is needed, which takes root and the right to mount: {mounted.stderr}"
    )
    yield Disk(place)
    subprocess.run(["umount", str(place)], check=True)


def refused(answer: httpx.Response) -> bool:
    """Whether the disk was too full for it; any other trouble is a failure."""
    if answer.status_code == 200:
        return False
    assert answer.status_code == 507, answer.text
    error = answer.json()["error"]
    assert error["code"] == "disk_full"
    assert error["request_id"] == answer.headers["x-request-id"]
    return True


def write(service: Service, ledger: Ledger, rng: random.Random) -> bool:
    """Send one request; whether it was taken."""
    request = ledger.next_request(rng)
    if refused(request.send(service.http)):
        ledger.refuse(request)
        return False
    ledger.acknowledge(request)
    return True


def fill_up(service: Service, ledger: Ledger, rng: random.Random, disk: Disk) -> int:
    """Write until nothing fits any more; how many requests were taken on the way."""
    disk.fill(LEFT)
    taken = refusals = 0
    while refusals < REFUSALS:
        if write(service, ledger, rng):
            taken += 1
            assert taken < 5000, "the disk does not get full"
        else:
            refusals += 1
            disk.fill(0)
    return taken


def check_searches(service: Service, ledger: Ledger, rng: random.Random) -> None:
    """What is stored is found, full disk or not."""
    compare_by_http(service, ledger, rng, 0)
    number = rng.choice(sorted(ledger.stored))
    text = text_of(number, ledger.stored[number])
    assert text in [one["text"] for one in service.search(text, k=5, min_relevance=0)]


@pytest.mark.timeout(sized(300, 1800))
def test_a_full_disk(disk: Disk, start: Start) -> None:
    rng = random.Random(seed())
    ledger = Ledger()
    service = start(disk.place).ready()
    for _ in range(10):
        assert write(service, ledger, rng)
    taken, recovery = 0, []
    for number in range(ROUNDS):
        taken += fill_up(service, ledger, rng, disk)
        settle_and_compare(disk.place, ledger)
        check_searches(service, ledger, rng)
        if number % 2:
            service.kill()
            service = start(disk.place).ready()
            ledger.settle_crash(versions(disk.place))
            settle_and_compare(disk.place, ledger)
            check_searches(service, ledger, rng)
        disk.clear()
        began = time.monotonic()
        while not write(service, ledger, rng):
            assert time.monotonic() - began < RECOVERY_SECONDS
            time.sleep(0.05)
        recovery.append(time.monotonic() - began)
        settle_and_compare(disk.place, ledger)
    report(
        "full-disk",
        rounds=ROUNDS,
        taken_while_filling=taken,
        refused=ledger.refused,
        writes_again_after_max_s=round(max(recovery), 3),
    )
