"""The committed OpenAPI file is what the code says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from embed_service import Service

from raggen_embed.openapi import render

COMMITTED = Path(__file__).parents[1] / "openapi.json"


def test_the_committed_file_is_up_to_date() -> None:
    same = COMMITTED.read_text("utf-8") == render()
    assert same, "run: cd raggen-embed && python -m raggen_embed.openapi openapi.json"


@pytest.mark.parametrize("readme", ["README.md", "README.ru.md"])
def test_every_address_is_in_the_readme(readme: str) -> None:
    text = (COMMITTED.parent / readme).read_text("utf-8")
    missing = [
        f"{method.upper()} {path}"
        for path, methods in json.loads(render())["paths"].items()
        for method in methods
        if method != "head" and f"`{method.upper()} {path}`" not in text
    ]
    assert missing == []


def test_every_body_has_an_example() -> None:
    document = json.loads(render())
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        for methods in document["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    ]
    assert len(bodies) >= 7
    for body in bodies:
        assert document["components"]["schemas"][body.rpartition("/")[2]]["examples"], body


def test_every_address_says_who_may_ask() -> None:
    document = json.loads(render())
    assert document["security"] == [{"bearer": []}, {"key": []}]
    assert document["paths"]["/healthz"]["get"]["security"] == []
    assert {} in document["paths"]["/readyz"]["get"]["security"]
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert "401" in operation["responses"] or path == "/healthz", path


def test_every_error_is_documented_in_the_one_shape() -> None:
    for path, methods in json.loads(render())["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    content = answer["content"]["application/json"]
                    shape = "OpenAIErrorResponse" if path.startswith("/v1/") else "ErrorResponse"
                    assert content["schema"]["$ref"].endswith(f"/{shape}"), (path, method)
                    said = content["example"]["error"]
                    assert said["message"].endswith("."), (path, method)
                    assert said["request_id"]
                    assert ("type" in said) == path.startswith("/v1/")


def test_the_page_that_shows_it_needs_no_other_server(service: Service) -> None:
    page = service.http.get("/docs")
    assert page.status_code == 200
    assert not re.search(r"(?:https?:)?//[\w-]+\.", page.text), "it names another server"
    parts = re.findall(r"""(?:src|href)="([^"]+)\"""", page.text)
    assert len(parts) == 3, "a script, a style sheet, an icon"
    for part in parts:
        answer = service.http.get(part)
        assert (answer.status_code, len(answer.content) > 1000) == (200, True), part
    assert service.http.get("/openapi.json").json() == json.loads(render())
    assert service.http.get("/docs/static/%2e%2e/core.py").status_code == 404
