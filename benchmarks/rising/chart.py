"""A picture of rising load: a panel for each scenario, throughput as bars and p95 as a line."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from benchmarks.rising.knee import BUDGET_MS

WIDTH, HEIGHT, LEFT, TOP, APART = 380, 150, 45, 34, 70
BARS, LINE, INK, LIMIT = "#99f6e4", "#0f766e", "#334155", "#dc2626"
MOST_MS: Final = 2 * BUDGET_MS  # beyond, the number says the rest


def draw(figures: Mapping[str, Any], words: Mapping[str, str], path: Path) -> None:
    """Write the picture as SVG, two panels a row."""
    shown = {name: one["steps"] for name, one in figures["scenarios"].items() if one["steps"]}
    rows = -(-len(shown) // 2)
    width, height = 2 * (WIDTH + LEFT) + 30, max(1, rows) * (HEIGHT + APART) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="11" fill="{INK}">'
        '<rect width="100%" height="100%" fill="white"/>'
    ]
    for number, (name, steps) in enumerate(shown.items()):
        x = LEFT + (number % 2) * (WIDTH + LEFT)
        parts += _panel(x, TOP + number // 2 * (HEIGHT + APART), words[name], steps, words)
    path.write_text("\n".join([*parts, "</svg>\n"]), "utf-8")


def _panel(
    x: int, y: int, what: str, steps: list[Mapping[str, Any]], words: Mapping[str, str]
) -> list[str]:
    most = max(1.0, *(step["per_second"] for step in steps))
    each = WIDTH / len(steps)
    title = escape(words["chart"].format(what=what))
    limit, budget = _height(BUDGET_MS, y), words["budget"]
    parts = [
        f'<text x="{x}" y="{y - 22}" font-weight="bold">{title}</text>',
        f'<line x1="{x}" x2="{x + WIDTH}" y1="{limit}" y2="{limit}" stroke="{LIMIT}" '
        'stroke-dasharray="4 3"/>',
        f'<text x="{x - 4}" y="{limit + 4}" text-anchor="end" font-size="9">{budget}</text>',
    ]
    points = []
    for number, step in enumerate(steps):
        tall = HEIGHT * step["per_second"] / most
        left, centre = x + number * each, x + (number + 0.5) * each
        p95 = step["worst"]["p95"]
        # At the bar's foot or under its top: where the line is not.
        is_slow = p95 is not None and p95 > MOST_MS / 2
        at_height = y + HEIGHT - (4 if is_slow else tall - 15)
        parts += [
            f'<rect x="{left + 6:.1f}" y="{y + HEIGHT - tall:.1f}" width="{each - 12:.1f}" '
            f'height="{tall:.1f}" fill="{BARS}"/>',
            f'<text x="{centre:.1f}" y="{at_height:.1f}" text-anchor="middle">'
            f"{step['per_second']:g}</text>",
            f'<text x="{centre:.1f}" y="{y + HEIGHT + 14}" text-anchor="middle">'
            f"{step['clients']}</text>",
        ]
        if p95 is not None:
            at = _height(p95, y)
            points.append(f"{centre:.1f},{at:.1f}")
            parts += [
                f'<circle cx="{centre:.1f}" cy="{at:.1f}" r="3" fill="{LINE}"/>',
                f'<text x="{centre:.1f}" y="{at - 6:.1f}" text-anchor="middle" fill="{LINE}">'
                f"{p95:.0f}</text>",
            ]
    drawn = " ".join(points)
    return [
        *parts,
        f'<polyline points="{drawn}" fill="none" stroke="{LINE}" stroke-width="2"/>',
        f'<text x="{x + WIDTH}" y="{y + HEIGHT + 28}" text-anchor="end">{words["clients"]}</text>',
    ]


def _height(milliseconds: float, y: int) -> float:
    return y + HEIGHT - HEIGHT * min(milliseconds, MOST_MS) / MOST_MS
