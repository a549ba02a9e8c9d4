"""The committed OpenAPI file is what the code says."""

from __future__ import annotations

import json
from pathlib import Path

from raggen_embed.openapi import render

COMMITTED = Path(__file__).parents[1] / "openapi.json"


def test_the_committed_file_is_up_to_date() -> None:
    same = COMMITTED.read_text("utf-8") == render()
    assert same, "run: cd raggen-embed && python -m raggen_embed.openapi openapi.json"


def test_every_error_is_documented_in_the_one_shape() -> None:
    for path, methods in json.loads(render())["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    content = answer["content"]["application/json"]
                    assert content["schema"]["$ref"].endswith("/ErrorResponse"), (path, method)
                    assert content["example"]["error"]["message"]
