"""The pictures of the documentation, which a test takes: `make screenshots` renews them."""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from e2e.stack import ROOT

FOLDER = ROOT / "docs" / "images"
NAMES = ("chat", "context", "memory", "settings", "providers", "phone")
LOCALES = ("en", "ru")
MAX_BYTES = 100_000


def file_of(name: str, locale: str) -> Path:
    """Where a picture of the documentation is."""
    return FOLDER / f"{name}-{locale}.png"


def keep(page: Page, name: str, locale: str, artifacts: Path) -> None:
    """Take a picture of the page; where RAGGEN_RENEW_PICTURES is set, the documentation's anew.

    A screen has few colours: 128 of them look the same and take a third of the bytes.
    """
    assert name in NAMES, f"{name} is not in e2e/pictures.py"
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = picture.quantize(128, dither=Image.Dither.NONE)
    artifacts.mkdir(parents=True, exist_ok=True)
    file = artifacts / f"{name}-{locale}.png"
    small.save(file, optimize=True)
    assert file.stat().st_size <= MAX_BYTES, f"{file} is too large for a page"
    if os.environ.get("RAGGEN_RENEW_PICTURES"):
        file_of(name, locale).write_bytes(file.read_bytes())
    assert file_of(name, locale).exists(), "run `make screenshots`"
