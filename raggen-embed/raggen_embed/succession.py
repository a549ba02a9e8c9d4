"""Which models have read what is stored: those that answer, those that will, and those that did and
are kept until they are dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from raggen_embed.errors import ModelInUse, NotFound
from raggen_embed.model_schemas import KeptModel, ModelsResponse, ModelState, TakeOver
from raggen_embed.serving import Serving
from raggen_embed.shadow import Shadow
from raggen_embed.store import Store

OnWriter = Callable[[Callable[[], Any]], Any]


class Succession:
    """The models of a store, for threads that may wait."""

    def __init__(
        self, store: Store, on_writer: OnWriter, after: Serving | None, shadow: Shadow | None
    ) -> None:
        """``after`` takes over by ``shadow``, if anything does."""
        self._store = store
        self._on_writer = on_writer
        self._after = after
        self._shadow = shadow

    def models(self) -> ModelsResponse:
        """All of them, in the order in which they came, and how far a take-over is."""
        coming = self._coming()
        stored = self._on_writer(self._store.upkeep.models)
        kept = []
        for one in stored:
            state: ModelState = (
                "active" if one.active else "filling" if one.number in coming else "kept"
            )
            kept.append(KeptModel(number=one.number, name=one.name, role=one.role, state=state))
        take_over = None
        if self._shadow is not None:
            progress = self._shadow.progress
            take_over = TakeOver(
                state=progress.state,
                read=progress.read,
                total=progress.total,
                overlap=progress.overlap,
            )
        return ModelsResponse(models=kept, take_over=take_over)

    def drop(self, number: int) -> None:
        """Forget what a model has read, and the model.

        Raises:
            NotFound: there is no such model.
            ModelInUse: it answers, or it is about to.
        """
        found = {one.number: one.state for one in self.models().models}
        if number not in found:
            raise NotFound("There is no model with this number: GET /api/v1/models lists them.")
        if found[number] != "kept":
            raise ModelInUse("This model is in use: only what is kept of others can be dropped.")
        # In pieces, between which others write.
        while not self._on_writer(lambda: self._store.upkeep.forget_some(number)):
            pass

    def _coming(self) -> set[int]:
        if self._shadow is None or self._after is None or self._shadow.progress.state == "switched":
            return set()
        return {*self._after.readers.numbers.values()}
