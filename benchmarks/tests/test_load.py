"""The clients on raw sockets count what a real service answers."""

from __future__ import annotations

import json
from itertools import repeat
from pathlib import Path

import pytest
from benchmarks.load import closed_loop, request
from benchmarks.processes import BrokenError
from benchmarks.services import resident, service


def test_clients_count_answers_and_errors(tmp_path: Path) -> None:
    with service(tmp_path / "data", multilingual="off", threads="1") as started:
        assert started.ready_after > 0
        whole, anonymous = resident(started.pid)
        assert whole > anonymous > 1 << 20
        good = request(started.port, "/api/v1/embed", json.dumps({"text": "Hello."}).encode())
        load = closed_loop(started.port, repeat(good), 3, 0.5)
        assert load.errors == {}
        assert len(load.seconds) >= 3
        assert 0 < load.per_second < 100_000
        assert load.p99_ms >= 1000 * min(load.seconds)
        bad = request(started.port, "/api/v1/embed", b"{}")
        refused = closed_loop(started.port, repeat(bad), 2, 0.2)
        assert [*refused.errors] == [422]
        assert not refused.seconds
    assert any(line.get("event") == "listening" for line in started.lines())


def test_a_service_that_cannot_start_says_why(tmp_path: Path) -> None:
    with (
        pytest.raises(BrokenError, match="RAGGEN_EMBED_THREADS"),
        service(tmp_path / "data", threads="none"),
    ):
        pass
