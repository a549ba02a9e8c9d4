"""The same conversation in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """What is said, what is asked later, and what the answer must hold."""

    locale: str
    browser_locale: str
    tell: str
    ask: str
    follow_up: str
    quoted: str
    unrelated: str
    small_talk: tuple[str, ...]


SCENARIOS = (
    Scenario(
        locale="en",
        browser_locale="en-GB",
        tell="My dog is called Archie, he is afraid of thunder.",
        ask="What is my dog afraid of?",
        follow_up="And why?",
        quoted="he is afraid of thunder",
        unrelated="How many planets orbit the Sun?",
        small_talk=(
            "On Saturday I am meeting Nina at the botanical garden.",
            "The new boiler needs its pressure checked every month.",
        ),
    ),
    Scenario(
        locale="ru",
        browser_locale="ru-RU",
        tell="Мою собаку зовут Арчи, он боится грозы.",
        ask="Чего боится моя собака?",
        follow_up="А почему?",
        quoted="он боится грозы",
        unrelated="Сколько планет в Солнечной системе?",
        small_talk=(
            "В субботу встречаюсь с Ниной в ботаническом саду.",
            "У нового котла нужно раз в месяц проверять давление.",
        ),
    ),
)
