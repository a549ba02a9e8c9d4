from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from handbook import configuration, sources
from handbook.setting import UndocumentedError, described
from handbook.sources import ROOT, WEB
from pydantic import Field

from raggen_cli import layout
from raggen_embed.settings import Settings

KEY = "0123456789abcdef0123456789abcdef"


class WithAnother(Settings):
    hidden: int = Field(default=1, ge=1, le=2, description="1 or 2")


def test_the_pages_are_what_the_code_says() -> None:
    for name, content in configuration.files().items():
        assert (ROOT / name).read_text() == content, f"{name} is out of date: make handbook"


def test_every_setting_is_in_both_languages() -> None:
    parts = configuration.settings()
    names = {one.name for part in parts.values() for one in part}
    assert {"RAGGEN_EMBED_API_KEYS", "RAGGEN_WEB_ALLOWED_HOSTS", "RAGGEN_DATA_DIR"} <= names
    pages = {language: configuration.page(parts, language) for language in ("en", "ru")}
    for part in parts.values():
        for one in part:
            assert all(f"`{one.name}`" in page for page in pages.values())
            assert re.search("[а-яё]", one.what("ru")), one.name
            assert not re.search("[а-яё]", one.what("en")), one.name


def test_a_new_setting_must_be_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "Settings", WithAnother)
    with pytest.raises(UndocumentedError, match="RAGGEN_EMBED_HIDDEN"):
        configuration.settings()


def test_a_setting_that_went_must_be_forgotten() -> None:
    schemas = sources.embed()
    del schemas["RAGGEN_EMBED_THREADS"]
    with pytest.raises(UndocumentedError, match="RAGGEN_EMBED_THREADS"):
        described("embed", schemas)


def test_a_variable_that_is_read_beside_the_settings_is_found(tmp_path: Path) -> None:
    for folder, _ in sources.READ:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    source = tmp_path / "raggen-web" / "src" / "secret-door.ts"
    source.write_text("export const door = process.env.RAGGEN_WEB_SECRET_DOOR ?? ''\n")
    assert ("RAGGEN_WEB_SECRET_DOOR", source) in set(sources.named(tmp_path))


def filled(service: str) -> dict[str, str]:
    """The variables of an example file, with a key where one has to be written."""
    lines = (ROOT / "deploy" / f"{service}.env.example").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value.replace("change-me", KEY) for name, value in pairs}


def test_raggen_embed_takes_the_example() -> None:
    command = "from raggen_embed.settings import load_settings; print(load_settings().data_dir)"
    done = subprocess.run(
        [sys.executable, "-c", command],
        env={"PYTHONPATH": os.pathsep.join(sys.path), **filled("raggen-embed")},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "/var/lib/raggen/embed\n"


@pytest.mark.parametrize(
    ("change", "code"), [({}, 0), ({"RAGGEN_WEB_DATABASE_URL": "chats.db"}, 1)]
)
def test_raggen_web_takes_the_example(change: dict[str, str], code: int) -> None:
    command = [str(layout.find().node), *sources.NODE_FLAGS, "scripts/settings.mjs", "--check"]
    done = subprocess.run(
        command, cwd=WEB, env={"NODE_ENV": "production", **filled("raggen-web"), **change},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert ("RAGGEN_WEB_DATABASE_URL cannot be used" in done.stderr) is bool(code)
