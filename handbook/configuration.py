"""The reference page of all settings, and the files of variables for production."""

from __future__ import annotations

from collections.abc import Sequence

from handbook import sources
from handbook.setting import LANGUAGES, Setting, UndocumentedError, described

HEAD = {
    "en": """# Configuration

<!-- Made by `make handbook` from the settings of the services and handbook/settings. -->

Settings are environment variables, read once, at start. A wrong one stops the start with a
sentence that says what to write. `raggen up` passes every `RAGGEN_…` variable on to the services,
and what you set beats what it would set.

For production there are two files to begin with: `deploy/raggen-embed.env.example` and
`deploy/raggen-web.env.example`. Whoever can read them can read the keys: mode 0600.
`raggen deploy check --env-file …` says whether they are right.
""",
    "ru": """# Настройки

<!-- Страницу делает `make handbook` из настроек служб и handbook/settings. -->

Настройки – это переменные окружения. Службы читают их один раз, при запуске. Если значение
не годится, служба не запустится и скажет, что написать. `raggen up` передаёт службам все переменные
`RAGGEN_…`; заданное вами важнее его собственных значений.

Для сервера начните с двух файлов: `deploy/raggen-embed.env.example` и
`deploy/raggen-web.env.example`. Кто читает эти файлы, читает и ключи: права 0600.
Всё ли в них верно, скажет `raggen deploy check --env-file …`.
""",
}
COLUMNS = {
    "en": ("variable", "default", "values", "what it does"),
    "ru": ("переменная", "по умолчанию", "значения", "что делает"),
}
TITLES = {
    "cli": {"en": "raggen up", "ru": "raggen up"},
    "embed": {"en": "raggen-embed", "ru": "raggen-embed"},
    "web": {"en": "raggen-web", "ru": "raggen-web"},
    "providers": {
        "en": "Model providers from the environment",
        "ru": "Поставщики моделей из окружения",
    },
}
NOTES = {
    "cli": {
        "en": "An option beats its variable.",
        "ru": "Параметр командной строки важнее переменной.",
    },
    "providers": {
        "en": "raggen-web reads these too. Keys can be entered in the page, where they are stored "
        "encrypted, or given here; then the page shows the provider as set in the environment "
        "and cannot change it.",
        "ru": "Их тоже читает raggen-web. Ключи можно ввести на странице (там они хранятся "
        "зашифрованными) или задать здесь: тогда на странице видно, что поставщик задан "
        "в окружении, и изменить его там нельзя.",
    },
}
FILE_HEAD = """\
# {service}: settings for production. Lines with # are the defaults. Mode 0600: it holds keys.
# {service}: настройки для сервера. Строки с # – значения по умолчанию. Права 0600: здесь ключи.
# docs/en/reference/configuration.md · docs/ru/reference/configuration.md
"""


def settings() -> dict[str, list[Setting]]:
    """All settings by part of the page.

    Raises:
        UndocumentedError: one is not described, or described and not read by anybody.
    """
    web = described("web", sources.web())
    parts = {
        "cli": described("cli", sources.cli()),
        "embed": described("embed", sources.embed()),
        "web": [one for one in web if one.group is None],
        "providers": [one for one in web if one.group == "providers"],
    }
    known = {one.name for part in parts.values() for one in part}
    hidden = {f"{name} ({file.name})" for name, file in sources.named() if name not in known}
    if hidden:
        raise UndocumentedError(f"read, and described nowhere: {', '.join(sorted(hidden))}")
    return parts


def page(parts: dict[str, list[Setting]], language: str) -> str:
    """The reference page in one language, as Markdown."""
    sections = [HEAD[language]]
    for part, found in parts.items():
        sections.append(f"## {TITLES[part][language]}\n")
        if part in NOTES:
            sections.append(f"{NOTES[part][language]}\n")
        sections.append(table(found, language))
    return "\n".join(sections)


def table(found: Sequence[Setting], language: str) -> str:
    """Settings as a table in Markdown."""
    rows: list[tuple[str, ...]] = [COLUMNS[language], ("---",) * 4]
    for one in found:
        name = f"`{one.name}`" + (f"<br>`{one.option}`" if one.option else "")
        cells = (name, one.default(language), one.values(language), one.what(language))
        rows.append(tuple(cell.replace("|", "\\|") for cell in cells))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def example(service: str, found: Sequence[Setting]) -> str:
    """A file of variables for production: what has to be written, and the defaults as comments."""
    lines = [FILE_HEAD.format(service=service)]
    for one in found:
        if one.text.get("read_by") == "npm start" or one.name == "NODE_ENV":
            continue  # of no use to a server that is installed
        comments = [f"# {one.what(language)}".replace("`", "") for language in LANGUAGES]
        value = one.default("en").strip("`") if "`" in one.default("en") else ""
        line = f"#{one.name}={value}" if one.production is None else f"{one.name}={one.production}"
        lines.append("\n".join([*comments, line]) + "\n")
    return "\n".join(lines)


def files() -> dict[str, str]:
    """All that is made, by path in the repository."""
    parts = settings()
    made = {
        f"docs/{language}/reference/configuration.md": page(parts, language)
        for language in LANGUAGES
    }
    web = [*parts["web"], *parts["providers"]]
    made["deploy/raggen-embed.env.example"] = example("raggen-embed", parts["embed"])
    made["deploy/raggen-web.env.example"] = example("raggen-web", web)
    return made
