"""A model's server that says what the test wants: OpenAI's chat completions, streamed."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import httpx

MODEL = "scripted"


# The notes from memory that may stand before a question, between two marker lines.
NOTES = re.compile(r"\A<<memory [\w-]+>>.*?<<end of memory [\w-]+>>\s*", re.DOTALL)


def last_question(messages: list[dict[str, str]]) -> str:
    """What the person asked last, without the notes that raggen put before it."""
    asked = next(one["content"] for one in reversed(messages) if one["role"] == "user")
    return NOTES.sub("", asked)


class ScriptedModel:
    """Listens on a free loopback port; `answer` makes the text from the messages that came.

    Pieces of `piece` characters are `pause` seconds apart. While `gate` is not set, an answer
    stands still after its first piece.
    """

    def __init__(self, answer: Callable[[list[dict[str, str]]], str] = last_question) -> None:
        self.answer = answer
        self.piece = 24
        self.pause = 0.0
        self.gate = threading.Event()
        self.gate.set()
        self.prompts: list[list[dict[str, str]]] = []
        # Of the last request, by their names in small letters.
        self.headers: dict[str, str] = {}
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._json({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

            def do_POST(self) -> None:
                model.headers = {name.lower(): value for name, value in self.headers.items()}
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                if "messages" not in body:
                    self._json({"error": {"message": "not here"}}, 404)
                    return
                model.prompts.append(body["messages"])
                text = model.answer(body["messages"])
                if not body.get("stream"):
                    choice = {"index": 0, "finish_reason": "stop"}
                    message = {"role": "assistant", "content": text}
                    whole = {"id": "1", "model": MODEL, "choices": [choice | {"message": message}]}
                    self._json(whole)
                    return
                with suppress(BrokenPipeError, ConnectionResetError):
                    self._stream(text)

            def _stream(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                for start in range(0, len(text), model.piece):
                    self._event({"content": text[start : start + model.piece]})
                    model.gate.wait(60)
                    time.sleep(model.pause)
                self._event({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")
                self.close_connection = True

            def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
                choice = {"index": 0, "delta": delta, "finish_reason": finish}
                data = json.dumps({"id": "1", "model": MODEL, "choices": [choice]})
                self.wfile.write(f"data: {data}\n\n".encode())
                self.wfile.flush()

            def _json(self, value: Any, status: int = 200) -> None:
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing: pytest's output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Base URL as it is connected, with its version."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def connect(self, web_url: str) -> None:
        """Make raggen at `web_url` answer with this model from now on."""
        with httpx.Client(base_url=web_url, timeout=30) as client:
            server = {"kind": "openai", "name": "Scripted", "baseUrl": self.url}
            added = client.post("/api/providers", json=server).raise_for_status().json()
            chosen = {"providerId": added["provider"]["id"], "model": MODEL}
            client.put("/api/selection", json=chosen).raise_for_status()

    def __enter__(self) -> ScriptedModel:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)
