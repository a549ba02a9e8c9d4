"""The figures as a table to read, and as a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

MARKS: Final = {True: "yes", False: "**no**", None: ""}
MET, MISSED = "#0d9488", "#dc2626"
LEFT, WIDTH, BAR, GAP = 430, 360, 14, 8
# A bar twice as long as its target is long enough: the number beside it says the rest.
LONGEST: Final = 2.0


def table(figures: Mapping[str, Any]) -> str:
    """The machine in a line, then a Markdown table, a row a figure."""
    machine = figures["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores "
        f"({', '.join(machine['instructions']) or 'no vector instructions of interest'}), "
        f"{machine['memory_gib']} GiB; commit {machine['commit'] or 'unknown'}"
        f"{' with changes' if machine['changed_files'] else ''}; {figures['started']}"
        f"{'; quick sizes, which say nothing about speed' if figures['quick'] else ''}",
        "",
        "| what | figure | target | met | beside | how |",
        "|---|---:|---:|---|---|---|",
    ]
    lines += [_line(row) for row in figures["rows"]]
    loads = [f"{name} {one['load_before']}" for name, one in figures["stages"].items()]
    lines += ["", f"Load average before each stage: {', '.join(loads)}."]
    return "\n".join(lines)


def _line(row: Mapping[str, Any]) -> str:
    beside = "; ".join(f"{name} {value:,}" for name, value in row["beside"].items())
    value = "–" if row["value"] is None else f"{row['value']:,} {row['unit']}".strip()
    cells = [row["name"], value, row["target"] or "", MARKS[row["met"]], beside, row["note"]]
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def plot(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """A bar for each figure that has a target, in shares of it. Plain SVG, nothing to install."""
    shown = [row for row in rows if row["target"] and row["value"] is not None]
    height = len(shown) * (BAR + GAP) + 50
    at_target = LEFT + WIDTH / LONGEST
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 130}" height="{height}" '
        'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
    ]
    y = 12
    for row in shown:
        share = _share(row)
        long = WIDTH * min(share, LONGEST) / LONGEST
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(row["name"])}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{long:.1f}" height="{BAR}" '
            f'fill="{MET if row["met"] else MISSED}"/>',
            f'<text x="{LEFT + long + 5:.1f}" y="{y + 11}">{row["value"]:,} {escape(row["unit"])} '
            f"({escape(row['target'])})</text>",
        ]
        y += BAR + GAP
    parts += [
        f'<line x1="{at_target}" y1="6" x2="{at_target}" y2="{y}" stroke="#334155" '
        'stroke-dasharray="4 3"/>',
        f'<text x="{at_target}" y="{y + 14}" text-anchor="middle">target</text>',
        f'<text x="{LEFT}" y="{y + 30}">Bars are figure / target. Where the target is ≤, left of '
        "the line is better; where it is ≥, right of it.</text>",
    ]
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _share(row: Mapping[str, Any]) -> float:
    """The figure as a multiple of its target; of a target of 0, anything above is too much."""
    bound = float(row["target"].split()[1])
    value = float(row["value"])
    if bound == 0:
        return LONGEST if value else 0.0
    return value / bound
