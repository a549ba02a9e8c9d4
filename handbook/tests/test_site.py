"""The site is built as `make docs` builds it: strictly, in both languages, from here alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from handbook.sources import ROOT

LOADED = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=\"(https?:)?//[^\"]+"
)
FETCHED = re.compile(r"url\(\s*[\"']?(?:https?:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    warnings = [line for line in done.stderr.splitlines() if "INFO" not in line]
    assert done.returncode == 0, "\n".join(warnings)
    return folder


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    for language, folder in (("en", site), ("ru", site / "ru")):
        for page in (ROOT / "docs" / language).rglob("*.md"):
            made = folder / page.relative_to(ROOT / "docs" / language).with_suffix(".html")
            text = made.read_text()
            assert f'lang="{language}"' in text[:400], made
            other = re.search(r'hreflang="\w+"[^>]*href="([^"]+)"', text)
            assert other, made
            assert (made.parent / other[1]).resolve().is_file(), f"{made}: {other[1]}"


def test_nothing_comes_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        assert not LOADED.search(page.read_text()), page
    for style in site.rglob("*.css"):
        assert not FETCHED.search(style.read_text()), style


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path: Path) -> None:
    # A copy with one broken anchor.
    copied = tmp_path / "repository"
    (copied / "docs").mkdir(parents=True)
    for language in ("en", "ru"):
        (copied / "docs" / language).mkdir()
        (copied / "docs" / language / "index.md").write_text("# A\n\n[nowhere](#nowhere)\n")
    config = (ROOT / "mkdocs.yml").read_text()
    config = re.sub(r"^nav:\n(?: .*\n|\n)*", "", config, flags=re.MULTILINE)
    (copied / "mkdocs.yml").write_text(
        config.replace("handbook/theme", str(ROOT / "handbook/theme"))
    )
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=copied,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    assert "#nowhere" in done.stderr
