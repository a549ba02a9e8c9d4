"""Figures as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

Figures = Mapping[str, Mapping[str, float]]

COLUMNS: Final = (
    *("ndcg@10", "recall@10", "mrr@10", "macro_ndcg@10", "macro_recall@10", "evidence@1000"),
    *("ece", "kept_at_default"),
)


def table(title: str, figures: Figures, columns: Sequence[str] = ()) -> str:
    """A row an entry; the columns named, or those of the first row. Shares are in percent."""
    chosen = columns or [*next(iter(figures.values()), {})]
    lines = [f"| {title} | {' | '.join(chosen)} |", "|---|" + "---:|" * len(chosen)]
    for name, row in figures.items():
        cells = [_cell(key, row.get(key)) for key in chosen]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(column: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if column == "ece" else f"{value:.2f}"
