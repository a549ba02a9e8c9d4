"""The script of a text, which decides the weights of the fusion."""

from __future__ import annotations

import re
from typing import Final, Literal

Script = Literal["latin", "cyrillic"]
SCRIPTS: Final[tuple[Script, ...]] = ("latin", "cyrillic")
CYRILLIC: Final = re.compile("[\u0400-\u052f]")


def script(text: str) -> Script:
    """The script most letters belong to; no letters at all counts as Latin."""
    cyrillic = len(CYRILLIC.findall(text))
    latin = sum(letter.isalpha() for letter in text) - cyrillic
    return "cyrillic" if cyrillic > latin else "latin"
