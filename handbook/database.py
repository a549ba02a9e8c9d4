"""The reference page of both databases, and the picture of raggen-web's tables."""

from __future__ import annotations

from handbook import drawing
from handbook.data_model import Table, read
from handbook.setting import LANGUAGES
from handbook.sources import ROOT, WEB
from handbook.translation import Translations

SCHEMA = WEB / "prisma" / "schema.prisma"
EMBED_SCHEMA = ROOT / "raggen-embed" / "raggen_embed" / "schema.sql"
PICTURE = "docs/diagrams/database.svg"
HEAD = {
    "en": """# Database

<!-- Made by `make handbook` from raggen-web/prisma/schema.prisma and raggen_embed/schema.sql. -->

raggen-web keeps chats in SQLite or PostgreSQL: the same tables, the same migrations by name.
raggen-embed keeps the memory in an SQLite file of its own. Nothing points from one to the other
but ids: an item of the memory has the id of its message.

## raggen-web

--8<-- "diagrams/database.svg"

An arrow points at the table that a column refers to. Deleting a row there deletes those that refer
to it.
""",
    "ru": """# База данных

<!-- Страницу делает `make handbook` из schema.prisma и raggen_embed/schema.sql. -->

raggen-web хранит чаты в SQLite или PostgreSQL: те же таблицы, те же миграции по именам.
raggen-embed хранит память в своём файле SQLite. Связывают их только идентификаторы: у записи
в памяти тот же идентификатор, что и у сообщения.

## raggen-web

--8<-- "diagrams/database.svg"

Стрелка ведёт к таблице, на которую ссылается столбец. Вместе со строкой там удаляются и те, что
на неё ссылаются.
""",
}
COLUMNS = {
    "en": ("column", "type", "default", "what it is"),
    "ru": ("столбец", "тип", "по умолчанию", "что это"),
}
WORDS = {
    "en": {"key": "key", "to": "refers to", "unique": "Unique", "index": "Indexes"},
    "ru": {"key": "ключ", "to": "ссылается на", "unique": "Без повторов", "index": "Индексы"},
}
TAIL = {
    "en": """## raggen-embed

Everything that a search needs is made from these tables. The comments are the schema's own.
""",
    "ru": """## raggen-embed

Из этих таблиц делается всё, что нужно поиску. Пояснения – из самой схемы.
""",
}


def page(tables: list[Table], language: str, translations: Translations) -> str:
    """The page in one language, as Markdown."""
    parts = [HEAD[language]]
    parts += [section(table, language, translations) for table in tables]
    parts.append(f"{TAIL[language]}\n```sql\n{EMBED_SCHEMA.read_text().strip()}\n```\n")
    return "\n".join(parts)


def section(table: Table, language: str, translations: Translations) -> str:
    """One table in Markdown."""
    words = WORDS[language]
    lines = [f"### {table.name}\n"]
    if table.doc:
        lines.append(f"{translations.of(table.doc, language)}\n")
    head = COLUMNS[language]
    lines += [f"| {' | '.join(head)} |", "| --- | --- | --- | --- |"]
    for column in table.columns:
        what = [words["key"]] if column.is_key else []
        if column.refers_to:
            what.append(f"{words['to']} {'.'.join(column.refers_to)}")
        if column.doc:
            what.append(translations.of(column.doc, language))
        text = "; ".join(what).replace("|", "\\|")
        kind = column.type + ("?" if column.optional else "")
        default = f"`{column.default}`" if column.default else ""
        lines.append(f"| `{column.name}` | {kind} | {default} | {text} |")
    for label, groups in (("unique", table.unique), ("index", table.indexes)):
        if groups:
            listed = "; ".join(", ".join(f"`{name}`" for name in group) for group in groups)
            lines.append(f"\n{words[label]}: {listed}.")
    return "\n".join(lines) + "\n"


def dot(tables: list[Table]) -> str:
    """The tables and what refers to what, for Graphviz."""
    lines = [
        "digraph {",
        "rankdir=RL nodesep=0.3 ranksep=0.7",
        'node [shape=plain fontname="Courier" fontsize=12 class=table]',
        "edge [arrowsize=0.7]",
    ]
    for table in tables:
        rows = "".join(
            f'<TR><TD ALIGN="LEFT" PORT="{column.name}">'
            f"{'<B>' if column.is_key else ''}{column.name}{'</B>' if column.is_key else ''} "
            f'<FONT COLOR="#8a8a8a">{column.type}{"?" if column.optional else ""}</FONT></TD></TR>'
            for column in table.columns
        )
        lines.append(
            f'{table.name} [label=<<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" '
            f'CELLPADDING="3"><TR><TD BGCOLOR="#0c6f6a30"><B>{table.name}</B>'
            f"</TD></TR>{rows}</TABLE>>]"
        )
    lines += [
        f"{table.name}:{column.name} -> {column.refers_to[0]}:{column.refers_to[1]}"
        for table in tables
        for column in table.columns
        if column.refers_to
    ]
    # What stands alone stands below what all others point at.
    alone = _alone(tables)
    root = next(table.name for table in tables if table.name not in alone)
    lines.append(f"{{rank=same {root} {' '.join(alone)}}}")
    return "\n".join([*lines, "}"])


def _alone(tables: list[Table]) -> list[str]:
    """Tables that refer to none and are referred to by none."""
    pairs = {
        (table.name, column.refers_to[0])
        for table in tables
        for column in table.columns
        if column.refers_to
    }
    tied = {name for pair in pairs for name in pair}
    return [table.name for table in tables if table.name not in tied]


def files() -> dict[str, str]:
    """All that is made, by path in the repository."""
    tables = read(SCHEMA)
    translations = Translations("database")
    made = {
        f"docs/{language}/reference/database.md": page(tables, language, translations)
        for language in LANGUAGES
    }
    translations.finish()
    made[PICTURE] = drawing.svg(dot(tables), "raggen-web")
    return made
