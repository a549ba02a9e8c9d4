"""What nginx passes on, to a server that keeps it; the whole of raggen behind it is in e2e."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from e2e.nginx import NAME, Nginx
from e2e.serving import serving


class Web:
    """Stands in for raggen-web and keeps the headers of the last request to each path."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, str]] = {}
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                world.seen[self.path] = {name.lower(): text for name, text in self.headers.items()}
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def web() -> Iterator[Web]:
    world = Web()
    with serving(world.server):
        yield world


@pytest.fixture
def nginx(web: Web, tmp_path: Path) -> Iterator[Nginx]:
    found = Nginx(tmp_path / "nginx", f"127.0.0.1:{web.server.server_port}").start()
    yield found
    found.stop()


@pytest.mark.parametrize(
    "path", ["/", "/_next/static/chunk.js", "/api/chats", "/api/import", "/healthz"]
)
def test_every_place_tells_raggen_web_the_same(web: Web, nginx: Nginx, path: str) -> None:
    """A `proxy_set_header` in a location takes all of the server's away."""
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Request-Id": "forged"}
    with nginx.client() as client:
        assert client.get(path, headers=forged).status_code == 200
    told = web.seen[path]
    # nginx writes its line after the answer.
    for _ in range(100):
        if nginx.log():
            break
        time.sleep(0.05)
    assert "authorization" not in told, "nginx's password is nobody else's"
    assert told["host"] == told["x-forwarded-host"] == f"{NAME}:{nginx.https_port}"
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "https"
    assert told["x-request-id"] == nginx.log()[-1]["request_id"] != "forged"
    assert "connection" not in told, "connections to raggen-web are kept"
    # What the cache keeps is of one kind; nginx compresses it itself.
    assert ("accept-encoding" in told) == (path != "/_next/static/chunk.js")
