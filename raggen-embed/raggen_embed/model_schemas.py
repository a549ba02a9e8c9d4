"""What goes over the wire about the models that have read what is stored."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from raggen_embed.wire import Wire

ModelState = Literal["active", "filling", "kept"]


class KeptModel(Wire):
    """A model that has read items: it answers (active), will answer once it has read all (filling),
    or did and is kept until it is dropped."""

    number: int = Field(description="Of this installation alone.")
    name: str
    role: Literal["main", "multilingual"]
    state: ModelState


class TakeOver(Wire):
    """How far the models of the settings are that take over from those before them."""

    state: Literal["filling", "comparing", "switched", "failed"]
    read: int = Field(description="Items that they have read, of `total`.")
    total: int
    overlap: float | None = Field(
        description="The share of the old models' results that the new ones give, too."
    )


class ModelsResponse(Wire):
    """The models in the order in which they came."""

    models: list[KeptModel]
    take_over: TakeOver | None = Field(description="Of this run of the service; null: none.")


class DropResponse(Wire):
    """What was dropped: all vectors of a model."""

    number: int
    status: Literal["dropped"] = "dropped"
