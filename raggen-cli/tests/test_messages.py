import ast
import string
from pathlib import Path

import pytest

import raggen_cli
from raggen_cli.messages import LANGUAGES, Messages, choose

SOURCES = sorted(Path(raggen_cli.__file__).parent.rglob("*.py"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def words_in_source() -> tuple[set[str], list[str]]:
    """Return all string constants of the code, and the fixed beginnings of its f-strings."""
    constants: set[str] = set()
    beginnings: list[str] = []
    for source in SOURCES:
        if "messages" in source.parts:
            continue
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.append(str(node.values[0].value))
    return constants, beginnings


def test_both_languages_have_the_same_sentences() -> None:
    assert LANGUAGES["en"].keys() == LANGUAGES["ru"].keys()


@pytest.mark.parametrize("key", LANGUAGES["en"])
def test_both_languages_fill_the_same_places(key: str) -> None:
    english, russian = (placeholders(LANGUAGES[name][key]) for name in ("en", "ru"))
    assert english == russian
    assert LANGUAGES["ru"][key].strip()


def test_every_sentence_is_used() -> None:
    constants, beginnings = words_in_source()
    families = tuple(word for word in beginnings if word in {"check_", "step_", "upgrade_step_"})
    assert families
    unused = [
        key for key in LANGUAGES["en"] if key not in constants and not key.startswith(families)
    ]
    assert unused == []


def test_russian_is_russian() -> None:
    same = {key for key, text in LANGUAGES["en"].items() if LANGUAGES["ru"][key] == text}
    names = {
        "check_outside",
        "check_provider",
        "found_provider_failed",
        "step_torch",
        "check_python",
        "check_node",
        "check_embed",
        "check_web",
        "doctor_title",
    }
    assert same <= names


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "RAGGEN_LANG": "en"}, "en"),
        ({"LANG": "", "RAGGEN_LANG": "ru"}, "ru"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_environment(environment: dict[str, str], language: str) -> None:
    assert choose(environment) == Messages(language)
