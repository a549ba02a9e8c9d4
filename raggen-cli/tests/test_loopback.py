"""A proxy in the environment is never asked for what is on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from e2e.serving import serving

from raggen_cli import ports, reconcile
from raggen_cli.deployment import providers
from raggen_cli.quality import asking

ANSWER: dict[str, Any] = {"differences": [], "questions": [], "memory": {}}


@pytest.fixture
def port() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def answer(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(ANSWER).encode())

        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield port


@pytest.mark.parametrize(
    "ask",
    [
        lambda port: reconcile.ask(port, repair=False),
        lambda port: asking.figures(port, None),
        asking.replay,
        lambda port: providers.call(port, "GET", "/api/providers"),
    ],
    ids=["reconcile", "figures", "replay", "providers"],
)
def test_no_proxy_stands_between(
    port: int, ask: Callable[[int], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{ports.free()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert ask(port) == ANSWER
