"""What one request may ask of a model, noticed before all of it is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from raggen_embed.errors import TooMuchText
from raggen_embed.preparation import Prepared

P = TypeVar("P", bound=Prepared)


def within(limit: int, prepared: Iterable[P]) -> list[P]:
    """Texts that are prepared one after another, as long as they make no more windows than may
    wait.

    The queue would refuse them all the same, but not before the last was cut and analysed: of
    8 MB of Russian that takes 15 s.

    Args:
        limit: how many windows may wait for a model.
        prepared: prepares each text when it is asked for it.

    Raises:
        TooMuchText: there are more.
    """
    kept: list[P] = []
    windows = 0
    for one in prepared:
        kept.append(one)
        windows += len(one.windows)
        if windows > limit:
            sentence = (
                f"The texts make more windows than the {limit} that can wait: "
                "send fewer or shorter texts at once."
            )
            raise TooMuchText(sentence, details={"limit": limit, "texts": len(kept)})
    return kept
