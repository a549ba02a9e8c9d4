"""Deleting by what items are, not by their ids."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from raggen_embed.listing import Chosen, Listing
from raggen_embed.schemas import DeleteResponse, DeleteTarget

# Items of one commit: other writes come in between.
BATCH = 256

Delete = Callable[[str, Sequence[DeleteTarget]], Awaitable[DeleteResponse]]


@dataclass(frozen=True)
class Cleared:
    """How many items are gone; ``kept``: how many were changed or deleted by others meanwhile."""

    deleted: int
    kept: int


async def clear(listing: Listing, delete: Delete, chosen: Chosen) -> Cleared:
    """Delete an owner's items, each with the version that it was listed with.

    So a late upsert of what was deleted stays refused, and what was written anew in between stays.
    A process that dies on the way has deleted some of them: ask again.
    """
    gone = kept = 0
    after, more = "", True
    while more:
        page = await listing.page(chosen, after, BATCH)
        if not page.items:
            break
        targets = [DeleteTarget(id=one["id"], version=one["version"]) for one in page.items]
        answer = await delete(chosen.owner, targets)
        here = sum(result.status == "deleted" for result in answer.results)
        gone, kept = gone + here, kept + len(targets) - here
        after, more = page.items[-1]["id"], page.more
    return Cleared(gone, kept)
