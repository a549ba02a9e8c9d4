"""The index from the store, at start; what is missing, or was made by another model or another
analysis, is made from the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from raggen_embed.analysis import ANALYSIS_VERSION
from raggen_embed.changes import Encoded, Reading
from raggen_embed.encoder import Encoding
from raggen_embed.fusion import LATE, Dense, Formula
from raggen_embed.index import Index
from raggen_embed.models import Models
from raggen_embed.preparation import Preparation, PreparedItem
from raggen_embed.store import Store

BATCH = 64


def rebuild(
    store: Store, numbers: Mapping[Dense, int], preparation: Preparation, models: Models
) -> Index:
    """Bring the store up to the models and the analysis, then make an index of everything in it.

    A process that dies on the way goes on where it was: each batch is a transaction.

    Args:
        store: open.
        numbers: the store's of the models that are switched on.
        preparation: cuts and analyses texts.
        models: read them.
    """
    every = store.meta("analysis") != ANALYSIS_VERSION
    renewed = after = 0
    while found := store.reader.outdated([*numbers.values()], BATCH, every=every, after=after):
        prepared = [preparation.item(stored.item) for stored in found]
        read = {role: models.read_now(role, prepared) for role in numbers}
        store.rewrite(
            [
                (stored.row, encoded_of(one, {role: read[role][at] for role in numbers}, numbers))
                for at, (stored, one) in enumerate(zip(found, prepared, strict=True))
            ]
        )
        renewed += len(found)
        after = found[-1].row
    store.finish_rewriting([*numbers.values()], ANALYSIS_VERSION)
    if renewed:
        structlog.get_logger("raggen_embed.index").info("renewed", items=renewed)
    index = Index(numbers, models.dimensions)
    sizes = {number: models.dimensions[role] for role, number in numbers.items()}
    index.build(store.reader.everything(sizes), store.generation)
    return index


def encoded_of(
    prepared: PreparedItem,
    read: Mapping[Dense, Sequence[Encoding]],
    numbers: Mapping[Dense, int],
) -> Encoded:
    """What is kept of an item, from what the models made of its windows.

    A model's tokens only where its late lane asks for them: Cyrillic texts have three times as many
    of MiniLM's tokens, and they say little.
    """
    formula = Formula.of(numbers)
    readings = []
    for role, encodings in read.items():
        keeps = formula.keeps(LATE[role], prepared.terms.script)
        kept = encodings if keeps else [one.without_tokens() for one in encodings]
        readings.append(Reading(numbers[role], kept))
    return Encoded(prepared.windows, readings, prepared.terms)
