"""The reference page of raggen-web's interface, from its routes and what is written about them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from handbook.setting import LANGUAGES, UndocumentedError
from handbook.sources import WEB
from handbook.web_routes import Route, needed, routes, schemas

TEXTS = Path(__file__).parent / "routes.toml"
MESSAGES = WEB / "messages"
HEAD = {
    "en": """# The API of raggen-web

<!-- Made by `make handbook` from raggen-web/src/app and handbook/routes.toml. -->

JSON in, JSON out; answers come as a stream of server-sent events. [Examples](../develop/api.md)

- Requests that change something must carry `Content-Type: application/json` and come from
  raggen's own page or from a program: a page of another site is refused (403).
- Errors are `{"error": {"code", "requestId", "detail"}}`; the codes are [below](#errors).
  `requestId` is in the log, and in the header `X-Request-Id` of every answer. You may send one
  yourself.
- Each client has [limits](configuration.md#raggen-web) by kind of request: `ask`, `heavy`,
  `write`, `read`. Beyond them 429, with `Retry-After`.

What a body or query may be stands below its address as the code has it (zod).
""",
    "ru": """# API raggen-web

<!-- Страницу делает `make handbook` из raggen-web/src/app и handbook/routes.toml. -->

На входе JSON, на выходе JSON; ответы идут потоком событий (server-sent events).
[Примеры](../develop/api.md)

- Запросы, которые что-то меняют, должны нести `Content-Type: application/json` и приходить со
  страницы raggen или от программы: странице другого сайта откажут (403).
- Ошибки – `{"error": {"code", "requestId", "detail"}}`; коды – [ниже](#ошибки). `requestId` есть
  в журнале и в заголовке `X-Request-Id` каждого ответа. Можно прислать свой.
- У каждого клиента есть [пределы](configuration.md#raggen-web) по виду запроса: `ask`, `heavy`,
  `write`, `read`. Сверх них – 429 с `Retry-After`.

Каким может быть тело или запрос, написано под адресом так, как в коде (zod).
""",
}
GROUPS = {
    "chats": {"en": "Chats", "ru": "Чаты"},
    "messages": {"en": "Answers", "ru": "Ответы"},
    "memory": {"en": "Memory", "ru": "Память"},
    "search": {"en": "Search", "ru": "Поиск"},
    "settings": {"en": "Settings", "ru": "Настройки"},
    "providers": {"en": "Providers", "ru": "Провайдеры"},
    "transfer": {"en": "Chats as files", "ru": "Чаты в файлах"},
    "quality": {"en": "Quality", "ru": "Качество"},
    "state": {"en": "State", "ru": "Состояние"},
}
WORDS = {
    "en": {
        "limit": "Limit",
        "none": "none",
        "uses": "Shapes",
        "shapes": "Shared shapes",
        "errors": "Errors",
        "columns": ("code", "what people read"),
    },
    "ru": {
        "limit": "Предел",
        "none": "нет",
        "uses": "Виды данных",
        "shapes": "Общие виды данных",
        "errors": "Ошибки",
        "columns": ("код", "что читает человек"),
    },
}


def texts(found: list[Route]) -> dict[str, dict[str, str]]:
    """What is written about the routes, by name.

    Raises:
        UndocumentedError: a route is not described, or one is that is not there.
    """
    written = tomllib.loads(TEXTS.read_text())
    names = {route.name for route in found}
    if missing := sorted(names - set(written)):
        raise UndocumentedError(f"describe in {TEXTS.name}: {', '.join(missing)}")
    if unknown := sorted(set(written) - names):
        raise UndocumentedError(f"{TEXTS.name} describes what is not there: {', '.join(unknown)}")
    for name, text in written.items():
        if text.get("group") not in GROUPS or any(language not in text for language in LANGUAGES):
            raise UndocumentedError(f"{name} in {TEXTS.name} needs a group and both languages")
    return written


def section(route: Route, text: str, language: str) -> str:
    """One route in Markdown."""
    words = WORDS[language]
    limit = f"`{route.budget}`" if route.budget else words["none"]
    lines = [f"### {route.name}\n", f"{text} {words['limit']}: {limit}."]
    own = schemas(route.file)
    taken = {name for schema in route.takes for name in needed(schema, route.file)}
    if others := sorted(taken - set(own)):
        links = ", ".join(f"[{name}](#shapes)" for name in others)
        lines[-1] += f" {words['uses']}: {links}."
    if inline := [text for name, text in own.items() if name in taken]:
        code = "\n\n".join(inline)
        lines.append(f"\n```ts\n{code}\n```")
    return "\n".join(lines) + "\n"


def shared(found: list[Route], language: str) -> str:
    """The schemas that routes take from elsewhere, once."""
    shapes: dict[str, str] = {}
    for route in found:
        own = schemas(route.file)
        for name in route.takes:
            shapes |= {key: it for key, it in needed(name, route.file).items() if key not in own}
    code = "\n\n".join(shapes.values())
    return f"## {WORDS[language]['shapes']} {{ #shapes }}\n\n```ts\n{code}\n```\n"


def errors(language: str) -> str:
    """All codes with the sentence that the interface shows."""
    words = WORDS[language]
    sentences = json.loads((MESSAGES / language / "errors.json").read_text())
    lines = [f"## {words['errors']}\n", f"| {' | '.join(words['columns'])} |", "| --- | --- |"]
    lines += [f"| `{code}` | {_plain(text)} |" for code, text in sorted(sentences.items())]
    return "\n".join(lines) + "\n"


def _plain(message: str) -> str:
    """A message without the forms of its plurals: the one for many stands for all."""
    text = message
    while (start := text.find(", plural,")) >= 0:
        first = text.rfind("{", 0, start)
        depth, at = 0, first
        while True:
            depth += (text[at] == "{") - (text[at] == "}")
            at += 1
            if depth == 0:
                break
        other = text[first:at].rsplit("other {", 1)[1].split("}")[0]
        text = text[:first] + other.replace("#", "N") + text[at:]
    return text.replace("|", "\\|")


def page(language: str) -> str:
    """The page in one language, as Markdown."""
    found = routes()
    written = texts(found)
    parts = [HEAD[language]]
    for group, title in GROUPS.items():
        members = [route for route in found if written[route.name]["group"] == group]
        if members:
            parts.append(f"## {title[language]}\n")
            parts += [section(route, written[route.name][language], language) for route in members]
    parts += [shared(found, language), errors(language)]
    return "\n".join(parts)


def files() -> dict[str, str]:
    """All that is made, by path in the repository."""
    return {f"docs/{language}/reference/api-web.md": page(language) for language in LANGUAGES}
