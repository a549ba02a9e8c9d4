import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from e2e.serving import serving

from raggen_cli import ports
from raggen_cli.deployment import outside
from raggen_cli.messages import Messages

TEXT = Messages("en").text


def statuses(url: str) -> dict[str, str]:
    found = list(outside.check(TEXT, url))
    assert all(one.do for one in found if one.status != "ok")
    return {one.id: one.status for one in found}


@dataclass
class Page:
    """A server with TLS for `localhost`, whose answer a test chooses."""

    url: str
    status: int = 401
    hsts: bool = True


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> Iterator[Page]:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days), "-subj",
               "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem",
               "-out", "cert.pem"]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    # Where the system's list of certificates would be, for this process (OpenSSL's own variable).
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    shown = Page("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(shown.status)
            if shown.hsts:
                self.send_header("Strict-Transport-Security", "max-age=1")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server) as port:
        shown.url = f"https://localhost:{port}"
        yield shown


@pytest.mark.parametrize(("days", "status"), [(90, "ok"), (15, "warn"), (3, "fail")])
def test_the_page_from_outside(page: Page, status: str) -> None:
    found = statuses(page.url)
    assert found == {"password": "ok", "certificate": status, "hsts": "ok", "plain": "ok"}
    page.status, page.hsts = 200, False
    found = statuses(page.url)
    assert (found["password"], found["hsts"]) == ("fail", "warn")


@pytest.mark.parametrize("days", [90])
def test_a_page_that_nobody_should_trust(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    assert statuses("http://localhost") == {"outside": "fail"}
    # The certificate is of another name than this.
    (other,) = outside.check(TEXT, page.url.replace("localhost", "127.0.0.1"))
    assert (other.status, "127.0.0.1" in other.found) == ("fail", True)
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    (unknown,) = outside.check(TEXT, page.url)
    assert "self-signed" in unknown.found
    (away,) = outside.check(TEXT, f"https://localhost:{ports.free()}")
    assert away.status == "fail"
    assert TEXT("do_outside") == away.do
