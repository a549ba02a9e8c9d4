"""Both services behind a real nginx with raggen's configuration: streams, sizes, TLS, refusals."""

from __future__ import annotations

import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.behind import Behind, body_of, error_of, heavier, new_chat, running
from e2e.chat_page import ANSWER_MS, ChatPage
from e2e.conftest import CHROMIUM_FLAGS, watched_page
from e2e.nginx import NAME, PASSWORD, USER
from e2e.scripted_model import last_question
from e2e.stack import wait_for

# 60 pieces, 50 ms apart: what comes in one lump would be seen at once.
STORY = "".join(f"piece {number:04d} of a story. " for number in range(60))
PAUSE_SECONDS = 0.05
IMPORT_MEGABYTES = 40


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    with running(tmp_path_factory.mktemp("behind")) as found:
        yield found


@pytest.fixture
def tab(behind: Behind, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A Chromium that finds the public name on this machine and knows the password."""
    flags = [*CHROMIUM_FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    other = browser.browser_type.launch(executable_path="/usr/bin/chromium", args=flags)
    context = other.new_context(
        locale="ru-RU",
        ignore_https_errors=True,
        http_credentials={"username": USER, "password": PASSWORD},
    )
    yield from watched_page(context, request.node)
    other.close()


def test_tokens_come_as_the_model_writes_them(behind: Behind) -> None:
    behind.model.answer, behind.model.pause = (lambda _: STORY), PAUSE_SECONDS
    started = time.monotonic()
    try:
        with behind.nginx.client() as client:
            ask = body_of("Tell me a story")
            with client.stream("POST", new_chat(), json=ask) as answer:
                answer.raise_for_status()
                assert answer.headers["content-type"].startswith("text/event-stream")
                assert "content-encoding" not in answer.headers
                seen = [
                    time.monotonic() - started
                    for line in answer.iter_lines()
                    if '"text-delta"' in line
                ]
    finally:
        behind.model.answer, behind.model.pause = last_question, 0.0
    longest = max(later - earlier for earlier, later in pairwise(seen))
    print(f"first {seen[0]:.2f} s, last {seen[-1]:.2f} s, longest silence {longest:.2f} s")  # noqa: T201
    assert len(seen) >= 20
    assert seen[-1] - seen[0] > 0.5 * len(STORY) / behind.model.piece * PAUSE_SECONDS
    assert longest < 1.5


def test_a_chat_in_the_browser(behind: Behind, tab: Page) -> None:
    chat = ChatPage(tab, behind.nginx.url)
    chat.open_new_chat()
    protocol = tab.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol")
    assert protocol == "h2"
    behind.model.gate.clear()
    try:
        # The model stands still after its first piece, which is seen all the same.
        answer = chat.send("Nothing in between keeps back what was said")
        expect(answer).to_contain_text("Nothing in between", timeout=ANSWER_MS)
        expect(answer).to_have_attribute("data-status", "streaming")
        expect(tab).to_have_url(re.compile("/chats/"))
        tab.reload()
        answer = tab.get_by_test_id("message-assistant").last
        expect(answer).to_contain_text("Nothing in between", timeout=ANSWER_MS)
        expect(answer).to_have_attribute("data-status", "streaming")
    finally:
        behind.model.gate.set()
    expect(answer).to_have_attribute("data-status", "complete", timeout=ANSWER_MS)
    expect(answer).to_contain_text("what was said")


def test_an_answer_is_stopped(behind: Behind, tab: Page) -> None:
    chat = ChatPage(tab, behind.nginx.url)
    chat.open_new_chat()
    behind.model.gate.clear()
    try:
        answer = chat.send("A long story that will not be heard to its end")
        expect(answer).to_contain_text("A long story", timeout=ANSWER_MS)
        tab.get_by_test_id("composer-stop").click()
        expect(answer).to_have_attribute("data-status", "stopped", timeout=ANSWER_MS)
        expect(answer).to_contain_text("A long story")
    finally:
        behind.model.gate.set()


def test_a_file_of_many_megabytes_is_imported(behind: Behind, tmp_path: Path) -> None:
    with behind.nginx.client() as client:
        client.post(new_chat(), json=body_of("Said once")).raise_for_status()
        exported = client.get("/api/export").raise_for_status().json()
        file = tmp_path / "chats.json"
        content = heavier(exported, IMPORT_MEGABYTES)
        file.write_text(json.dumps(content, ensure_ascii=False))
        assert file.stat().st_size > IMPORT_MEGABYTES * 1_000_000
        with file.open("rb") as opened:
            done = client.post(
                "/api/import", content=opened, headers={"Content-Type": "application/json"},
                timeout=280,
            )  # fmt: skip
        assert done.status_code == 200, done.text
        assert done.json()["imported"] == len(content["chats"])


def test_what_is_too_large_is_refused_in_words(behind: Behind) -> None:
    with behind.nginx.client() as client:
        # Beyond raggen-web's limit, below nginx's.
        own = client.post(new_chat(), json=body_of("x" * 700_000))
        assert own.status_code == 413
        assert error_of(own)["detail"]["limit"] == 512 * 1024
        beyond = client.post(new_chat(), json=body_of("x" * 2_000_000))
        assert beyond.status_code == 413
        assert beyond.headers["content-type"] == "application/json"
        assert error_of(beyond)["code"] == error_of(own)["code"] == "body_too_large"


def test_headers(behind: Behind) -> None:
    with behind.nginx.client() as client:
        page = client.get("/").raise_for_status()
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        policy = page.headers["content-security-policy"]
        assert re.search(r"script-src 'self' 'nonce-[\w+/=]+' 'strict-dynamic'", policy)
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["server"] == "nginx"  # and no version
        asset = re.search(r'"(/_next/static/[^"]+\.js)"', page.text)
        assert asset
        for _ in range(2):
            script = client.get(asset[1]).raise_for_status()
            assert "immutable" in script.headers["cache-control"]
            assert script.headers["content-encoding"] == "gzip"
        kept = [file for file in (behind.nginx.folder / "static").rglob("*") if file.is_file()]
        assert any(asset[1].encode() in file.read_bytes()[:2000] for file in kept)


def test_one_request_has_one_id_in_both_logs(behind: Behind) -> None:
    with behind.nginx.client() as client:
        answer = client.post(
            "/api/search", json={"text": "thunder"}, headers={"X-Request-Id": "forged"}
        )
        request_id = answer.raise_for_status().headers["x-request-id"]
    assert request_id != "forged"
    assert any(line["request_id"] == request_id for line in behind.nginx.log())
    logged = (behind.stack.data_dir / "logs" / "web.log").read_text()
    assert request_id in logged
    assert "thunder" not in logged + (behind.nginx.folder / "access.log").read_text()


def test_who_is_let_in(behind: Behind) -> None:
    with behind.nginx.client(auth=None) as stranger:
        assert stranger.get("/").status_code == 401
        assert stranger.get("/api/chats").status_code == 401
        assert stranger.get("/healthz").json() == {"status": "ok"}
        # Of nobody's business outside, with or without a password.
        assert stranger.get("/metrics").status_code in {401, 404}
    with behind.nginx.client() as client:
        assert client.get("/metrics").status_code == 404
        # A page of another site that somebody with a password has open.
        foreign = client.post(
            new_chat(), json=body_of("hello"), headers={"Origin": "https://evil.example"}
        )
        assert foreign.status_code == 403
        assert error_of(foreign)["code"] == "forbidden_origin"
        other = client.get("/", headers={"Host": "evil.example"})
        assert other.status_code == 421


def test_other_names_and_plain_http(behind: Behind) -> None:
    port = behind.nginx.http_port
    plain = httpx.get(f"http://127.0.0.1:{port}/chats/1?a=b", headers={"Host": NAME})
    assert plain.status_code == 308
    assert plain.headers["location"] == f"https://{NAME}/chats/1?a=b"
    foreign = httpx.get(f"http://127.0.0.1:{port}/", headers={"Host": "evil.example"})
    assert foreign.headers["location"] == f"https://{NAME}/"
    anyone = ssl.create_default_context()
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    with pytest.raises(httpx.ConnectError, match=r"(?i)unrecognized.name"):
        httpx.get(f"https://127.0.0.1:{behind.nginx.https_port}/", verify=anyone)
    old = ssl.create_default_context()
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    request = {"sni_hostname": NAME}
    with httpx.Client(verify=old, auth=(USER, PASSWORD)) as client:
        url = f"https://127.0.0.1:{behind.nginx.https_port}/healthz"
        host = {"Host": NAME}
        assert client.get(url, headers=host, extensions=request).status_code == 200


def test_a_flood_is_slowed_down_in_words(behind: Behind) -> None:
    """60 a second are let through, and 300 at once; nobody's page asks for a tenth of it."""
    refused: list[httpx.Response] = []
    deadline = time.monotonic() + 30

    def flood() -> None:
        with behind.nginx.client() as client:
            while not refused and time.monotonic() < deadline:
                answer = client.get("/healthz")
                if answer.status_code != 200:
                    refused.append(answer)

    threads = [threading.Thread(target=flood) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert refused
    assert refused[0].status_code == 429
    assert refused[0].headers["retry-after"] == "1"
    assert error_of(refused[0])["code"] == "too_many_requests"


def after_the_flood(client: httpx.Client) -> httpx.Response | None:
    """What is answered once nginx counts on; None while it still refuses."""
    answer = client.get("/api/chats")
    return answer if answer.status_code != 429 else None


def test_raggen_away(behind: Behind) -> None:
    """The last one here: it stops raggen."""
    behind.stack.stop()
    with behind.nginx.client() as client:
        # The flood before has used up what is let through at once.
        away = wait_for("another answer", lambda: after_the_flood(client))
        assert away.status_code == 503
        assert away.headers["retry-after"] == "5"
        assert error_of(away)["code"] == "not_ready"
