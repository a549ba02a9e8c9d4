"""The figures as a table to read, and as a plot."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

Figures = Mapping[str, Mapping[str, float]]
COLUMNS = {
    "ndcg@10": "nDCG@10",
    "minilm_ndcg@10": "MiniLM alone",
    "bm25_ndcg@10": "BM25 alone",
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr@10": "MRR@10",
    "macro_ndcg@10": "macro nDCG",
    "macro_recall@10": "macro R@10",
    "evidence@1000": "evidence",
    "ece": "ECE",
    "kept_at_default": "kept",
    "ms_per_query": "ms",
}
# Behind these stands the difference to the last kept result.
COMPARED = ("ndcg@10", "recall@10", "macro_ndcg@10", "macro_recall@10", "evidence@1000")


def table(figures: Figures, last: Figures) -> str:
    """A Markdown table, a row a set; behind COMPARED the difference to the last kept result."""
    lines = [
        "| set | " + " | ".join(COLUMNS.values()) + " |",
        "|---|" + "---:|" * len(COLUMNS),
    ]
    for name, row in figures.items():
        cells = [_cell(key, row.get(key), last.get(name, {}).get(key)) for key in COLUMNS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(key: str, value: float | None, before: float | None) -> str:
    if value is None:
        return ""
    cell = f"{value:.3f}" if key == "ece" else f"{value:.1f}"
    if key not in COMPARED or before is None:
        return cell
    difference = round(value - before, 1) + 0.0  # no "-0.0"
    return f"{cell} ({difference:+.1f})"


def plot(figures: Figures, path: Path) -> None:
    """Bars of nDCG@10 a set: raggen, MiniLM alone, BM25 alone. Plain SVG, nothing to install."""
    series = (
        ("ndcg@10", "raggen", "#0d9488"),
        ("bm25_ndcg@10", "BM25 alone", "#94a3b8"),
        ("minilm_ndcg@10", "MiniLM alone", "#cbd5e1"),
    )
    left, width, bar, gap = 170, 420, 12, 16
    height = len(figures) * (len(series) * bar + gap) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 70}" height="{height}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    y = 10
    for name, row in figures.items():
        parts.append(f'<text x="{left - 8}" y="{y + 22}" text-anchor="end">{escape(name)}</text>')
        for key, _, colour in series:
            value = row.get(key, 0.0)
            long = width * value / 100
            parts.append(
                f'<rect x="{left}" y="{y}" width="{long:.1f}" height="{bar - 2}" fill="{colour}"/>'
            )
            parts.append(
                f'<text x="{left + long + 4:.1f}" y="{y + 9}" font-size="10">{value:.1f}</text>'
            )
            y += bar
        y += gap
    for position, (_, label, colour) in enumerate(series):
        x = left + position * 130
        parts.append(f'<rect x="{x}" y="{y}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 15}" y="{y + 9}">{label}</text>')
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")
