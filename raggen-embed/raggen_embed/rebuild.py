"""The index from the store, at start; what another model or another analysis made is made anew from
the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from raggen_embed.analysis import ANALYSIS_VERSION
from raggen_embed.changes import Encoded
from raggen_embed.encoder import Vectors
from raggen_embed.index import Index
from raggen_embed.preparation import Preparation, Prepared
from raggen_embed.store import Store

BATCH = 64

Encode = Callable[[Sequence[Prepared]], list[Vectors]]


def rebuild(
    store: Store, model: int, dimensions: int, preparation: Preparation, encode: Encode
) -> Index:
    """Bring the store up to the model and the analysis, then make an index of everything in it.

    A process that dies on the way goes on where it was: each batch is a transaction.

    Args:
        store: open.
        model: the store's number for the loaded model.
        dimensions: of its vectors.
        preparation: cuts and analyses texts.
        encode: prepared items → float32[windows, dimensions] each.
    """
    analysis_changed = store.meta("analysis") != ANALYSIS_VERSION
    if analysis_changed or store.reader.models() != [model]:
        renewed = 0
        after = 0
        while found := store.reader.outdated(model, BATCH, every=analysis_changed, after=after):
            prepared = [preparation.item(stored.item) for stored in found]
            vectors = encode(prepared)
            encoded = [
                (stored.row, Encoded(one.windows, rows, one.keys, one.counts))
                for stored, one, rows in zip(found, prepared, vectors, strict=True)
            ]
            store.rewrite(encoded, model)
            renewed += len(found)
            after = found[-1].row
        store.finish_rewriting(model, ANALYSIS_VERSION)
        structlog.get_logger("raggen_embed.index").info("renewed", items=renewed)
    index = Index(dimensions)
    index.build(store.reader.everything(dimensions), store.generation)
    return index
