"""The index from the store, at start; what is missing, or was made by another model or another
analysis, is made from the text."""

from __future__ import annotations

import structlog

from raggen_embed.analysis import ANALYSIS_VERSION
from raggen_embed.index import Index
from raggen_embed.models import Models
from raggen_embed.preparation import Preparation
from raggen_embed.readers import Readers
from raggen_embed.store import Store

BATCH = 64


def rebuild(store: Store, preparation: Preparation, models: Models, readers: Readers) -> Index:
    """Bring the store up to the models and the analysis, then make an index of everything in it.

    A process that dies on the way goes on where it was: each batch is a transaction.

    Args:
        store: open.
        preparation: cuts and analyses texts.
        models: those that are switched on.
        readers: what they read.
    """
    store.expect_analysis(ANALYSIS_VERSION)
    renewed = after = 0
    while found := store.reader.outdated(readers.reads, BATCH, after=after):
        encoded = readers.read_now([preparation.item(stored.item) for stored in found])
        store.rewrite([(one.row, made) for one, made in zip(found, encoded, strict=True)])
        renewed += len(found)
        after = found[-1].row
    store.forget_replaced([*readers.numbers.values()])
    if renewed:
        structlog.get_logger("raggen_embed.index").info("renewed", items=renewed)
    index = Index(readers.numbers, models.dimensions)
    index.build(store.reader.everything(readers.reads), store.generation)
    return index
