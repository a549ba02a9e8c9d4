"""The script of a text, which decides the weights of the fusion."""

from __future__ import annotations

import re
from typing import Final, Literal

Script = Literal["latin", "cyrillic"]
SCRIPTS: Final[tuple[Script, ...]] = ("latin", "cyrillic")
CYRILLIC: Final = re.compile("[\u0400-\u052f]")


def script_of(text: str) -> Script:
    """The script that most letters belong to; no letters at all count as Latin, other scripts too.

    What MiniLM was trained on is Latin; a script that nothing here knows fares no worse there.
    """
    cyrillic = len(CYRILLIC.findall(text))
    others = sum(letter.isalpha() for letter in text) - cyrillic
    return "cyrillic" if cyrillic > others else "latin"
