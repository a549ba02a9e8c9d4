"""Texts that no two items share, in two languages: a number and a revision say which is which."""

from __future__ import annotations

import re

ANIMALS = ["fox", "owl", "bear", "crane", "otter", "lynx", "heron", "badger", "salmon", "raven"]
PLACES = ["harbour", "attic", "chapel", "orchard", "station", "quarry", "theatre", "bakery"]
RUSSIAN_ANIMALS = [
    *("лиса", "сова", "медведь", "журавль", "выдра"),
    *("рысь", "цапля", "барсук", "лосось", "ворон"),
]
RUSSIAN_PLACES = [
    *("гаванью", "чердаком", "часовней", "садом"),
    *("вокзалом", "карьером", "театром", "пекарней"),
]
_MARKS = re.compile(r"\b(?:number|номер)(\d+)x(\d+)\b")


def is_english(number: int) -> bool:
    """Every third item is Russian."""
    return number % 3 != 0


def text_of(number: int, revision: int = 1) -> str:
    """What item ``number`` says at ``revision``: another animal in another place each time."""
    animal, place = (number + 3 * revision) % 10, (number + 5 * revision) % 8
    gate = number * 7 + revision
    if is_english(number):
        return (
            f"The {ANIMALS[animal]} number{number}x{revision} sleeps behind the {PLACES[place]} "
            f"near gate{gate}."
        )
    return (
        f"За {RUSSIAN_PLACES[place]} спит {RUSSIAN_ANIMALS[animal]} номер{number}x{revision} "
        f"у ворот{gate}."
    )


def marks_of(text: str) -> tuple[int, int]:
    """The number and the revision that a text was made of."""
    found = _MARKS.search(text)
    if found is None:
        raise ValueError(f"not made here: {text}")
    return int(found[1]), int(found[2])
