"""What is missing, or was made by another analysis or other models, is made anew from the texts.

Whoever dies on the way goes on where it was: each batch is a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from raggen_embed.analysis import ANALYSIS_VERSION
from raggen_embed.preparation import Preparation
from raggen_embed.readers import Readers
from raggen_embed.sources import Sources
from raggen_embed.upkeep import Upkeep

T = TypeVar("T")
# Runs something on the thread that owns the writing connection, and waits for it.
OnWriter = Callable[[Callable[[], T]], T]
BATCH: Final = 64


def at_once(work: Callable[[], T]) -> T:
    """For the thread that owns the connection itself."""
    return work()


def renew_terms(sources: Sources, upkeep: Upkeep, preparation: Preparation) -> None:
    """Analyse what no analysis of this version has, before anything is indexed."""
    upkeep.expect_analysis(ANALYSIS_VERSION)
    renewed = after = 0
    while found := sources.without_terms(BATCH, after=after):
        upkeep.write_terms({one.row: preparation.item(one.item).terms for one in found})
        renewed += len(found)
        after = found[-1].row
    if renewed:
        structlog.get_logger("raggen_embed.index").info("analysed", items=renewed)


def renew_readings(
    sources: Sources,
    upkeep: Upkeep,
    preparation: Preparation,
    readers: Readers,
    on_writer: Callable[[Callable[[], None]], None] = at_once,
    on_progress: Callable[[int], bool] = lambda _: True,
) -> int:
    """Let the models read what they should have read and have not; how many items that was.

    Args:
        sources: what there is.
        upkeep: writes it.
        preparation: cuts texts.
        readers: the models.
        on_writer: runs a write on the thread that owns the connection.
        on_progress: told how many have been read; False stops it.
    """
    renewed = after = 0
    while found := sources.unread(readers.reads, BATCH, after=after):
        encoded = readers.read_now([preparation.item(one.item) for one in found])
        made = [(one.row, one.sequence, own) for one, own in zip(found, encoded, strict=True)]
        on_writer(lambda made=made: upkeep.write_readings(made))  # type: ignore[misc]
        renewed += len(found)
        after = found[-1].row
        if not on_progress(renewed):
            return renewed
    if renewed:
        structlog.get_logger("raggen_embed.index").info("renewed", items=renewed)
    return renewed
