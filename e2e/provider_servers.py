"""Providers as they are on the wire: OpenAI-compatible, Yandex AI Studio, GigaChat over TLS."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

YANDEX_KEY, YANDEX_FOLDER = "AQVN-browser-test", "b1gbrowsertest"
GIGACHAT_KEY, GIGACHAT_SCOPE = "Z2lnYWNoYXQ=", "GIGACHAT_API_PERS"
ANSWER = ("Archie ", "is afraid ", "of thunder.")


def make_certificates(folder: Path) -> tuple[Path, Path, Path]:
    """Return PEM files: an authority, a certificate for 127.0.0.1 that it signed, and its key."""
    authority, cert, key = (folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
    request, names = folder / "request.pem", folder / "names.cnf"
    names.write_text("subjectAltName=IP:127.0.0.1\n")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    def openssl(*arguments: str | Path) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    made: list[str | Path] = [
        "-keyout",
        "ca.key",
        "-out",
        authority,
        "-subj",
        "/CN=Test Trusted Root CA",
    ]
    openssl("req", "-x509", *curve, *made, "-days", "2")
    openssl("req", *curve, "-keyout", key, "-out", request, "-subj", "/CN=127.0.0.1")
    signing: list[str | Path] = [
        "-CA",
        authority,
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-extfile",
        names,
    ]
    openssl("x509", "-req", "-in", request, "-out", cert, *signing, "-days", "2")
    return authority, cert, key


@dataclass
class ProviderServer:
    """One provider on a free port. `refuse` answers completions with a status and words."""

    models: list[str]
    kind: str = "openai"
    certificates: tuple[Path, Path] | None = None
    pace_s: float = 0.02
    port: int = 0
    refuse: tuple[int, str] | None = None
    keys: list[str] = field(default_factory=list)
    completions: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0

    def __post_init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                provider.handle(self, body)

            do_GET = do_POST = _answer  # noqa: N815 - names that http.server calls

            def log_message(self, *_: object) -> None:
                """Say nothing: pytest's output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        if self.certificates:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificates)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def origin(self) -> str:
        """Address without a path."""
        scheme = "https" if self.certificates else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        """Address that a person enters."""
        return f"{self.origin}/api/v1" if self.kind == "gigachat" else f"{self.origin}/v1"

    def handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one request as this kind of provider does."""
        refusal = None if request.path == "/api/v2/oauth" else self._unauthorized(request)
        if refusal:
            send_json(request, *refusal)
        elif request.path == "/api/v2/oauth":
            send_json(request, *self._give_token(request, body))
        elif request.path.endswith("/models"):
            send_json(request, 200, {"data": [{"id": name} for name in self.models]})
        elif request.path.endswith("/chat/completions"):
            self.completions.append(json.loads(body))
            if self.refuse:
                send_json(request, self.refuse[0], {"error": {"message": self.refuse[1]}})
            else:
                self._stream(request)
        else:
            send_json(request, 404, {"error": {"message": "not here"}})

    def _unauthorized(self, request: BaseHTTPRequestHandler) -> tuple[int, dict[str, Any]] | None:
        key = request.headers.get("Authorization", "")
        self.keys.append(key)
        if self.kind == "yandexgpt":
            if key != f"Bearer {YANDEX_KEY}":
                return 401, {"error": {"message": "Unknown api key"}}
            if request.headers.get("OpenAI-Project") != YANDEX_FOLDER:
                return 403, {"error": {"message": "Permission denied"}}
            assert request.headers.get("x-data-logging-enabled") == "false"
        if self.kind == "gigachat" and key != f"Bearer token-{self.tokens}":
            return 401, {"status": 401, "message": "Token has expired"}
        return None

    def _give_token(
        self, request: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, dict[str, Any]]:
        assert uuid.UUID(request.headers["RqUID"]).version == 4
        if request.headers["Authorization"] != f"Basic {GIGACHAT_KEY}":
            return 401, {"code": 6, "message": "credentials doesn't match"}
        if parse_qs(body.decode())["scope"] != [GIGACHAT_SCOPE]:
            return 400, {"code": 7, "message": "scope from db not fully includes consumed scope"}
        self.tokens += 1
        ends = int((time.time() + 1800) * 1000)
        return 200, {"access_token": f"token-{self.tokens}", "expires_at": ends}

    def _stream(self, request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.send_header("Connection", "close")
        request.end_headers()
        for index, word in enumerate((*ANSWER, "")):
            last = index == len(ANSWER)
            choice = {"index": 0, "delta": {"content": word} if word else {}}
            choice["finish_reason"] = "stop" if last else None
            request.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
            request.wfile.flush()
            time.sleep(self.pace_s)
        request.wfile.write(b"data: [DONE]\n\n")
        request.close_connection = True

    def __enter__(self) -> Self:
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


def send_json(request: BaseHTTPRequestHandler, status: int, value: dict[str, Any]) -> None:
    """Answer with JSON."""
    body = json.dumps(value).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    # A connection that is kept would go on answering after the server is closed.
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(body)
    request.close_connection = True
