"""Writes openapi.json, from which raggen-web's client is generated: ``python -m
raggen_embed.openapi``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from raggen_embed.app import create_app
from raggen_embed.settings import Settings


def render() -> str:
    """The OpenAPI document as text, the same for the same code: defaults, not the environment."""
    settings = Settings.model_construct(
        **{name: field.get_default() for name, field in Settings.model_fields.items()}
    )
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the document to the path given, or to stdout."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(render(), encoding="utf-8")
    else:
        sys.stdout.write(render())


if __name__ == "__main__":
    main()
