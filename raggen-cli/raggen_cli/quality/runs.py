"""What was measured, kept in a file, and two of them compared."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from raggen_cli.errors import CheckError

FORMAT = "raggen-quality"
VERSION = 1

Json = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What `raggen quality` measured at one time.

    Args:
        figures: of all answers, as /api/quality says them.
        replay: of the golden questions, as /api/quality/replay says it; None: they were not asked.
    """

    figures: Json
    replay: Json | None

    def as_json(self) -> Json:
        """Return it as a file holds it: ids and numbers, nobody's words."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "figures": self.figures,
            "replay": self.replay,
        }


def save(run: Run, path: Path) -> None:
    """Keep a run in a file.

    Raises:
        CheckError: the file cannot be written.
    """
    try:
        path.write_text(json.dumps(run.as_json(), ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise CheckError("quality_not_saved", path=path, reason=error.strerror) from error


def load(path: Path) -> Run:
    """Read a run that `save` kept, with the golden questions asked.

    Raises:
        CheckError: there is no such file, it is another one, or nothing was replayed in it.
    """
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CheckError("quality_not_read", path=path) from error
    if not isinstance(found, dict) or (found.get("format"), found.get("version")) != (
        FORMAT,
        VERSION,
    ):
        raise CheckError("quality_not_read", path=path)
    if found.get("replay") is None:
        raise CheckError("quality_no_replay", path=path)
    return Run(found["figures"], found["replay"])


@dataclass(frozen=True)
class Change:
    """What a golden question gained or lost."""

    question: str
    chat: str
    lost: list[str]
    found: list[str]


@dataclass(frozen=True)
class Comparison:
    """Two runs, over the golden questions that both have.

    Args:
        questions: how many that are.
        only_before: golden questions that only the earlier run has.
        only_after: those that only the later one has.
        recall: before and after; share of what is expected that was found.
        mrr: before and after; mean of 1 / rank of the first that is expected.
        changes: questions for which something expected was lost or found.
    """

    questions: int
    only_before: int
    only_after: int
    recall: tuple[float, float]
    mrr: tuple[float, float]
    changes: list[Change]

    def is_worse(self, threshold: float) -> bool:
        """Whether recall or MRR fell by more than the threshold, or there is nothing to compare."""
        fell = (before - after for before, after in (self.recall, self.mrr))
        return self.questions == 0 or any(by > threshold + 1e-9 for by in fell)


def _questions(run: Run) -> dict[str, Json]:
    return {one["questionId"]: one for one in (run.replay or {}).get("questions", [])}


def _mean(questions: list[Json], name: str) -> float:
    return sum(one[name] for one in questions) / len(questions) if questions else 0.0


def _found(question: Json) -> set[str]:
    return {one["messageId"] for one in question["expected"] if one["rank"] is not None}


def _expected(question: Json) -> set[str]:
    return {one["messageId"] for one in question["expected"]}


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs, question by question.

    What is no longer expected, as it was unmarked or deleted, counts neither as lost nor as found.
    """
    earlier, later = _questions(before), _questions(after)
    common = [name for name in earlier if name in later]
    changes = []
    for name in common:
        both = _expected(earlier[name]) & _expected(later[name])
        was, is_now = _found(earlier[name]) & both, _found(later[name]) & both
        if was != is_now:
            chat = later[name]["chatId"]
            changes.append(Change(name, chat, sorted(was - is_now), sorted(is_now - was)))
    first, second = [earlier[name] for name in common], [later[name] for name in common]
    return Comparison(
        questions=len(common),
        only_before=len(earlier) - len(common),
        only_after=len(later) - len(common),
        recall=(_mean(first, "recall"), _mean(second, "recall")),
        mrr=(_mean(first, "reciprocalRank"), _mean(second, "reciprocalRank")),
        changes=changes,
    )
