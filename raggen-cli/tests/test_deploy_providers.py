import json
import os
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from e2e.serving import serving
from rich.console import Console

from raggen_cli import layout, ports
from raggen_cli.deployment import check, environment, providers
from raggen_cli.deployment.environment import Environment
from raggen_cli.messages import Messages
from raggen_cli.screen import Screen

KEY = "5f1c0a7e9b3d2c4861e0f7a9b8c6d5e4"
GOOD = {
    "HOSTNAME": "127.0.0.1",
    "RAGGEN_EMBED_API_KEY": KEY,
    "RAGGEN_WEB_ALLOWED_HOSTS": "chat.company.org",
    "RAGGEN_WEB_TRUSTED_PROXIES": "127.0.0.1",
}
TEXT = Messages("en").text


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

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}/v1"


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
        **GOOD,
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


def test_a_running_raggen_is_asked_itself(model_server: str) -> None:
    """It also knows the providers that were connected in its page."""
    place = layout.find()
    told = environment.of_files([], os.environ)
    with providers.trial(place, told) as port:
        assert port is not None
        none = list(providers.check(TEXT, place, Environment({"PORT": str(port)}, ()), "en"))
        assert [(one.id, one.found) for one in none] == [("providers", TEXT("found_no_providers"))]
        mine = {"kind": "openai", "name": "Mine", "baseUrl": model_server, "apiKey": KEY}
        with urllib.request.urlopen(
            urllib.request.Request(
                f"http://127.0.0.1:{port}/api/providers",
                data=json.dumps(mine).encode(),
                headers={"content-type": "application/json"},
            )
        ) as connected:
            assert connected.status == 201
        (found,) = providers.check(TEXT, place, Environment({"PORT": str(port)}, ()), "en")
        assert (found.name, found.status) == ("Mine", "ok")


def test_every_failure_is_explained_in_both_languages() -> None:
    for language in ("en", "ru"):
        for code in ("provider_unauthorized", "provider_quota", "provider_certificate",
                     "provider_unreachable", "too_many_requests"):  # fmt: skip
            sentence = providers.explained(layout.find(), language, code)
            assert sentence
            assert "{" not in sentence
