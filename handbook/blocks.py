"""Commands in the documentation that a test executes.

The line `<!-- run -->` before a fenced block of `sh` says that the block can run, from the root of
the repository, against a raggen on this machine, and does no harm. `<!-- expect: text -->` below it
says what the output holds. Other `sh` blocks need something that a test has not: another machine, a
server's certificate, an hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handbook.sources import ROOT

DOCS = ROOT / "docs"
BLOCK = re.compile(
    r"^<!-- run -->\n(?:<!-- expect: (?P<expected>.+?) -->\n)?\n*```sh\n(?P<code>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)
MARK = "<!-- run -->"


@dataclass(frozen=True)
class Block:
    """Commands, and a piece of what they print."""

    page: Path
    line: int
    code: str
    expected: str | None

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"{self.page.relative_to(DOCS)}:{self.line}"


def of(page: Path) -> list[Block]:
    """The blocks of a page, in its order.

    Raises:
        ValueError: something is marked that is no block of `sh`.
    """
    text = page.read_text()
    found = [
        Block(page, text.count("\n", 0, match.start()) + 1, match["code"], match["expected"])
        for match in BLOCK.finditer(text)
    ]
    if len(found) != text.count(f"\n{MARK}\n"):
        raise ValueError(f"{page}: {MARK} stands before something that is no block of sh")
    return found


def all_of(language: str) -> Iterator[Block]:
    """All blocks in a language, page by page."""
    for page in sorted((DOCS / language).rglob("*.md")):
        yield from of(page)
