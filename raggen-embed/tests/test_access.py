"""Keys: who may ask, who may not, and where the service does not listen without one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from embed_service import Service, Start, Zygote, environment
from pydantic import SecretStr

from raggen_embed.access import Keys, require_key
from raggen_embed.errors import SettingsError
from raggen_embed.settings import Settings, load_settings

EVERYWHERE = "0.0.0.0"  # noqa: S104 - to see that it is refused
FIRST, SECOND = "first-key-0123456789", "second+key/0123456789="
SEARCH = "/api/v1/search"


@pytest.fixture(scope="module")
def guarded(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service.forked(
        zygote,
        tmp_path_factory.mktemp("guarded") / "data",
        api_keys=f"{FIRST}, {SECOND}",
        cors_origins="http://127.0.0.1:3000",
    )
    yield service.ready()
    service.stop()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": f"Bearer {FIRST}"}, 200),
        ({"authorization": f"bearer  {SECOND}"}, 200),
        ({"x-api-key": SECOND}, 200),
        ({"authorization": f"Bearer {FIRST}", "x-api-key": SECOND}, 200),
        ({"authorization": f"Bearer {FIRST}", "x-api-key": "wrong-key-0123456789"}, 401),
        ({"authorization": f"Bearer {FIRST[:-1]}"}, 401),
        ({"authorization": f"Bearer {FIRST}, {SECOND}"}, 401),
        ({"authorization": FIRST}, 401),
        ({"authorization": f"Basic {FIRST}"}, 401),
        ({"authorization": "Bearer"}, 401),
        ({"x-api-key": ""}, 401),
    ],
)
def test_a_request_needs_one_of_the_keys(
    guarded: Service, headers: dict[str, str], status: int
) -> None:
    answer = guarded.http.post(SEARCH, json={"text": "Who may ask?"}, headers=headers)
    assert answer.status_code == status, answer.text
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        error = answer.json()["error"]
        assert error["code"] == "unauthorized"
        assert error["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/metrics", "/docs", "/openapi.json", "/nothing", "/v1/models"])
def test_everything_needs_one(guarded: Service, path: str) -> None:
    refused = guarded.http.get(path)
    assert refused.status_code == 401
    known = guarded.http.get(path, headers={"x-api-key": FIRST})
    assert known.status_code == (404 if path == "/nothing" else 200)


def test_probes_need_none_and_learn_nothing(guarded: Service) -> None:
    assert guarded.http.get("/healthz").status_code == 200
    assert guarded.http.head("/healthz").status_code == 200
    assert guarded.http.get("/readyz").json() == {
        "status": "ready",
        "model": None,
        "multilingual_model": None,
        "items": None,
        "generation": None,
    }
    whole = guarded.http.get("/readyz", headers={"x-api-key": FIRST}).json()
    assert (whole["model"], whole["items"]) == ("all-MiniLM-L6-v2", 0)
    assert guarded.http.get("/readyz", headers={"x-api-key": "wrong"}).status_code == 401


def test_an_upload_without_a_key_is_refused_before_it_is_sent(guarded: Service) -> None:
    with socket.create_connection(("127.0.0.1", guarded.http.base_url.port), timeout=10) as client:
        client.sendall(
            b"PUT /api/v1/items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 8000000\r\n\r\n{"
        )
        assert client.recv(4096).startswith(b"HTTP/1.1 401 ")


def test_pages_may_ask_with_a_key_and_need_not_ask_whether_they_may(guarded: Service) -> None:
    asked = guarded.http.options(
        SEARCH,
        headers={
            "origin": "http://127.0.0.1:3000",
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type,x-api-key",
        },
    )
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == "http://127.0.0.1:3000"
    refused = guarded.http.post(
        SEARCH, json={"text": "a"}, headers={"origin": "http://127.0.0.1:3000"}
    )
    assert refused.status_code == 401
    # Or the page could not read why.
    assert refused.headers["access-control-allow-origin"] == "http://127.0.0.1:3000"


def test_keys_are_in_no_log_and_no_answer(guarded: Service) -> None:
    wrong = "wrong-key-nobody-knows"
    headers = {"authorization": f"Bearer {wrong}"}
    answers = [
        guarded.http.get(path, headers=headers).text
        for path in ("/metrics", f"/{wrong}", "/readyz")
    ]
    answers += [
        guarded.http.get(path, headers={"x-api-key": FIRST}).text
        for path in ("/openapi.json", "/metrics", "/api/v1/statistics", "/nothing")
    ]
    said = guarded.log.read_text("utf-8") + "".join(answers)
    assert "request" in said
    for secret in (FIRST, SECOND, wrong):
        assert secret not in said


def test_every_key_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return one == other

    monkeypatch.setattr("raggen_embed.access.hmac.compare_digest", compare)
    keys = Keys([FIRST, SECOND, "third-key-0123456789"])
    for sent in (FIRST, SECOND, "", "x" * 1000):
        compared.clear()
        assert keys.know(sent.encode()) == (sent in {FIRST, SECOND})
        # As many comparisons, and as long, whatever is sent.
        assert compared == [(32, 32)] * 3


@pytest.mark.parametrize(
    ("address", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        (EVERYWHERE, False),
        ("::", False),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("fe80::1%eth0", False),
    ],
)
def test_beyond_loopback_a_key_is_needed(address: str, is_loopback: bool) -> None:
    open_to_all = Settings.model_construct(host=address, api_keys=())
    if is_loopback:
        require_key(open_to_all, address)
    else:
        with pytest.raises(
            SettingsError, match=r"set RAGGEN_EMBED_API_KEYS .* or set RAGGEN_EMBED_HOST"
        ):
            require_key(open_to_all, address)
    require_key(Settings.model_construct(host=address, api_keys=(SecretStr(FIRST),)), address)


def test_it_does_not_start_for_everybody_without_a_key(start: Start, tmp_path: Path) -> None:
    stopped = subprocess.run(
        [sys.executable, "-m", "raggen_embed"],
        env={**os.environ, **environment(tmp_path, host=EVERYWHERE)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert stopped.returncode == 1
    [sentence] = stopped.stderr.splitlines()
    assert "no API key is set: set RAGGEN_EMBED_API_KEYS" in sentence
    service = start(host=EVERYWHERE, api_keys=FIRST)
    assert service.http.get("/healthz").status_code == 200
    with httpx.Client(base_url=service.http.base_url) as stranger:
        assert stranger.get("/metrics").status_code == 401


@pytest.mark.parametrize("value", ["short", f"{FIRST},short", "two words are no key", "ключ" * 9])
def test_what_is_no_key_stops_the_start_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RAGGEN_EMBED_API_KEYS", value)
    with pytest.raises(
        SettingsError, match="RAGGEN_EMBED_API_KEYS cannot be used: write keys of 16"
    ):
        load_settings()
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert value not in str(raised.value)


def test_settings_do_not_show_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAGGEN_EMBED_API_KEYS", f"{FIRST},{SECOND}")
    settings = load_settings()
    assert len(settings.api_keys) == 2
    assert FIRST not in f"{settings!r} {settings} {settings.model_dump()}"
