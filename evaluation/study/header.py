"""The natural-language header that is embedded and searched, never stored or shown."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from evaluation.study.script import script

_MONTHS_EN: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS_RU: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def header(text: str, speaker: str | None, when: datetime | None) -> str:
    """In the text's language: "On 8 May 2025, Anna said: " or "8 мая 2025 года, Анна: "."""
    if script(text) == "cyrillic":
        date = f"{when.day} {_MONTHS_RU[when.month - 1]} {when.year} года" if when else ""
        says = speaker or ""
    else:
        date = f"On {when.day} {_MONTHS_EN[when.month - 1]} {when.year}" if when else ""
        says = f"{speaker} said" if speaker else ""
    known = ", ".join(part for part in (date, says) if part)
    return f"{known}: " if known else ""
