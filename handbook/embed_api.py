"""The reference page of raggen-embed's interface, from its OpenAPI file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from handbook.setting import LANGUAGES
from handbook.sources import ROOT
from handbook.translation import Translations

SOURCE = ROOT / "raggen-embed" / "openapi.json"
METHODS = ("get", "post", "put", "delete")
REFERENCE = "#/components/schemas/"
# Shapes that every address shares and the page describes in its own words.
ERRORS = frozenset({"ErrorBody", "ErrorResponse", "OpenAIErrorBody", "OpenAIErrorResponse"})
HEAD = {
    "en": """# The API of raggen-embed

<!-- Made by `make handbook` from raggen-embed/openapi.json. -->

The running service shows the same at <http://127.0.0.1:8001/docs>, where it can be tried out; the
file is `raggen-embed/openapi.json`. [Examples](../develop/api.md) ·
[settings and keys](configuration.md#raggen-embed)

Errors are `{"error": {"code", "message", "request_id"}}`; below `/v1/` they have OpenAI's shape.

| status | what it means |
| --- | --- |
| 400 | not readable |
| 401 | no key, where keys are set |
| 404 | no such item or model |
| 409 | in use |
| 413 | too large, or too much text |
| 415 | not JSON |
| 422 | invalid; `details` says where |
| 429 | too much is waiting; `Retry-After` says when to ask again |
| 503 | loading, stopping or broken |
| 507 | the disk is full, and nothing was stored |
""",
    "ru": """# API raggen-embed

<!-- Страницу делает `make handbook` из raggen-embed/openapi.json. -->

То же показывает работающая служба по адресу <http://127.0.0.1:8001/docs>, где можно попробовать;
файл – `raggen-embed/openapi.json`. [Примеры](../develop/api.md) ·
[настройки и ключи](configuration.md#raggen-embed)

Ошибки – `{"error": {"code", "message", "request_id"}}`; под `/v1/` – как у OpenAI.

| код | что он значит |
| --- | --- |
| 400 | не разобрать |
| 401 | нет ключа, а ключи заданы |
| 404 | нет такой записи или модели |
| 409 | занято |
| 413 | слишком велико или слишком много текста |
| 415 | не JSON |
| 422 | не годится; где – в `details` |
| 429 | слишком много ждёт; когда повторить – в `Retry-After` |
| 503 | загружается, останавливается или сломано |
| 507 | диск заполнен, ничего не записано |
""",
}
WORDS = {
    "en": {
        "addresses": "Addresses",
        "shapes": "Shapes",
        "takes": "Takes",
        "gives": "Gives",
        "parameters": "Parameters",
        "columns": ("field", "type", "default", "what it is"),
        "required": "required",
        "or": "or",
    },
    "ru": {
        "addresses": "Адреса",
        "shapes": "Виды данных",
        "takes": "Принимает",
        "gives": "Возвращает",
        "parameters": "Параметры",
        "columns": ("поле", "тип", "по умолчанию", "что это"),
        "required": "обязательно",
        "or": "или",
    },
}


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def kind(schema: Mapping[str, Any], language: str) -> str:
    """A JSON schema's type in a few words of Markdown."""
    if "$ref" in schema:
        return _link(schema["$ref"].removeprefix(REFERENCE))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return f" {WORDS[language]['or']} ".join(
                dict.fromkeys(kind(one, language) for one in schema[key])
            )
    if schema.get("type") == "array":
        return f"[ {kind(schema.get('items', {}), language)} ]"
    return str(schema.get("format", schema.get("type", "JSON"))) + _bounds(schema)


def _bounds(schema: Mapping[str, Any]) -> str:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum")
    if low is None or high is None or high > 2**52:
        return ""
    return f" {low:g}…{high:g}"


def _default(schema: Mapping[str, Any], *, required: bool, language: str) -> str:
    if required:
        return str(WORDS[language]["required"])
    value = schema.get("default")
    return "" if value is None else f"`{json.dumps(value)}`"


def table(
    fields: Iterator[tuple[str, Mapping[str, Any], bool, str]],
    language: str,
    translations: Translations,
) -> str:
    """Fields as a table: name, schema, whether required, what it is."""
    lines = [f"| {' | '.join(WORDS[language]['columns'])} |", "| --- | --- | --- | --- |"]
    for name, schema, required, text in fields:
        what = translations.of(text, language) if text else ""
        cells = (
            f"`{name}`",
            kind(schema, language),
            _default(schema, required=required, language=language),
            what,
        )
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def operation(
    method: str, path: str, found: Mapping[str, Any], language: str, translations: Translations
) -> str:
    """One address in Markdown."""
    words = WORDS[language]
    lines = [
        f"### {method.upper()} {path}\n",
        translations.of(found["description"], language) + "\n",
    ]
    parameters = found.get("parameters", [])
    if parameters:
        rows = (
            (one["name"], one["schema"], one.get("required", False), one.get("description", ""))
            for one in parameters
        )
        lines.append(f"{words['parameters']}:\n\n{table(rows, language, translations)}")
    facts = []
    for label, content in (
        (words["takes"], found.get("requestBody", {}).get("content", {})),
        (words["gives"], found["responses"]["200"].get("content", {})),
    ):
        schema = content.get("application/json", {}).get("schema")
        if schema:
            facts.append(f"{label}: {kind(schema, language)}.")
    if facts:
        lines.append(" ".join(facts) + "\n")
    return "\n".join(lines)


def shape(name: str, schema: Mapping[str, Any], language: str, translations: Translations) -> str:
    """One kind of data in Markdown."""
    required = set(schema.get("required", ()))
    rows = (
        (field, one, field in required, one.get("description", ""))
        for field, one in schema.get("properties", {}).items()
    )
    text = translations.of(schema["description"], language)
    return f"### {name}\n\n{text}\n\n{table(rows, language, translations)}"


def page(spec: Mapping[str, Any], language: str, translations: Translations) -> str:
    """The page in one language, as Markdown."""
    words = WORDS[language]
    parts = [HEAD[language], f"## {words['addresses']}\n"]
    for path, methods in spec["paths"].items():
        parts += [
            operation(method, path, methods[method], language, translations)
            for method in METHODS
            if method in methods
        ]
    parts.append(f"## {words['shapes']}\n")
    parts += [
        shape(name, schema, language, translations)
        for name, schema in spec["components"]["schemas"].items()
        if name not in ERRORS
    ]
    return "\n".join(parts)


def files() -> dict[str, str]:
    """All that is made, by path in the repository."""
    spec = json.loads(SOURCE.read_text())
    translations = Translations("embed")
    made = {
        f"docs/{language}/reference/api-embed.md": page(spec, language, translations)
        for language in LANGUAGES
    }
    translations.finish()
    return made
