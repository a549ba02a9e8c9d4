"""A proxy that notes what a model's server was asked, and passes everything on unchanged."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import httpx


class Recorder:
    """Listens on a free loopback port in front of `upstream` ("http://127.0.0.1:8002")."""

    def __init__(self, upstream: str) -> None:
        self.requests: list[dict[str, Any]] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if body:
                    recorder.requests.append(json.loads(body))
                with httpx.stream(
                    self.command,
                    upstream + self.path,
                    content=body or None,
                    headers={"Content-Type": "application/json"},
                    timeout=120,
                ) as response:
                    self.send_response(response.status_code)
                    self.send_header("Content-Type", response.headers["Content-Type"])
                    self.send_header("Connection", "close")
                    self.end_headers()
                    # Whoever asked may stop listening; leaving the block stops the model too.
                    with suppress(BrokenPipeError, ConnectionResetError):
                        for chunk in response.iter_bytes():
                            self.wfile.write(chunk)
                            self.wfile.flush()
                self.close_connection = True

            do_GET = do_POST = _pass_on  # noqa: N815 - names that http.server calls

            def log_message(self, *_: object) -> None:
                """Say nothing: pytest's output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Base URL of the proxy, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def last_prompt(self) -> list[dict[str, str]]:
        """The messages of the last chat completion that was asked for."""
        asked = [request["messages"] for request in self.requests if "messages" in request]
        assert asked, "the model was never asked"
        messages: list[dict[str, str]] = asked[-1]
        return messages

    def __enter__(self) -> Recorder:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
