import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from e2e.serving import serving
from rich.console import Console

from raggen_cli import layout, ports, settings
from raggen_cli.messages import Messages
from raggen_cli.screen import Screen
from raggen_cli.status import report, storage

KEY = "a-key-of-raggen-embed"


def statistics(**changes: Any) -> dict[str, Any]:
    """What raggen-web says of itself: the shape that its own test holds it to."""
    return {
        "version": "1.2.3",
        "uptimeSeconds": 60,
        "embed": {"state": "ready", "model": "all-MiniLM-L6-v2"},
        "breakerOpen": False,
        "chats": 3,
        "messages": 40,
        "items": {"pending": 0, "indexed": 38, "failed": 0},
        "bytes": 1_000_000,
        "diskFreeBytes": 1,
        "outbox": {"pending": 0, "oldestSeconds": 0},
        "answersUnderWay": 0,
        "lastAnswer": None,
        **changes,
    }


def answer(status: str, code: str | None, age: timedelta) -> dict[str, Any]:
    at = (datetime.now(UTC) - age).isoformat()
    return {"provider": "p", "model": "big", "status": status, "errorCode": code, "at": at}


@contextmanager
def service(pages: dict[str, Any], key: str = "") -> Iterator[int]:
    """A server with these pages; what the key opens is empty without it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            is_open = not key or self.headers.get("Authorization") == f"Bearer {key}"
            body = json.dumps(page if is_open else {"status": "ok"}).encode()
            self.send_response(404 if page is None else 200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield port


def web(**changes: Any) -> dict[str, Any]:
    return {
        "/healthz": {"status": "ok"},
        "/readyz": {"status": "ready"},
        "/api/statistics": statistics(**changes),
    }


EMBED = {
    "/healthz": {"status": "ok"},
    "/readyz": {"status": "ready", "model": "mini", "multilingual_model": "e5", "items": 38},
    "/openapi.json": {"info": {"version": "4.5.6"}},
}


def status(
    data: Path,
    web_port: int,
    embed_port: int,
    *,
    language: str = "en",
    as_json: bool = False,
    environment: dict[str, str] | None = None,
) -> tuple[int, str]:
    output = StringIO()
    screen = Screen(Messages(language), Console(file=output, width=100))
    place = layout.find()
    chosen = settings.parse(
        {}, place.root, data_dir=str(data), port=str(web_port), embed_port=str(embed_port)
    )
    code = report.run(place, chosen, screen, environment or {}, as_json=as_json)
    return code, output.getvalue()


def checks(output: str) -> dict[str, dict[str, str]]:
    return {one["id"]: one for one in json.loads(output)["checks"]}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["works · 1.2.3", "works · 4.5.6", "38 of them remembered", "mini, e5", "empty"]),
        ("ru", ["работает · 1.2.3", "из них запомнено: 38", "mini, e5", "очередь", "пуста"]),
    ],
)
def test_all_is_well_in_one_screen(tmp_path: Path, language: str, words: list[str]) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "raggen-20261123T000000Z.tar.gz").write_bytes(b"x" * 2_000_000)
    with service(web()) as port, service(EMBED) as embed_port:
        code, output = status(tmp_path, port, embed_port, language=language)
    assert code == 0, output
    assert len(output.splitlines()) < 24
    for word in words:
        assert word.lower() in output.lower()
    assert "raggen-20261123T000000Z.tar.gz" in output
    assert "2.0" in output


def test_facts_for_a_script(tmp_path: Path) -> None:
    with service(web()) as port, service(EMBED) as embed_port:
        code, output = status(tmp_path, port, embed_port, as_json=True)
    content = json.loads(output)
    assert (code, content["ok"]) == (0, True)
    facts = content["facts"]
    assert facts["services"]["statistics"]["messages"] == 40
    assert facts["services"]["items"] == 38
    # Both are this very process.
    assert facts["services"]["web"]["process"]["pid"] == os.getpid()
    assert facts["services"]["web"]["process"]["resident_bytes"] > 1_000_000
    assert facts["storage"]["free"] > 0


def test_says_who_is_down(tmp_path: Path) -> None:
    with service(web(embed={"state": "down"}, breakerOpen=True)) as port:
        code, output = status(tmp_path, port, ports.free(), as_json=True)
    found = checks(output)
    assert code == 1
    assert found["web"]["status"] == "ok"
    assert (found["embed"]["status"], found["queue"]["status"]) == ("fail", "fail")
    assert "models" not in found

    code, output = status(tmp_path, ports.free(), ports.free(), as_json=True)
    found = checks(output)
    assert code == 1
    assert {"web", "embed", "disk", "backup"} <= found.keys()
    assert not {"queue", "last_answer", "content"} & found.keys()
    assert json.loads(output)["facts"]["services"]["statistics"] is None


@pytest.mark.parametrize(
    ("changes", "row", "expected"),
    [
        ({"outbox": {"pending": 3, "oldestSeconds": 4}}, "queue", "ok"),
        ({"outbox": {"pending": 3, "oldestSeconds": 900}}, "queue", "fail"),
        ({"items": {"pending": 0, "indexed": 1, "failed": 2}}, "refused", "warn"),
        ({"lastAnswer": answer("complete", None, timedelta(days=3))}, "last_answer", "ok"),
        ({"lastAnswer": answer("stopped", None, timedelta(0))}, "last_answer", "ok"),
        (
            {"lastAnswer": answer("failed", "provider_unauthorized", timedelta(minutes=5))},
            "last_answer",
            "fail",
        ),
        (
            {"lastAnswer": answer("failed", "provider_unauthorized", timedelta(hours=5))},
            "last_answer",
            "warn",
        ),
    ],
)
def test_what_is_wrong(tmp_path: Path, changes: dict[str, Any], row: str, expected: str) -> None:
    with service(web(**changes)) as port, service(EMBED) as embed_port:
        code, output = status(tmp_path, port, embed_port, as_json=True)
    assert checks(output)[row]["status"] == expected
    assert code == (1 if expected == "fail" else 0)


def test_explains_a_failed_answer_in_the_persons_language(tmp_path: Path) -> None:
    last = answer("failed", "provider_unauthorized", timedelta(minutes=5))
    with service(web(lastAnswer=last)) as port, service(EMBED) as embed_port:
        _, output = status(tmp_path, port, embed_port, language="ru", as_json=True)
    row = checks(output)["last_answer"]
    assert "big, 5 мин назад: ошибка (provider_unauthorized)" in row["found"]
    assert "ключ" in row["do"]


def test_raggen_embed_names_its_models_to_whoever_has_its_key(tmp_path: Path) -> None:
    with service(web()) as port, service(EMBED, key=KEY) as embed_port:
        _, hidden = status(tmp_path, port, embed_port, as_json=True)
        _, shown = status(
            tmp_path, port, embed_port, as_json=True,
            environment={"RAGGEN_EMBED_API_KEYS": f"{KEY},another-key-of-it"},
        )  # fmt: skip
    assert "RAGGEN_EMBED_API_KEY" in checks(hidden)["models"]["found"]
    assert checks(shown)["models"]["found"] == "mini, e5"
    assert KEY not in hidden + shown


def test_sizes_and_the_newest_backup(tmp_path: Path) -> None:
    for number, name in enumerate(("raggen-1.tar.gz", "raggen-2.tar.gz", "other.tar.gz")):
        (tmp_path / name).write_bytes(b"x" * 10)
        os.utime(tmp_path / name, (1_000 + number, 1_000 + number))
    (tmp_path / "link").symlink_to(tmp_path / "other.tar.gz")
    found = storage.newest_backup(tmp_path)
    assert found is not None
    assert (found.path.name, found.count, found.size) == ("raggen-2.tar.gz", 2, 10)
    assert storage.size_of([tmp_path, tmp_path / "missing"]) == 30
    assert storage.newest_backup(tmp_path / "missing") is None
