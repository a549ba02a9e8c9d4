import json
import os
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from raggen_cli import layout, ports, settings
from raggen_cli.backup import places
from raggen_cli.deployment import (
    addresses,
    check,
    clock,
    environment,
    keys,
    outside,
    providers,
    storage,
    verdicts,
)
from raggen_cli.deployment.environment import Environment
from raggen_cli.errors import SettingsError
from raggen_cli.finding import Finding
from raggen_cli.messages import Messages
from raggen_cli.screen import Screen

KEY = "5f1c0a7e9b3d2c4861e0f7a9b8c6d5e4"
GOOD = {
    "HOSTNAME": "127.0.0.1",
    "RAGGEN_EMBED_API_KEYS": f"an-older-key-{KEY},{KEY}",
    "RAGGEN_EMBED_API_KEY": KEY,
    "RAGGEN_WEB_ALLOWED_HOSTS": "chat.company.org",
    "RAGGEN_WEB_TRUSTED_PROXIES": "127.0.0.1",
}
TEXT = Messages("en").text


def of(**changes: str) -> Environment:
    return Environment({name: value for name, value in {**GOOD, **changes}.items() if value}, ())


def statuses(found: list[Finding]) -> dict[str, str]:
    assert all(one.do for one in found if one.status != "ok")
    return {one.id: one.status for one in found}


@pytest.mark.parametrize(
    ("changes", "row", "status"),
    [
        ({}, "names", "ok"),
        ({"HOSTNAME": ""}, "web_address", "fail"),
        ({"HOSTNAME": "0.0.0.0"}, "web_address", "fail"),  # noqa: S104 - what is to be found
        ({"HOSTNAME": "::1"}, "web_address", "ok"),
        ({"RAGGEN_EMBED_HOST": "0.0.0.0"}, "embed_address", "warn"),  # noqa: S104
        ({"RAGGEN_EMBED_HOST": "10.0.0.1", "RAGGEN_EMBED_API_KEYS": ""}, "embed_address", "fail"),
        ({"RAGGEN_EMBED_CORS_ORIGINS": "*"}, "origins", "fail"),
        ({"RAGGEN_EMBED_CORS_ORIGINS": "http://pages.company.org"}, "origins", "warn"),
        ({"RAGGEN_EMBED_CORS_ORIGINS": "https://pages.company.org"}, "origins", "ok"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": ""}, "names", "warn"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "*"}, "names", "fail"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "https://chat.company.org"}, "names", "fail"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "chat.company.org:443"}, "names", "fail"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "chat.example.org"}, "names", "fail"),
        ({"RAGGEN_WEB_TRUSTED_PROXIES": ""}, "proxies", "warn"),
        ({"RAGGEN_WEB_TRUSTED_PROXIES": "0.0.0.0/0"}, "proxies", "fail"),
    ],
)
def test_addresses(changes: dict[str, str], row: str, status: str) -> None:
    found = statuses(list(addresses.check(TEXT, of(**changes))))
    assert found.pop(row) == status
    if len(changes) < 2:
        assert set(found.values()) == {"ok"}


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({}, "ok", "found_key_fits"),
        ({"RAGGEN_EMBED_API_KEYS": "", "RAGGEN_EMBED_API_KEY": ""}, "warn", "found_no_key"),
        ({"RAGGEN_EMBED_API_KEYS": ""}, "fail", "found_key_not_taken"),
        ({"RAGGEN_EMBED_API_KEY": ""}, "fail", "found_key_not_known"),
        ({"RAGGEN_EMBED_API_KEY": KEY[::-1]}, "fail", "found_key_not_known"),
        ({"RAGGEN_EMBED_API_KEYS": "change-me", "RAGGEN_EMBED_API_KEY": "change-me"}, "fail",
         "found_placeholder"),
        ({"RAGGEN_EMBED_API_KEYS": "a" * 32, "RAGGEN_EMBED_API_KEY": "a" * 32}, "warn",
         "found_weak_key"),
        ({"RAGGEN_EMBED_API_KEYS": "", "RAGGEN_EMBED_API_KEY": "", "RAGGEN_EMBED_HOST": "10.0.0.1"},
         "fail", "found_no_key_exposed"),
    ],
)  # fmt: skip
def test_keys(changes: dict[str, str], status: str, said: str) -> None:
    found = keys.embed_key(TEXT, of(**changes))
    assert (found.status, found.found) == (status, TEXT(said))


def test_files_with_keys_are_for_their_owner(tmp_path: Path) -> None:
    file, secret = tmp_path / "web.env", tmp_path / "secret.key"
    file.write_text(f"RAGGEN_EMBED_API_KEY={KEY}\n")
    secret.write_text("x")
    file.chmod(0o640)
    secret.chmod(0o600)
    told = replace(of(), files=[file])
    found = {one.id: one for one in keys.check(TEXT, told, secret)}
    assert found["env_file_web.env"].status == "fail"
    assert found["env_file_web.env"].do == f"chmod 600 {file}"
    assert found["secret"].status == "ok"
    file.chmod(0o600)
    secret.chmod(0o604)
    found = {one.id: one for one in keys.check(TEXT, told, secret)}
    assert [found[name].status for name in ("env_file_web.env", "secret")] == ["ok", "fail"]
    assert KEY not in str(found)


def test_files_of_variables(tmp_path: Path) -> None:
    file = tmp_path / "web.env"
    file.write_text("# a\n; b\n\nA=1\nexport B = 'two words'\nC=\"x=y\"\nnonsense\nD=\n")
    told = environment.of_files([file], {"PATH": "/bin", "RAGGEN_LANG": "ru", "HOSTNAME": "pc"})
    assert {name: told.get(name) for name in "ABCD"} == {
        "A": "1", "B": "two words", "C": "x=y", "D": "",
    }  # fmt: skip
    # What a shell happens to have is not what a unit will have.
    assert told.get("RAGGEN_LANG") == told.get("HOSTNAME") == ""
    assert told.lines == [(file, 7)]
    with pytest.raises(SettingsError) as caught:
        environment.of_files([tmp_path / "absent"], {})
    assert str(tmp_path / "absent") in TEXT(caught.value.key, **caught.value.values)


def test_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "data"
    (home / "embed").mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    (home / "raggen.db").touch(0o644)
    found_places = places.find(settings.parse({}, tmp_path, data_dir=str(home)), {})
    before = sorted(tmp_path.rglob("*"))
    found = {one.id: one for one in storage.check(TEXT, found_places)}
    assert statuses(list(found.values())) == {"space": "ok", "private": "ok", "write": "ok"}
    assert sorted(tmp_path.rglob("*")) == before
    home.chmod(0o755)
    (home / "raggen.db").chmod(0o644)
    seen = statuses(list(storage.check(TEXT, found_places)))
    assert (seen["private_data"], seen["private_raggen.db"]) == ("warn", "fail")
    monkeypatch.setattr(storage, "GOOD_MS", 0.0)
    monkeypatch.setattr(storage, "LEAST_MEGABYTES", 10**12)
    monkeypatch.setattr(storage, "GOOD_MEGABYTES", 10**12)
    seen = statuses(list(storage.check(TEXT, found_places)))
    assert (seen["write"], seen["space"]) == ("warn", "fail")


@pytest.mark.parametrize(
    ("answer", "status"), [("yes", "ok"), ("no", "warn"), ("?", "ok"), (None, "ok")]
)
def test_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None, status: str
) -> None:
    if answer:
        program = tmp_path / "timedatectl"
        program.write_text(f"#!/bin/sh\necho {answer}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if answer else str(tmp_path))
    file = tmp_path / "written"
    file.touch()
    assert clock.check(TEXT, [file]).status == status
    ahead = time.time() + 3600
    os.utime(file, (ahead, ahead))
    found = clock.check(TEXT, [file, tmp_path / "absent"])
    assert found.status == "fail"
    assert "60 minutes" in found.found


def test_the_services_judge_their_own_settings() -> None:
    told = of(RAGGEN_WEB_DATABASE_URL="file:/var/lib/raggen/raggen.db", PATH=os.environ["PATH"])
    found = list(verdicts.check(TEXT, layout.find(), told))
    assert statuses(found) == {"settings_embed": "ok", "settings_web": "ok"}
    wrong = of(RAGGEN_EMBED_THREADS="many", RAGGEN_WEB_DATABASE_URL="raggen.db")
    seen = {one.id: one for one in verdicts.check(TEXT, layout.find(), wrong)}
    assert [one.status for one in seen.values()] == ["fail", "fail"]
    assert "RAGGEN_EMBED_THREADS cannot be used" in seen["settings_embed"].found
    assert "RAGGEN_WEB_DATABASE_URL cannot be used" in seen["settings_web"].found


@pytest.fixture
def model_server() -> Iterator[str]:
    """A provider that knows one key, and says so as OpenAI's protocol does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.headers.get("Authorization") == f"Bearer {KEY}"
            body = {"object": "list", "data": [{"id": "one", "object": "model"}]}
            refused = {"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}
            content = json.dumps(body if known else refused).encode()
            self.send_response(200 if known else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join(5)


def everything(files: list[Path], language: str, base: Mapping[str, str]) -> tuple[int, str]:
    output = StringIO()
    screen = Screen(Messages(language), Console(file=output, width=300))
    code = check.run(layout.find(), screen, base, files, data_dir=None, url=None, as_json=True)
    return code, output.getvalue()


@pytest.mark.parametrize("language", ["ru"])
def test_a_whole_environment(tmp_path: Path, model_server: str, language: str) -> None:
    """raggen-web itself asks the providers: one that takes its key, one that does not, one away."""
    embed, web = tmp_path / "embed.env", tmp_path / "web.env"
    (tmp_path / "data").mkdir(mode=0o700)
    lines = {
        **{name: value for name, value in GOOD.items() if "API_KEYS" not in name},
        "PORT": ports.free(),
        "RAGGEN_WEB_DATABASE_URL": f"file:{tmp_path / 'data' / 'raggen.db'}",
        "RAGGEN_OPENAI_BASE_URL": model_server,
        "RAGGEN_OPENAI_API_KEY": KEY,
        "RAGGEN_YANDEXGPT_BASE_URL": model_server,
        "RAGGEN_YANDEXGPT_API_KEY": "expired",
        "RAGGEN_YANDEXGPT_FOLDER": "b1gfolder",
        "RAGGEN_GIGACHAT_AUTH_KEY": "whatever",
        "RAGGEN_GIGACHAT_AUTH_URL": f"http://127.0.0.1:{ports.free()}/oauth",
        "RAGGEN_GIGACHAT_BASE_URL": f"http://127.0.0.1:{ports.free()}/v1",
    }
    web.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    embed.write_text(f"RAGGEN_EMBED_API_KEYS={KEY}\n"
                     f"RAGGEN_EMBED_DATA_DIR={tmp_path / 'data' / 'embed'}\n")  # fmt: skip
    for file in (embed, web):
        file.chmod(0o600)
    code, output = everything([embed, web], language, os.environ)
    found = {one["id"]: one for one in json.loads(output)["checks"]}
    failed = {name for name, one in found.items() if one["status"] == "fail"}
    assert failed == {"provider_env-yandexgpt", "provider_env-gigachat"}, output
    assert code == 1
    assert found["provider_env-openai"]["status"] == "ok"
    assert "provider_unauthorized" in found["provider_env-yandexgpt"]["found"]
    assert "ключ" in found["provider_env-yandexgpt"]["do"]
    assert "provider_unreachable" in found["provider_env-gigachat"]["found"]
    assert found["provider_env-gigachat"]["do"]
    # Of the person's data nothing was made, and no key is shown.
    assert list((tmp_path / "data").iterdir()) == []
    assert KEY not in output
    assert "expired" not in output


def test_every_failure_is_explained_in_both_languages() -> None:
    for language in ("en", "ru"):
        for code in ("provider_unauthorized", "provider_quota", "provider_certificate",
                     "provider_unreachable", "too_many_requests"):  # fmt: skip
            sentence = providers.explained(layout.find(), language, code)
            assert sentence
            assert "{" not in sentence


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
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        shown.url = f"https://localhost:{server.server_port}"
        yield shown
        server.shutdown()
        thread.join(5)


@pytest.mark.parametrize(("days", "status"), [(90, "ok"), (15, "warn"), (3, "fail")])
def test_the_page_from_outside(page: Page, status: str) -> None:
    found = statuses(list(outside.check(TEXT, page.url)))
    assert found == {"password": "ok", "certificate": status, "hsts": "ok", "plain": "ok"}
    page.status, page.hsts = 200, False
    found = statuses(list(outside.check(TEXT, page.url)))
    assert (found["password"], found["hsts"]) == ("fail", "warn")


@pytest.mark.parametrize("days", [90])
def test_a_page_that_nobody_should_trust(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    assert statuses(list(outside.check(TEXT, "http://localhost"))) == {"outside": "fail"}
    # The certificate is of another name than this.
    (other,) = outside.check(TEXT, page.url.replace("localhost", "127.0.0.1"))
    assert (other.status, "127.0.0.1" in other.found) == ("fail", True)
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    (unknown,) = outside.check(TEXT, page.url)
    assert "self-signed" in unknown.found
    (away,) = outside.check(TEXT, f"https://localhost:{ports.free()}")
    assert away.status == "fail"
    assert TEXT("do_outside") == away.do
