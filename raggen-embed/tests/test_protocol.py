"""Requests that are none, or have no end: still an answer in the one shape, with an id."""

from __future__ import annotations

import json
import re
import socket

import pytest
from embed_service import Service

Answer = tuple[int, dict[str, str], bytes]


def sent(service: Service, *parts: bytes) -> Answer:
    """Send bytes as they are; the first answer."""
    with socket.create_connection(("127.0.0.1", service.http.base_url.port), timeout=20) as client:
        for part in parts:
            try:
                client.sendall(part)
            except (BrokenPipeError, ConnectionResetError):
                break
        whole = b""
        while b"\r\n\r\n" not in whole:
            piece = client.recv(65536)
            assert piece, f"no answer: {whole!r}"
            whole += piece
        head, _, body = whole.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
        }
        while len(body) < int(headers["content-length"]):
            body += client.recv(65536)
        return int(status.split()[1]), headers, body


HOST = b"Host: localhost\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"garbage\r\n\r\n", 400, "invalid_request"),
        (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400, "invalid_request"),
        (b"GET /healthz?x=" + b"0" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400,
         "invalid_request"),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"y" * 200_000 + b"\r\n\r\n", 431,
         "head_too_large"),
        (b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 40_000, 431, "head_too_large"),
        (b"POST /api/v1/embed HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n\r\n", 400,
         "invalid_request"),
        (b"POST /api/v1/embed HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
         400, "invalid_request"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(
    service: Service, request_bytes: bytes, status: int, code: str
) -> None:
    answered, headers, body = sent(service, request_bytes)
    assert answered == status
    assert (headers["content-type"], headers["connection"]) == ("application/json", "close")
    error = json.loads(body)["error"]
    assert set(error) == {"code", "message", "request_id"}
    assert error["code"] == code
    assert re.fullmatch(r"[0-9a-f]{32}", error["request_id"])
    assert headers["x-request-id"] == error["request_id"]
    assert service.http.get("/healthz").status_code == 200


def test_a_long_head_is_refused_while_it_is_sent(service: Service) -> None:
    start = b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: "
    status, _, body = sent(service, start, *[b"y" * 10_000] * 100)
    assert (status, json.loads(body)["error"]["code"]) == (431, "head_too_large")


def test_heads_are_counted_one_by_one(service: Service) -> None:
    """A connection that is kept alive may send more than the limit in all."""
    for _ in range(5):
        answer = service.http.get("/healthz", headers={"x-long": "y" * 60_000})
        assert answer.status_code == 200
    body = {"texts": ["A text of some length. " * 500] * 20}
    assert service.http.post("/api/v1/embed/batch", json=body).status_code == 200
    assert service.http.get("/healthz", headers={"x-long": "y" * 60_000}).status_code == 200


def test_openais_shape_where_openais_clients_call(service: Service) -> None:
    request = b"GET /v1/models?" + b"0" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n"
    _, _, body = sent(service, request)
    assert json.loads(body)["error"]["type"] == "invalid_request_error"


def test_head_is_get_without_a_body(service: Service) -> None:
    for path in ("/healthz", "/readyz"):
        head, get = service.http.head(path), service.http.get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]
