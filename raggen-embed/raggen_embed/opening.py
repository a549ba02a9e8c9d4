"""Which models answer at start: those of the settings, or, while these have yet to read what is
stored, those that have read it."""

from __future__ import annotations

import time

import structlog

from raggen_embed.errors import DiskFull, ModelUnusable
from raggen_embed.freed import give_back
from raggen_embed.models import Models
from raggen_embed.progress import Start
from raggen_embed.renewal import renew_readings, renew_terms
from raggen_embed.serving import Pools, Serving
from raggen_embed.settings import Settings
from raggen_embed.sources import Sources
from raggen_embed.store import Store
from raggen_embed.upkeep import StoredModel

# So many items are read anew while callers wait; more, behind the models that have read them.
SOON = 64


def opened(
    settings: Settings, store: Store, pools: Pools, start: Start
) -> tuple[Serving, Serving | None]:
    """What answers, filled, and what has to be filled behind it, if anything; ``start`` is told how
    far it is.

    Raises:
        StartError: a model or the store cannot be used.
    """
    wanted = Serving.of(settings, store, Models.load(settings), pools)
    start.reach("index")
    sources = Sources(store.reader)
    renew_terms(sources, store.upkeep, wanted.preparation)
    active = [one for one in store.upkeep.models() if one.active]
    asked = {*wanted.readers.numbers.values()}
    unread = sources.unread_count(wanted.readers.reads)
    if unread > SOON and active and {one.number for one in active} != asked:
        before = _before(settings, store, pools, active)
        if before is not None:
            fill(store, before, start)
            return before, wanted
    fill(store, wanted, start, unread)
    take_over(store, wanted)
    return wanted, None


def take_over(store: Store, serving: Serving) -> None:
    """Let searches ask these models, and forget what can never be used again."""
    store.upkeep.activate(serving.readers.numbers.values())
    for number in superseded(store):
        while not store.upkeep.forget_some(number):
            pass


def superseded(store: Store) -> list[int]:
    """The numbers of models that can never be used again: other versions, from the same place, of
    models that answer. Any other model stays until it is dropped."""
    stored = store.upkeep.models()
    places = {(one.role, one.name, one.place) for one in stored if one.active}
    former = [one for one in stored if not one.active]
    gone = [one for one in former if (one.role, one.name, one.place) in places]
    mains = {one.number for one in former if one.role == "main"} - {one.number for one in gone}
    # The multilingual model reads windows that the main one cuts: to go back to a main model, what
    # the other has read of its windows is needed, too.
    return [one.number for one in gone if one.role == "main" or not mains]


def fill(
    store: Store, serving: Serving, start: Start | None = None, unread: int | None = None
) -> None:
    """Let the models read what they have not, and the index show it; ``start`` is told how far it
    is. ``unread``: how many items that is, where it has been counted: it takes a look at each.

    Raises:
        DatabaseUnusable: the store is damaged.
    """
    sources = Sources(store.reader)
    total = sources.unread_count(serving.readers.reads) if unread is None else unread

    def tell(read: int) -> bool:
        if start is not None:
            start.reach("index", read, total)
        return True

    if total:
        upkeep = store.upkeep
        renew_readings(sources, upkeep, serving.preparation, serving.readers, on_progress=tell)
    serving.shelf.sweep(sources.owners())
    serving.index.fill(store.generation)
    _keep_new(serving)


def _keep_new(serving: Serving) -> None:
    """Write down at once what had to be made from the store, and use it mapped: whoever is killed
    soon and often would make it again each time."""
    index, log = serving.index, structlog.get_logger("raggen_embed.index")
    for owner, memory in index.memories().items():
        if memory.base_is_mapped:
            continue
        started = time.monotonic()
        try:
            if serving.shelf.keep(owner, memory.arrays(), len(memory)):
                index.replace(owner, index.from_store(owner))
                log.info("base kept", items=len(memory), seconds=time.monotonic() - started)
        except (OSError, DiskFull) as error:
            # What was made works as it is. Another attempt comes while it runs.
            log.warning("snapshot not written", reason=str(error))
    give_back()


def _before(
    settings: Settings, store: Store, pools: Pools, active: list[StoredModel]
) -> Serving | None:
    """What answered before the settings changed, where its models can still be loaded."""
    log = structlog.get_logger("raggen_embed.start")
    places = {one.role: one.place for one in active}
    try:
        models = Models.load(settings, places["main"], multilingual="multilingual" in places)
    except (ModelUnusable, KeyError) as error:
        log.warning("the models before cannot be used: reading all anew", reason=str(error))
        return None
    if {one.fingerprint for one in models.identities.values()} != {
        one.fingerprint for one in active
    }:
        log.warning("the models before have changed: reading all anew")
        models.close()
        return None
    return Serving.of(settings, store, models, pools)
