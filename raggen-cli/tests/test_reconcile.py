"""`raggen reconcile` beside a server that speaks as raggen-web does; the real pair is in e2e."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from e2e.serving import serving
from rich.console import Console

from raggen_cli import layout, ports, reconcile, settings
from raggen_cli.errors import ServiceError
from raggen_cli.messages import Messages
from raggen_cli.screen import Screen

SAME = {"here": 7, "there": 7, "pending": 0, "refused": 0, "differences": []}
OTHER = {
    "here": 7,
    "there": 8,
    "pending": 1,
    "refused": 2,
    "differences": [
        *({"id": f"lost-{n}", "what": "missing", "here": 1, "there": None} for n in range(6)),
        {"id": "stranger", "what": "extra", "here": None, "there": 3},
    ],
}


class Web:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, Any] = (200, SAME)
        self.asked: list[Any] = []
        world = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                world.asked.append((self.path, json.loads(body)))
                status, content = world.answer
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(content).encode())

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def web() -> Iterator[Web]:
    world = Web()
    with serving(world.server):
        yield world


def run(
    port: int, tmp_path: Path, *, language: str = "en", repair: bool = False, as_json: bool = False
) -> tuple[int, str]:
    output = StringIO()
    screen = Screen(Messages(language), Console(file=output, width=100))
    chosen = settings.parse({}, layout.find().root, data_dir=str(tmp_path), port=str(port))
    code = reconcile.run(chosen, screen, repair=repair, as_json=as_json)
    return code, output.getvalue()


@pytest.mark.parametrize(("language", "words"), [("en", "the same"), ("ru", "одно и то же")])
def test_nothing_differs(web: Web, tmp_path: Path, language: str, words: str) -> None:
    code, shown = run(web.port, tmp_path, language=language)
    assert code == 0
    assert words in shown
    assert web.asked == [("/api/reconcile", {"repair": False})]


def test_what_differs_is_named_and_fails(web: Web, tmp_path: Path) -> None:
    web.answer = (200, OTHER)
    code, shown = run(web.port, tmp_path)
    assert code == 1
    assert "lost-0" in shown
    assert "lost-5" not in shown
    assert "stranger" in shown
    assert "--repair" in shown


def test_it_is_put_right_on_request(web: Web, tmp_path: Path) -> None:
    web.answer = (200, OTHER)
    code, _ = run(web.port, tmp_path, repair=True)
    assert (code, web.asked) == (0, [("/api/reconcile", {"repair": True})])


def test_json_has_everything(web: Web, tmp_path: Path) -> None:
    web.answer = (200, OTHER)
    code, shown = run(web.port, tmp_path, as_json=True)
    assert (code, json.loads(shown)) == (1, OTHER)


@pytest.mark.parametrize(
    ("answer", "key", "words"),
    [
        ((503, {}), "reconcile_no_memory", "raggen-embed"),
        ((500, {}), "reconcile_failed", "500"),
        ((200, []), "reconcile_no_answer", "raggen-web"),
    ],
)
def test_no_answer_says_what_to_do(
    web: Web, tmp_path: Path, answer: tuple[int, Any], key: str, words: str
) -> None:
    web.answer = answer
    with pytest.raises(ServiceError) as caught:
        run(web.port, tmp_path)
    assert caught.value.key == key
    assert words in Messages("ru").text(key, **caught.value.values)


def test_nobody_is_there(tmp_path: Path) -> None:
    with pytest.raises(ServiceError) as caught:
        run(ports.free(), tmp_path)
    assert caught.value.key == "reconcile_no_answer"
