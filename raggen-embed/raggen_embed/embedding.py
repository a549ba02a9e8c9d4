"""Texts that are embedded for whoever asks, and not kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from raggen_embed.allowance import within
from raggen_embed.encoder import Vectors, mean_vector
from raggen_embed.errors import NoSuchModel
from raggen_embed.fusion import Dense
from raggen_embed.metrics import Stages
from raggen_embed.models import Models
from raggen_embed.preparation import Preparation, Prepared
from raggen_embed.wire import Window


@dataclass(frozen=True, eq=False)
class Embedded:
    """A text's unit vector float32[d], its windows, and how many tokens they have together."""

    vector: Vectors
    windows: list[Window]
    tokens: int


@dataclass(frozen=True)
class Loaded:
    """A model by the name that clients ask for; ``since`` in seconds since 1970."""

    role: Dense
    name: str
    dimensions: int
    since: int


class Embedding:
    """Cuts texts into windows, lets a model read them, and makes one vector of each."""

    def __init__(
        self,
        preparation: Preparation,
        models: Models,
        limit: int,
        pool: ThreadPoolExecutor,
    ) -> None:
        """``limit``: how many windows one request may make; ``pool``: threads that cut texts."""
        self._preparation = preparation
        self._models = models
        self._limit = limit
        self._pool = pool
        now = int(time.time())
        self.loaded = [
            Loaded(role, one.name, one.dimensions, now) for role, one in models.identities.items()
        ]

    def model(self, name: str) -> Loaded:
        """A model by its name.

        Raises:
            NoSuchModel: it is not loaded; says which are.
        """
        for one in self.loaded:
            if one.name == name:
                return one
        known = " or ".join(one.name for one in self.loaded)
        raise NoSuchModel(f"There is no such model: write {known}.", param="model")

    async def read(
        self, texts: Sequence[str], stages: Stages, role: Dense = "main"
    ) -> list[Embedded]:
        """Texts → unit vectors, the normalised mean of its windows for each.

        A text is read as something that is kept: e5 reads it after "passage: ".

        Raises:
            TooMuchText: more windows than may wait.
            Overloaded: too much is waiting.
            NotReady: the process is stopping.
        """
        with stages.stage("prepare"):
            prepared = await asyncio.get_running_loop().run_in_executor(
                self._pool, self._prepared, texts
            )
        with stages.stage("embed"):
            read = await self._models.read(role, prepared, urgent=len(texts) == 1)
        return [
            Embedded(
                mean_vector(np.stack([window.vector for window in windows])),
                one.windows,
                sum(one.tokens),
            )
            for one, windows in zip(prepared, read, strict=True)
        ]

    def _prepared(self, texts: Sequence[str]) -> list[Prepared]:
        return within(self._limit, (self._preparation.text(text) for text in texts))
