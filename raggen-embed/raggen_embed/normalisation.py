"""Unicode's NFKC for any text, in time that grows with its length."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

# How many combining marks may follow each other; as in the Stream-Safe Text Format of UAX #15.
MARKS: Final = 30
_JOINER: Final = "\u034f"  # the mark that stops the sorting of marks
_FIRST_MARK, _LAST_MARK = 0x300, 0x1F000
# What might be a run: no mark is a letter, except for the two that go with half-width kana. Thirty
# times as fast as looking for marks.
_SUSPICIOUS: Final = re.compile(rf"[\W\uff9e\uff9f]{{{MARKS}}}")


def nfkc(text: str) -> str:
    """The text in NFKC, which composes й and unfolds ﬁ.

    Python sorts the marks behind a letter in quadratic time, in which no other thread runs: two
    hundred thousand of them would stop the process for minutes. No language writes so many, so a
    run of more than MARKS is broken up.
    """
    if not text.isascii() and _SUSPICIOUS.search(text):
        text = _runs().sub(rf"\g<0>{_JOINER}", text)
    return unicodedata.normalize("NFKC", text)


@cache
def _runs() -> re.Pattern[str]:
    marks = "".join(
        character
        for character in map(chr, range(_FIRST_MARK, _LAST_MARK))
        # Some are none themselves, but are made of marks.
        if unicodedata.combining(unicodedata.normalize("NFKD", character)[0])
    )
    one = f"[{re.escape(marks)}]"
    return re.compile(f"{one}{{{MARKS}}}(?={one})")
