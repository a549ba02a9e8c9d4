from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from e2e import pictures
from handbook import blocks
from handbook.blocks import DOCS
from handbook.sources import ROOT, WEB

PAGES = sorted(str(page.relative_to(DOCS / "en")) for page in (DOCS / "en").rglob("*.md"))
WRITTEN_FOR_USERS = [name for name in PAGES if name.startswith("use/")]
FENCE = re.compile(r"^( *)```(\w*).*?\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def both(name: str) -> tuple[str, str]:
    return (DOCS / "en" / name).read_text(), (DOCS / "ru" / name).read_text()


def without_code(text: str) -> str:
    return FENCE.sub("", text)


def commands(text: str) -> list[tuple[str, str]]:
    """Fenced blocks that machines read, without comments, which are in the page's language."""
    found = []
    for _, kind, code in FENCE.findall(text):
        if not kind or kind == "text":
            continue
        lines = (re.sub(r"(^|\s+)(#|--|//) .*$", "", line).rstrip() for line in code.splitlines())
        # Names that the reader fills in are in the page's language, too.
        plain = (re.sub(r"<[^>]*>|\S+@\S+|\b[A-ZА-Я]{3,}\b", "…", line) for line in lines if line)
        found.append((kind, "\n".join(plain)))
    return found


def sentences(language: str) -> list[str]:
    """Everything that the interface says in a language."""
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, str):
            found.append(node.replace("’", "'"))
        elif isinstance(node, dict):
            for value in node.values():
                walk(value)

    for file in (WEB / "messages" / language).glob("*.json"):
        walk(json.loads(file.read_text()))
    return found


def test_both_languages_have_the_same_pages() -> None:
    russian = sorted(str(page.relative_to(DOCS / "ru")) for page in (DOCS / "ru").rglob("*.md"))
    assert russian == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_say_the_same(name: str) -> None:
    english, russian = both(name)
    levels = [HEADING.findall(without_code(text)) for text in (english, russian)]
    assert levels[0] == levels[1], "headings"
    assert len(FENCE.findall(english)) == len(FENCE.findall(russian)), "blocks of code"
    assert commands(english) == commands(russian), "commands"
    # Tables: the same rows.
    rows = [
        len(re.findall(r"^\|", without_code(text), re.MULTILINE)) for text in (english, russian)
    ]
    assert rows[0] == rows[1], "rows of tables"
    assert re.search("[а-яё]", without_code(russian))


@pytest.mark.parametrize("name", PAGES)
def test_blocks_that_run_are_the_same_in_both_languages(name: str) -> None:
    english, russian = (
        [(block.code, block.expected) for block in blocks.of(DOCS / language / name)]
        for language in ("en", "ru")
    )
    assert english == russian


def test_something_is_executed() -> None:
    assert len(list(blocks.all_of("en"))) >= 15


def test_a_mark_before_something_else_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A\n\n<!-- run -->\n\nNo block.\n")
    with pytest.raises(ValueError, match="no block of sh"):
        blocks.of(page)


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", WRITTEN_FOR_USERS)
def test_bold_words_are_those_of_the_interface(name: str, language: str) -> None:
    said = sentences(language)
    for words in BOLD.findall(without_code((DOCS / language / name).read_text())):
        looked_for = words.replace("’", "'")
        beginning = looked_for.partition(":")[0]
        known = any(
            looked_for in one or (beginning != looked_for and one.startswith(beginning))
            for one in said
        )
        assert known or name in FREE.get(looked_for, ()), f"the interface does not say “{words}”"


# What is bold for another reason.
FREE: dict[str, tuple[str, ...]] = {
    "E": ("use/context.md",),
    "A chat": ("use/privacy.md",),
    "One message": ("use/privacy.md",),
    "What stays": ("use/privacy.md",),
    "Чат": ("use/privacy.md",),
    "Одно сообщение": ("use/privacy.md",),
    "Что остаётся": ("use/privacy.md",),
}


def test_every_picture_is_taken_by_a_test_and_small() -> None:
    made = {
        pictures.file_of(name, locale) for name in pictures.NAMES for locale in pictures.LOCALES
    }
    shown: set[Path] = set()
    for page in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "README.ru.md"]:
        for text, target in IMAGE.findall(without_code(page.read_text())):
            assert text, f"{page} shows {target} without words for those who cannot see it"
            shown.add((page.parent / target).resolve())
    assert shown <= made, "take it in e2e/test_pictures.py"
    assert made <= shown, "a picture that no page shows"
    for file in shown:
        assert file.stat().st_size <= pictures.MAX_BYTES, file


def test_links_of_what_lies_beside_the_site_lead_somewhere() -> None:
    papers = [
        page
        for folder in (
            ROOT,
            ROOT / "docs/decisions",
            *ROOT.glob("raggen-*"),
            ROOT / "evaluation",
            ROOT / "benchmarks",
        )
        for page in folder.glob("*.md")
    ]
    assert len(papers) > 15
    for page in papers:
        for target in LINK.findall(without_code(page.read_text())):
            if not re.match(r"\w+:|#", target):
                assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"
