"""Points at the sentences of results: lets the models read them, and chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from raggen_embed import highlight
from raggen_embed.calibration import Coefficients, Standing, log_odds
from raggen_embed.encoder import Encoding
from raggen_embed.fusion import LATE, PAIRS, Dense, Formula, Pair, session_share
from raggen_embed.models import Models
from raggen_embed.preparation import Preparation, Prepared
from raggen_embed.question import Question
from raggen_embed.ranking import Ranked
from raggen_embed.schemas import Item
from raggen_embed.search_schemas import Highlight
from raggen_embed.strengths import Floats
from raggen_embed.wire import Window


class Highlighting:
    """Finds the sentences that answer, with the parts that the search hands over."""

    def __init__(
        self,
        models: Models,
        preparation: Preparation,
        formula: Formula,
        coefficients: Mapping[Pair, Coefficients],
        pool: ThreadPoolExecutor,
    ) -> None:
        self._models = models
        self._preparation = preparation
        self._formula = formula
        self._coefficients = coefficients
        self._pool = pool

    async def highlights(
        self,
        count: int,
        question: Question,
        ranked: Ranked,
        found: Sequence[tuple[int, Item, Window]],
    ) -> list[list[Highlight]]:
        """The best ``count`` sentences of each of the items ``found``, which come with their places
        in the ranking and their nearest windows."""
        if not count or not found:
            return [[] for _ in found]
        loop = asyncio.get_running_loop()
        sources, picked = await loop.run_in_executor(self._pool, self._pick, ranked, found)
        vectors = question.vectors
        said = await self._said(sources, picked, set(vectors))
        asked = highlight.Asked(ranked.weighted, vectors)
        return await loop.run_in_executor(
            self._pool, self._choose, count, ranked, sources, picked, asked, said
        )

    def _pick(
        self, ranked: Ranked, found: Sequence[tuple[int, Item, Window]]
    ) -> tuple[list[highlight.Source], list[highlight.Picked]]:
        sources = []
        for place, item, window in found:
            sources.append(
                highlight.Source(
                    text=item.text,
                    start=window.start,
                    end=window.end,
                    pair=PAIRS[int(ranked.pairs[place])],
                    logit=float(ranked.logit[place]),
                )
            )
        return sources, highlight.pick(sources, ranked.weighted)

    async def _said(
        self, sources: Sequence[highlight.Source], picked: Sequence[highlight.Picked],
        roles: set[Dense],
    ) -> highlight.Said:  # fmt: skip
        """Let the models read the sentences that need it."""
        loop = asyncio.get_running_loop()
        read: dict[Dense, list[list[Encoding]]] = {}
        for role in roles:
            lanes = (role, LATE[role])
            wanted = [
                not one.alone
                and any(lane in self._formula.weights[sources[one.source].pair] for lane in lanes)
                for one in picked
            ]
            texts = [
                one.sentence.text
                for one, is_wanted in zip(picked, wanted, strict=True)
                if is_wanted
            ]
            if not texts:
                continue
            prepared = await loop.run_in_executor(self._pool, self._prepared, texts)
            encoded = iter(await self._models.read(role, prepared, urgent=True))
            read[role] = [next(encoded) if is_wanted else [] for is_wanted in wanted]
        return read

    def _prepared(self, sentences: Sequence[str]) -> list[Prepared]:
        """The sentences' windows, of each as many of the first that all have together no more than
        MAX_WINDOWS: what has no full stop is a sentence, too, however long."""
        whole = [self._preparation.text(sentence) for sentence in sentences]
        sizes = [len(one.windows) for one in whole]
        most = max(sizes, default=0)
        while most > 1 and sum(min(size, most) for size in sizes) > highlight.MAX_WINDOWS:
            most -= 1
        return [one.beginning(most) for one in whole]

    def _choose(
        self,
        count: int,
        ranked: Ranked,
        sources: Sequence[highlight.Source],
        picked: Sequence[highlight.Picked],
        asked: highlight.Asked,
        said: highlight.Said,
    ) -> list[list[Highlight]]:
        fused = highlight.scores(sources, picked, asked, said, self._formula)

        def logits(pair: Pair, fused: Floats) -> Floats:
            """The log-odds of items outside any session with these scores."""
            own = ranked.score[ranked.pairs == PAIRS.index(pair)]
            alone = np.full(len(fused), -1, np.int64)
            score = fused + session_share(fused, alone, self._formula.session)
            terms = log_odds(score, Standing.of(own), self._coefficients[pair])
            return np.asarray(np.sum([*terms.values()], axis=0), np.float32)

        return highlight.choose(sources, picked, fused, logits, count)
