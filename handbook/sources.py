"""Where the settings are in the code: pydantic's, zod's, and the command line's."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from raggen_cli import layout
from raggen_cli.settings import EMBED_PORT, LOCAL_MODEL_PORT, WEB_PORT
from raggen_embed.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "raggen-web"
# Types are taken out of the sources by Node itself, which calls that an experiment.
NODE_FLAGS = ("--disable-warning=ExperimentalWarning", "--experimental-transform-types")
READ = (
    ("raggen-embed/raggen_embed", "*.py"),
    ("raggen-cli/raggen_cli", "*.py"),
    ("raggen-web/src", "*.ts"),
    ("raggen-web/src", "*.tsx"),
    ("raggen-web/scripts", "*.mjs"),
)
NAME = re.compile(r"\bRAGGEN_[A-Z0-9_]*[A-Z0-9]\b(?!_)")
# Names of the same form that are none: the cookie of the language, and what only tests read.
NO_SETTINGS = frozenset({"RAGGEN_LOCALE"})


def embed() -> dict[str, dict[str, Any]]:
    """raggen-embed's settings: JSON schema by variable."""
    properties: dict[str, dict[str, Any]] = Settings.model_json_schema()["properties"]
    return {f"{PREFIX}{name.upper()}": schema for name, schema in properties.items()}


@cache
def web() -> dict[str, dict[str, Any]]:
    """raggen-web's, as its own code tells them.

    Raises:
        subprocess.CalledProcessError: its code cannot be read.
    """
    command = [str(layout.find().node), *NODE_FLAGS, str(WEB / "scripts" / "settings.mjs")]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=True, timeout=120)
    properties: dict[str, dict[str, Any]] = json.loads(done.stdout)["properties"]
    return properties


def cli() -> dict[str, dict[str, Any]]:
    """The command line's."""
    ports = {
        "RAGGEN_WEB_PORT": WEB_PORT,
        "RAGGEN_EMBED_PORT": EMBED_PORT,
        "RAGGEN_LOCAL_MODEL_PORT": LOCAL_MODEL_PORT,
    }
    schemas: dict[str, dict[str, Any]] = {
        name: {"type": "integer", "minimum": 0, "maximum": 65535, "default": port}
        for name, port in ports.items()
    }
    return schemas | {"RAGGEN_DATA_DIR": {"type": "string"}, "RAGGEN_LANG": {"type": "string"}}


def named(root: Path = ROOT) -> Iterator[tuple[str, Path]]:
    """Every variable of ours that is written anywhere in the code, with the file."""
    for folder, pattern in READ:
        for file in sorted((root / folder).rglob(pattern)):
            if ".test." in file.name or "generated" in str(file.relative_to(root)):
                continue
            for name in NAME.findall(file.read_text()):
                if name not in NO_SETTINGS:
                    yield name, file
