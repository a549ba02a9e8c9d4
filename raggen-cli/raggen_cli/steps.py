"""A step of the set-up: how to see that it is done, how to do it, what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from raggen_cli import stamps

Detail = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One thing to set up.

    Args:
        key: of its name in `messages`.
        megabytes: it adds on the disk, rounded up; for the check before anything is started.
        is_done: cheap; asked at every start.
        run: does it; called with a function that takes lines to show as they come.
        optional: a failure is told, and the set-up goes on.
    """

    key: str
    megabytes: int
    is_done: Callable[[], bool]
    run: Callable[[Detail], None]
    optional: bool = False


def stamped(
    key: str,
    megabytes: int,
    stamp: Path,
    fingerprint: Callable[[], str],
    run: Callable[[Detail], None],
    *,
    is_there: Callable[[], bool],
) -> Step:
    """Make a step that is done when its stamp is of these inputs and its outputs are there.

    The stamp is taken away before the work and written after it: a step cut off in between is done
    again, also when its inputs go back to what an older stamp says.
    """

    def is_done() -> bool:
        return stamps.is_stamped(stamp, fingerprint()) and is_there()

    def work(detail: Detail) -> None:
        stamp.unlink(missing_ok=True)
        run(detail)
        stamps.write(stamp, fingerprint())

    return Step(key, megabytes, is_done, work)
