"""Which models read an item, and what is kept of what they make of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from raggen_embed.changes import Encoded, Reading
from raggen_embed.encoder import Encoding
from raggen_embed.fusion import DENSE, LATE, Dense, Formula
from raggen_embed.models import Models
from raggen_embed.preparation import PreparedItem
from raggen_embed.script import SCRIPTS, Script
from raggen_embed.upkeep import Upkeep
from raggen_embed.window_keys import Reads


class Readers:
    """The models that are switched on, each with the scripts of the items that it reads.

    A model that no lane would ask about an item does not read it: with the multilingual model on,
    MiniLM has nothing to say of Russian, in which its tokens are single letters.
    """

    def __init__(self, models: Models, upkeep: Upkeep, place: str) -> None:
        """Give each model its number in the store; ``place``: where the main one is loaded from."""
        self._models = models
        formula = Formula.of(models.dimensions)
        self.formula = formula
        self.numbers: dict[Dense, int] = {
            role: upkeep.model_key(
                role, one.name, place if role == "main" else one.name, one.fingerprint
            )
            for role, one in models.identities.items()
        }
        self._scripts: dict[Dense, tuple[Script, ...]] = {
            role: tuple(script for script in SCRIPTS if formula.reads(role, script))
            for role in DENSE
            if role in self.numbers
        }

    @property
    def reads(self) -> list[Reads]:
        """The same for the store."""
        return [
            Reads(
                self.numbers[role],
                self._models.dimensions[role],
                scripts,
                tuple(one for one in scripts if self.formula.keeps(LATE[role], one)),
            )
            for role, scripts in self._scripts.items()
        ]

    def have_read(self, encoded: Encoded) -> bool:
        """Whether all of them that should have read an item are these."""
        wanted = {
            self.numbers[role]
            for role, scripts in self._scripts.items()
            if encoded.terms.script in scripts
        }
        return wanted <= {one.model for one in encoded.readings}

    async def read(self, items: Sequence[PreparedItem]) -> list[Encoded]:
        """Let the models read items."""
        asked = {role: self._readable(role, items) for role in self._scripts}
        read = await asyncio.gather(
            *(self._models.read(role, texts, urgent=False) for role, texts in asked.items())
        )
        return self._encoded(items, dict(zip(asked, read, strict=True)))

    def read_now(self, items: Sequence[PreparedItem]) -> list[Encoded]:
        """The same for a thread that may wait."""
        read = {
            role: self._models.read_now(role, self._readable(role, items)) for role in self._scripts
        }
        return self._encoded(items, read)

    def _readable(self, role: Dense, items: Sequence[PreparedItem]) -> list[PreparedItem]:
        return [one for one in items if one.terms.script in self._scripts[role]]

    def _encoded(
        self, items: Sequence[PreparedItem], read: Mapping[Dense, Sequence[Sequence[Encoding]]]
    ) -> list[Encoded]:
        encodings = {role: iter(own) for role, own in read.items()}
        encoded = []
        for item in items:
            script = item.terms.script
            readings = []
            for role, scripts in self._scripts.items():
                if script in scripts:
                    windows = next(encodings[role])
                    if not self.formula.keeps(LATE[role], script):
                        windows = [one.without_tokens() for one in windows]
                    readings.append(Reading(self.numbers[role], windows))
            encoded.append(Encoded(item.windows, readings, item.terms))
        return encoded
