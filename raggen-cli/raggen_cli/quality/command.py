"""`raggen quality`: measure, keep, compare, and show it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from raggen_cli.doctor import running_ports
from raggen_cli.quality import asking, runs, tables
from raggen_cli.quality.runs import Comparison, Run
from raggen_cli.screen import Screen
from raggen_cli.settings import Settings


@dataclass(frozen=True)
class Wanted:
    """What somebody asks `raggen quality` for.

    Args:
        since: a day or a moment, RFC 3339; None: from the beginning.
        replay: ask memory the golden questions again.
        save: keep what was measured here.
        compare: with what was measured before, from this file; then the questions are asked again.
        with_: instead of measuring now, compare with this file.
        threshold: by how much recall or MRR may fall, 0..1.
    """

    since: str | None = None
    replay: bool = False
    save: Path | None = None
    compare: Path | None = None
    with_: Path | None = None
    threshold: float = 0.0
    as_json: bool = False


def measure(settings: Settings, wanted: Wanted) -> Run:
    """Ask the raggen that has this data, or the one on the port of the settings.

    Raises:
        ServiceError: it does not answer.
    """
    port = (running_ports(settings) or settings).web_port
    asked_again = wanted.replay or wanted.compare is not None
    return Run(asking.figures(port, wanted.since), asking.replay(port) if asked_again else None)


def run(settings: Settings, screen: Screen, wanted: Wanted) -> int:
    """Measure, keep, compare and show.

    Returns:
        The exit code: 1 where the comparison shows that memory finds less, else 0.

    Raises:
        ServiceError: raggen-web or raggen-embed does not answer.
        CheckError: a file cannot be read or written.
    """
    before = runs.load(wanted.compare) if wanted.compare else None
    now = runs.load(wanted.with_) if before and wanted.with_ else measure(settings, wanted)
    compared = runs.compare(before, now) if before else None
    if wanted.save:
        runs.save(now, wanted.save)
    worse = compared is not None and compared.is_worse(wanted.threshold)
    if wanted.as_json:
        found = {**now.as_json(), "comparison": compared and {**asdict(compared), "worse": worse}}
        screen.write(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(screen, now, compared, worse=worse)
        if wanted.save:
            screen.line("quality_saved", path=wanted.save)
    return 1 if worse else 0


def show(screen: Screen, now: Run, compared: Comparison | None, *, worse: bool) -> None:
    """Print what was measured, and what the comparison says."""
    if compared is None:
        tables.figures(screen, now.figures)
    if now.replay is not None:
        tables.replay(screen, now.replay)
    if compared is None:
        return
    if compared.questions == 0:
        screen.line("quality_nothing_common")
        return
    tables.comparison(screen, compared)
    screen.write("")
    screen.line("quality_worse" if worse else "quality_not_worse")
