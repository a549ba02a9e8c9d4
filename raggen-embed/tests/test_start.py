"""Starting and stopping: the lock, readiness, settings, another model, SIGTERM."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from embed_service import Service, Start, environment, item


def run(data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a raggen-embed that cannot start."""
    return subprocess.run(
        [sys.executable, "-m", "raggen_embed"],
        env={**os.environ, **environment(data, **settings)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_is_alive_at_once_and_ready_later(start: Start) -> None:
    service = start()
    assert service.http.get("/healthz").json() == {"status": "ok"}
    answer = service.http.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["error"]["code"] == "not_ready"
    refused = service.http.post("/api/v1/search", json={"text": "Is it ready?"})
    assert refused.status_code == 503
    ready = service.ready().http.get("/readyz").json()
    assert ready == {
        "status": "ready",
        "model": "all-MiniLM-L6-v2",
        "multilingual_model": "multilingual-e5-small",
        "items": 0,
        "generation": 0,
    }


def test_a_second_process_is_refused_and_told_who_has_the_directory(start: Start) -> None:
    first = start()
    second = run(first.data)
    assert second.returncode == 1
    assert second.stdout == ""
    [sentence] = second.stderr.splitlines()
    assert f"(process {first.pid})" in sentence
    assert "RAGGEN_EMBED_DATA_DIR" in sentence
    first.kill()
    assert start(first.data).ready().http.get("/healthz").status_code == 200


def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    stopped = run(tmp_path, port="many")
    assert stopped.returncode == 1
    [sentence] = stopped.stderr.splitlines()
    assert "RAGGEN_EMBED_PORT" in sentence
    assert "write a port from 1 to 65535" in sentence


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        stopped = run(tmp_path, port=str(taken.getsockname()[1]))
    assert stopped.returncode == 1
    assert "RAGGEN_EMBED_PORT" in stopped.stderr
    assert len(stopped.stderr.splitlines()) == 1


def test_a_model_that_is_not_there_stops_the_process(tmp_path: Path) -> None:
    stopped = run(tmp_path, model=str(tmp_path / "no-model"))
    assert stopped.returncode == 1
    assert "RAGGEN_EMBED_MODEL" in stopped.stderr.splitlines()[-1]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "raggen-embed.db").write_bytes(b"not a database" * 100)
    stopped = run(tmp_path)
    assert stopped.returncode == 1
    assert "cannot be used (file is not a database)" in stopped.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE vectors SET vector = zeroblob(100)", "a vector has another length"),
        ("ALTER TABLE models RENAME TO mislaid", "no such table: models"),
    ],
)
def test_damage_that_is_found_late_ends_the_process(start: Start, damage: str, says: str) -> None:
    """Rather than leave one that is alive, and says for ever that it is not ready yet."""
    service = start().ready()
    service.put(item("a", "The ferry to Naxos leaves at seven."))
    service.stop()
    with contextlib.closing(sqlite3.connect(service.data / "raggen-embed.db")) as database:
        database.execute(damage)
        database.commit()
    stopped = run(service.data)
    assert stopped.returncode == 1
    assert says in stopped.stderr.splitlines()[-1]
    assert "Naxos" not in stopped.stdout


def test_sigterm_finishes_what_was_begun(start: Start) -> None:
    service = start().ready()
    statuses: list[int] = []

    def put() -> None:
        batch = [item(f"i{n}", f"Bridge {n} is closed for repairs. " * 20) for n in range(40)]
        with httpx.Client(base_url=service.http.base_url, timeout=60) as http:
            statuses.append(http.put("/api/v1/items", json={"items": batch}).status_code)

    thread = threading.Thread(target=put)
    thread.start()
    time.sleep(0.3)
    os.kill(service.pid, signal.SIGTERM)
    thread.join(timeout=60)
    assert statuses == [200]
    service.stop()
    again = start(service.data).ready()
    assert again.http.get("/readyz").json()["items"] == 40


def test_an_orderly_stop_exits_with_0(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "raggen_embed"],
        env={**os.environ, **environment(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    # While the model is still loading: the stop waits for it, and nothing is left half open.
    while "Application startup complete" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    _, complaints = process.communicate(timeout=60)
    assert process.returncode == 0
    assert complaints == ""


def test_vectors_of_another_model_are_made_anew_from_the_text(start: Start) -> None:
    service = start().ready()
    service.put(item("a", "The ferry to Naxos leaves at seven."), item("b", "Long text. " * 400))
    windows = service.get("b").json()["windows"]
    service.stop()
    path = service.data / "raggen-embed.db"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE models SET fingerprint = 'another ' || role")
        database.execute("UPDATE vectors SET vector = zeroblob(length(vector))")
        database.execute("DELETE FROM terms WHERE row = 1")
        database.execute("UPDATE meta SET value = 0 WHERE key = 'analysis'")
    database.close()
    again = start(service.data).ready()
    [found] = again.search("When does the boat to Naxos go?")
    assert found["id"] == "a"
    assert found["cosine"] > 0.4
    assert again.get("b").json()["windows"] == windows
    assert [line["items"] for line in again.lines() if line["event"] == "renewed"] == [2]
    with sqlite3.connect(path) as database:
        models = database.execute("SELECT role, fingerprint FROM models").fetchall()
    database.close()
    assert sorted(role for role, _ in models) == ["main", "multilingual"]
    assert {len(fingerprint) for _, fingerprint in models} == {64}


def test_logs_are_json_with_the_request_id_and_without_texts(start: Start) -> None:
    service = start().ready()
    service.put(item("secretid", "The vault opens with plumbago."))
    answer = service.http.post(
        "/api/v1/search", json={"text": "plumbago vault"}, headers={"X-Request-ID": "abc_DEF-1"}
    )
    assert answer.headers["x-request-id"] == "abc_DEF-1"
    replaced = service.http.get("/healthz", headers={"X-Request-ID": "no good!"})
    assert len(replaced.headers["x-request-id"]) == 32
    service.get("secretid")
    service.stop()
    whole = service.log.read_text("utf-8")
    assert "plumbago" not in whole
    assert "secretid" not in whole
    [line] = [line for line in service.lines() if line.get("request_id") == "abc_DEF-1"]
    assert (line["route"], line["status"], line["method"]) == ("/api/v1/search", 200, "POST")
    assert line["ms"] > 0
    assert all(text.startswith("{") for text in whole.splitlines())


def test_the_index_is_the_same_after_a_restart(start: Start) -> None:
    service = start().ready()
    texts = [f"Lamp {n} in the corridor flickers since week {n * 3}." for n in range(30)]
    service.put(*[item(f"l{n}", text, speaker="Ann") for n, text in enumerate(texts)])
    service.delete("l3", 1)
    service.put(item("l4", "Lamp 4 was replaced.", 2))
    before = results(service)
    service.kill()
    assert results(start(service.data).ready()) == before


def results(service: Service) -> list[tuple[str, float]]:
    found = service.search("Which lamp flickers in the corridor?", k=100, min_relevance=0)
    return [(result["id"], round(result["relevance"], 5)) for result in found]
