"""raggen-web's tables, as its Prisma schema has them (as `prisma format` writes it)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FIELD = re.compile(r"^  (?P<name>\w+)\s+(?P<type>\w+)(?P<mark>\?|\[\])?(?P<rest>.*)$")
RELATION = re.compile(r"@relation\((?:\"\w+\", )?fields: \[(\w+)\], references: \[(\w+)\]")
DEFAULT = re.compile(r"@default\(((?:[^()]|\([^()]*\))*)\)")
BLOCK = re.compile(r"^@@(id|unique|index)\(\[([^\]]+)\]")


@dataclass(frozen=True)
class Column:
    """A column, with what is written about it."""

    name: str
    type: str
    optional: bool
    default: str | None
    doc: str
    is_key: bool
    refers_to: tuple[str, str] | None
    """Table and column that it points at."""


@dataclass(frozen=True)
class Table:
    """A table."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    indexes: tuple[tuple[str, ...], ...]


def read(schema: Path) -> list[Table]:
    """All models of a schema, in its order."""
    tables: list[Table] = []
    doc: list[str] = []
    body: list[str] | None = None
    name = ""
    for line in schema.read_text().splitlines():
        if body is not None:
            if line == "}":
                tables.append(_table(name, " ".join(doc), body))
                doc, body = [], None
            else:
                body.append(line)
        elif line.startswith("///"):
            doc.append(line.removeprefix("///").strip())
        elif line.startswith("model "):
            name, body = line.split()[1], []
        else:
            doc = []
    return tables


def _table(name: str, doc: str, body: list[str]) -> Table:
    columns: list[Column] = []
    blocks: dict[str, list[tuple[str, ...]]] = {"id": [], "unique": [], "index": []}
    comment: list[str] = []
    relations: dict[str, tuple[str, str]] = {}
    rows: list[tuple[re.Match[str], str]] = []
    for line in body:
        text = line.strip()
        if block := BLOCK.match(text):
            blocks[block[1]].append(tuple(part.strip() for part in block[2].split(",")))
        elif text.startswith("///"):
            comment.append(text.removeprefix("///").strip())
        elif found := FIELD.match(line):
            if relation := RELATION.search(found["rest"]):
                relations[relation[1]] = (found["type"], relation[2])
            elif not _is_model(found):
                rows.append((found, " ".join(comment)))
            comment = []
    keys = tuple(row["name"] for row, _ in rows if "@id" in row["rest"])
    key = keys or (blocks["id"][0] if blocks["id"] else ())
    columns = [_column(row, text, relations, key) for row, text in rows]
    return Table(name, doc, tuple(columns), key, tuple(blocks["unique"]), tuple(blocks["index"]))


SCALARS = {"String", "Int", "Float", "Boolean", "DateTime", "Json", "BigInt", "Bytes", "Decimal"}


def _is_model(found: re.Match[str]) -> bool:
    """A field that stands for rows of another table is no column."""
    return found["type"] not in SCALARS


def _column(
    row: re.Match[str], doc: str, relations: dict[str, tuple[str, str]], key: tuple[str, ...]
) -> Column:
    default = DEFAULT.search(row["rest"])
    return Column(
        name=row["name"],
        type=row["type"],
        optional=row["mark"] == "?",
        default=default[1] if default else None,
        doc=doc,
        is_key=row["name"] in key,
        refers_to=relations.get(row["name"]),
    )
