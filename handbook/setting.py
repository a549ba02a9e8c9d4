"""A setting as the reference page shows it: from the code, and from what was written about it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "ru")
TEXTS = Path(__file__).parent / "settings"


class UndocumentedError(Exception):
    """A setting that nobody has described, or a description of none."""


@dataclass(frozen=True)
class Setting:
    """One variable.

    Args:
        name: of the variable.
        schema: its JSON schema, with `default` where the code knows it.
        text: what handbook/settings says of it: `en`, `ru` and the keys below.
    """

    name: str
    schema: Mapping[str, Any]
    text: Mapping[str, Any]

    def what(self, language: str) -> str:
        """What it does."""
        return str(self.text[language])

    def default(self, language: str) -> str:
        """What holds where it is not set, in Markdown."""
        written = self._written("default", language)
        if written is not None:
            return written
        value = self.schema.get("default")
        if value in (None, "", []):
            return {"en": "none", "ru": "нет"}[language]
        return f"`{_shown(value)}`"

    def values(self, language: str) -> str:
        """What may be written, in Markdown."""
        written = self._written("values", language)
        if written is not None:
            return written
        schema = self.schema
        if "anyOf" in schema:  # a number, or nothing
            schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
        if "enum" in schema:
            return ", ".join(f"`{value}`" for value in schema["enum"])
        if schema.get("type") == "boolean":
            return "`on`, `off`"
        if "maximum" in schema:
            return f"{schema['minimum']}…{schema['maximum']}"
        raise UndocumentedError(f"{self.name}: say in handbook/settings what its values may be")

    @property
    def group(self) -> str | None:
        """A part of its service's settings that stands by itself."""
        return self.text.get("group")

    @property
    def production(self) -> str | None:
        """What a file for production says; None where the default is right."""
        return self.text.get("production")

    @property
    def option(self) -> str | None:
        """The command line's option that beats it."""
        return self.text.get("option")

    def _written(self, key: str, language: str) -> str | None:
        for name in (f"{key}_{language}", key):
            if name in self.text:
                value = str(self.text[name])
                is_code = name == "default"
                return f"`{value}`" if is_code else value
        return None


def _shown(value: object) -> str:
    if value is True:
        return "on"
    if value is False:
        return "off"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def described(part: str, schemas: Mapping[str, Mapping[str, Any]]) -> list[Setting]:
    """Bring schemas and descriptions of a part together, in the order of the descriptions.

    Args:
        part: the file in handbook/settings, without its ending.
        schemas: by variable, what the code says.

    Raises:
        UndocumentedError: naming the variables that only one of both knows.
    """
    file = TEXTS / f"{part}.toml"
    texts = tomllib.loads(file.read_text())
    missing = sorted(set(schemas) - set(texts))
    if missing:
        raise UndocumentedError(f"describe in {file.name}: {', '.join(missing)}")
    # What is read elsewhere than in the settings' class says where.
    unknown = sorted(
        name for name, text in texts.items() if name not in schemas and "read_by" not in text
    )
    if unknown:
        raise UndocumentedError(f"{file.name} describes what no code reads: {', '.join(unknown)}")
    for name, text in texts.items():
        if any(language not in text for language in LANGUAGES):
            raise UndocumentedError(f"{name} in {file.name} needs both languages")
    return [Setting(name, schemas.get(name, {}), text) for name, text in texts.items()]
