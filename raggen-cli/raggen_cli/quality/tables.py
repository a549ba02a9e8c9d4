"""Figures as a person reads them."""

from collections.abc import Iterable
from typing import Any

from rich.table import Table

from raggen_cli.quality.runs import Comparison
from raggen_cli.screen import Screen

Json = dict[str, Any]

MEMORY = {
    "nothing-relevant": "quality_nothing_relevant",
    "empty": "quality_empty",
    "unavailable": "quality_unavailable",
    "off": "quality_off",
}
WORDS = {"high": "quality_high", "medium": "quality_medium", "low": "quality_low"}
REASONS = {
    "meaning": "quality_reason_meaning",
    "words": "quality_reason_words",
    "pinned": "quality_reason_pinned",
    "nearby": "quality_reason_nearby",
    "recent": "quality_reason_recent",
}
BUILT_IN = {"quotations": "quality_quotations", "local": "quality_local"}
# Cells of the longest bar.
BAR = 24


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "–"


def _print(screen: Screen, title: str, rows: Iterable[tuple[str, ...]]) -> None:
    table = Table.grid(padding=(0, 2))
    for index, row in enumerate(rows):
        if index == 0:
            table.add_column(overflow="fold")
            for cell in row[1:]:
                # Bars begin at the left, numbers end at the right.
                table.add_column(justify="left" if len(cell) == BAR else "right")
        table.add_row(*row)
    if table.row_count:
        screen.write("")
        screen.write(title, "bold")
        screen.console.print(table)


def _answers(screen: Screen, found: Json) -> None:
    text, total = screen.messages.text, found["answers"]
    rows = [
        (text("quality_answers"), str(total), ""),
        (text("quality_with_context"), str(found["withContext"]),
         _share(found["withContext"], total)),
    ]  # fmt: skip
    for state, key in MEMORY.items():
        count = found["memory"].get(state, 0)
        rows.append((text(key), str(count), _share(count, total)))
    _print(screen, text("quality_title"), rows)


def _relevance(screen: Screen, found: Json) -> None:
    text = screen.messages.text
    for name, title in (("given", "quality_given"), ("leftOut", "quality_left_out")):
        counts = found["relevance"][name]
        total, most = sum(counts.values()), max(counts.values())
        if total == 0:
            continue
        rows = [
            (text(key), f"{'█' * round(BAR * counts[word] / most):<{BAR}}", str(counts[word]),
             _share(counts[word], total))
            for word, key in WORDS.items()
        ]  # fmt: skip
        _print(screen, text(title), rows)


def _thumbs(screen: Screen, found: Json) -> None:
    text = screen.messages.text
    head = ("", text("quality_up"), text("quality_down"), text("quality_good"))

    def row(name: str, thumbs: Json) -> tuple[str, ...]:
        up, down = thumbs["up"], thumbs["down"]
        return name, str(up), str(down), _share(up, up + down)

    rows = [
        head,
        row(text("quality_thumbs_answers"), found["thumbs"]),
        row(text("quality_thumbs_items"), found["itemThumbs"]),
    ]
    for one in found["reasons"]:
        reason = text(REASONS[one["reason"]]) if one["reason"] in REASONS else one["reason"]
        rows.append(row(f"  {reason}", one))
    _print(screen, text("quality_thumbs"), rows)
    rows = [("", text("quality_answers"), *head[1:])]
    for one in found["providers"]:
        built_in = BUILT_IN.get(one["provider"])
        name = text(built_in) if built_in else one["name"]
        model = f" · {one['model']}" if one["model"] and not built_in else ""
        _, *counts = row("", one)
        rows.append((f"{name}{model}", str(one["answers"]), *counts))
    if len(rows) > 1:
        _print(screen, text("quality_providers"), rows)


def figures(screen: Screen, found: Json) -> None:
    """Show how the answers did."""
    _answers(screen, found)
    if found["answers"] == 0:
        return
    _relevance(screen, found)
    _thumbs(screen, found)
    worst = [(f"/chats/{one['chatId']}#m-{one['messageId']}",) for one in found["worst"]]
    _print(screen, screen.messages.text("quality_worst"), worst)


def replay(screen: Screen, found: Json) -> None:
    """Show how memory answered the golden questions."""
    text = screen.messages.text
    questions = found["questions"]
    if not questions:
        screen.write("")
        screen.line("quality_no_golden")
        return
    rows = [
        (text("quality_questions"), str(len(questions))),
        (text("quality_recall"), f"{found['recall']:.3f}"),
        (text("quality_mrr"), f"{found['mrr']:.3f}"),
    ]
    if found["skipped"]:
        rows.append((text("quality_skipped"), str(found["skipped"])))
    _print(screen, text("quality_golden"), rows)
    missed = [
        (f"/chats/{one['chatId']}#m-{one['questionId']}", f"{one['recall']:.2f}")
        for one in questions
        if one["recall"] < 1
    ]
    _print(screen, text("quality_missed"), missed)


def comparison(screen: Screen, found: Comparison) -> None:
    """Show what a change did."""
    text = screen.messages.text
    rows = [("", text("quality_before"), text("quality_after"), text("quality_change"))]
    for key, (before, after) in (("quality_recall", found.recall), ("quality_mrr", found.mrr)):
        rows.append((text(key), f"{before:.3f}", f"{after:.3f}", f"{after - before:+.3f}"))
    _print(screen, text("quality_compared", count=found.questions), rows)
    if found.only_before or found.only_after:
        screen.line("quality_others", before=found.only_before, after=found.only_after)
    changes = [
        (f"/chats/{one.chat}#m-{one.question}",
         text("quality_lost_found", lost=len(one.lost), found=len(one.found)))
        for one in found.changes
    ]  # fmt: skip
    _print(screen, text("quality_changes"), changes)
