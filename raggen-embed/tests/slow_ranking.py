"""The ranking once more, slowly and item by item, written from the formula in
evaluation/study/README.md."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from ranked_world import World, row_of

from raggen_embed import analysis
from raggen_embed.background import Background
from raggen_embed.calibration import Calibration
from raggen_embed.fusion import Dense
from raggen_embed.question import Question
from raggen_embed.ranking import Wanted
from raggen_embed.schemas import Item

NOW = datetime.fromisoformat("2026-06-01T00:00:00Z").timestamp()
WEIGHTS: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "both": {
        "latin": {"late_main": 0.6, "main": 0.1, "words": 0.2, "grams": 0.1},
        "cyrillic": {"late_multilingual": 0.5, "multilingual": 0.2, "words": 0.2, "grams": 0.1},
        "cross": {"late_multilingual": 0.6, "multilingual": 0.2, "grams": 0.2},
    },
    "main": {
        "latin": {"late_main": 0.6, "main": 0.1, "words": 0.2, "grams": 0.1},
        "cyrillic": {"main": 0.05, "words": 0.5, "grams": 0.45},
        "cross": {"main": 0.05, "words": 0.3, "grams": 0.65},
    },
}


@dataclass
class Slow:
    """The formula over dictionaries, one item and one term at a time, in double precision."""

    world: World
    names: Sequence[str]
    roles: Sequence[Dense]

    def __post_init__(self) -> None:
        self.background = Background.load()
        self.script = {name: self.world.prepared[name].terms.script for name in self.names}
        self.words, self.grams = {}, {}
        for name in self.names:
            item = self.world.items[name]
            header = self.world.prepared[name].inputs[0].removesuffix(item.text)
            # What every header says (said, on) is in no item's words; the rest of it is.
            text = f"{self._named(item, header)} {item.text}"
            self.words[name] = Counter(word.stem for word in analysis.words(text))
            self.grams[name] = Counter(analysis.grams(text))

    def _named(self, item: Item, header: str) -> str:
        if item.timestamp is None:
            date = ""
        elif self.script[item.id] == "latin":
            date = f"{item.timestamp.day} May {item.timestamp.year}"
        else:
            date = f"{item.timestamp.day} мая {item.timestamp.year} г."
        assert date in header or len(item.text) > 1000
        return f"{date} {item.speaker or ''}".replace("user", "")

    def weight(self, df: float, items: float, common: float) -> float:
        d, n = df + 200 * common, items + 200
        return float(math.log(1 + (max(n - d, 0) + 0.5) / (d + 0.5)) ** 1.5)

    def lexical(
        self, bags: Mapping[str, Counter[str]], weights: Mapping[str, float]
    ) -> dict[str, dict[str, float]]:
        """Strengths by term and item."""
        mean = (sum(bag.total() for bag in bags.values()) + 3000) / (len(bags) + 200)
        return {
            term: {
                name: bag[term] / (bag[term] + 0.9 * (0.6 + 0.4 * bag.total() / mean))
                for name, bag in bags.items()
            }
            for term in weights
        }

    def group(self, name: str) -> tuple[Any, ...] | None:
        item = self.world.items[name]
        if item.parent is not None:
            return "parent", item.collection, item.parent
        if item.conversation is None and item.session is None:
            return None
        return "chat", item.collection, item.conversation, item.session

    def order(self) -> dict[tuple[Any, ...], list[str]]:
        groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for name in self.names:
            if (own := self.group(name)) is not None:
                groups[own].append(name)

        def key(name: str) -> tuple[float, str, int]:
            item = self.world.items[name]
            seq = math.inf if item.seq is None else item.seq
            time = "" if item.timestamp is None else item.timestamp.isoformat()
            return seq, time, [*self.world.items].index(name)

        return {own: sorted(members, key=key) for own, members in groups.items()}

    def lifted(self, strength: Mapping[str, float], allowed: set[str]) -> dict[str, float]:
        own = {name: strength.get(name, 0.0) for name in allowed}
        found = dict(own)
        for away, share in ((1, 0.5), (2, 0.3)):
            raised = dict(found)
            for members in self.order().values():
                for place, name in enumerate(members):
                    # 0 stands where nobody does.
                    best = max(
                        own.get(members[at], 0.0) if 0 <= at < len(members) else 0.0
                        for at in (place - away, place + away)
                    )
                    if name in allowed:
                        raised[name] = found[name] + share * max(0.0, best - found[name])
            found = raised
        return found

    def covered(
        self, rows: Sequence[Mapping[str, float]], weights: Sequence[float], allowed: set[str]
    ) -> dict[str, float]:
        total = sum(weights)
        lifted = [self.lifted(row, allowed) for row in rows]
        return {
            name: sum(w * row[name] for w, row in zip(weights, lifted, strict=True)) / total
            if total
            else 0.0
            for name in allowed
        }

    def lanes(self, question: Question, allowed: set[str]) -> dict[str, dict[str, float]]:
        of_script: Counter[str] = Counter(self.script.values())
        words: dict[str, float] = {}
        grams: dict[str, float] = {}
        for turn in question.turns:
            for stem in turn.stems:
                own = "cyrillic" if any("а" <= c <= "я" for c in stem) else "latin"
                df = sum(stem in bag for bag in self.words.values())
                w = self.weight(df, of_script[own], self.background.stems.get(stem, 0.0))
                words[stem] = max(words.get(stem, 0.0), turn.weight * w)
            for gram in turn.grams:
                df = sum(gram in bag for bag in self.grams.values())
                common = self.background.grams[question.script].get(gram, 0.0)
                w = self.weight(df, len(self.names), common)
                grams[gram] = max(grams.get(gram, 0.0), turn.weight * w)
        lanes: dict[str, dict[str, float]] = {}
        for lane, bags, weights in (("words", self.words, words), ("grams", self.grams, grams)):
            strengths = self.lexical(bags, weights)
            rows = [strengths[term] for term in weights]
            lanes[lane] = self.covered(rows, [*weights.values()], allowed)
        for role in self.roles:
            lanes[role] = self.cosines(role, question, allowed)
            lanes[f"late_{role}"] = self.late(role, question, allowed, of_script)
        return lanes

    def cosines(self, role: Dense, question: Question, allowed: set[str]) -> dict[str, float]:
        asked = np.zeros(self.world.dimensions[role])
        for turn in question.turns:
            vectors = np.mean([one.vector for one in turn.read[role]], axis=0)
            asked += turn.weight * vectors / np.linalg.norm(vectors)
        asked /= np.linalg.norm(asked)
        return {
            name: max(float(one.vector @ asked) for one in self.world.read[name][role])
            for name in allowed
        }

    def speaks(self, role: Dense, question: str, item: str) -> bool:
        pair = question if question == item else "cross"
        return f"late_{role}" in WEIGHTS["both" if len(self.roles) == 2 else "main"][pair]

    def late(
        self, role: Dense, question: Question, allowed: set[str], of_script: Counter[str]
    ) -> dict[str, float]:
        rows, weights = [], []
        having = {
            name: {int(token) for one in self.world.read[name][role] for token in one.ids}
            for name in self.names
            if self.speaks(role, "latin", self.script[name])
            or self.speaks(role, "cyrillic", self.script[name])
        }
        signs: dict[str, npt.NDArray[np.float64]] = {}
        for name in allowed:
            if self.speaks(role, question.script, self.script[name]):
                bits = np.concatenate([one.bits for one in self.world.read[name][role]])
                unpacked = np.unpackbits(bits, axis=1).astype(float)
                signs[name] = (2 * unpacked - 1) / math.sqrt(unpacked.shape[1])
        for turn in question.turns:
            for one in turn.read[role]:
                for token, vector in zip(one.ids.tolist(), one.tokens, strict=True):
                    df = sum(token in ids for ids in having.values())
                    if role == "main":
                        common, items = self.background.wordpieces[token], len(self.names)
                    else:
                        common = self.background.pieces[token]
                        is_cyrillic = self.background.piece_is_cyrillic[token]
                        items = of_script["cyrillic" if is_cyrillic else "latin"]
                    weights.append(turn.weight * self.weight(df, items, float(common)))
                    rows.append({
                        name: float((own @ vector).max()) for name, own in signs.items() if len(own)
                    })  # fmt: skip
        # The heaviest of the question's tokens, up to 95 % of what all weigh.
        kept: list[int] = []
        for place in sorted(range(len(weights)), key=lambda at: -weights[at]):
            if sum(weights[at] for at in kept) < 0.95 * sum(weights):
                kept.append(place)
        return self.covered([rows[at] for at in kept], [weights[at] for at in kept], allowed)

    def rank(self, question: Question, wanted: Wanted, allowed: set[str]) -> dict[str, Any]:
        kind = "both" if len(self.roles) == 2 else "main"
        lanes = self.lanes(question, allowed)
        pair = {
            name: self.script[name] if self.script[name] == question.script else "cross"
            for name in allowed
        }
        fused = {
            name: sum(
                weight * min(max(lanes[lane][name], 0), 1)
                for lane, weight in WEIGHTS[kind][pair[name]].items()
            )
            for name in allowed
        }
        score = {}
        for name in allowed:
            own = self.group(name)
            alike = sorted((fused[one] for one in allowed if self.group(one) == own), reverse=True)
            share = fused[name] if own is None else sum(alike[:3]) / 3
            time = self.world.items[name].timestamp
            new = 0.0
            if time is not None:
                age = max(0.0, (NOW - time.timestamp()) / 86_400)
                new = 0.05 * wanted.recency * 0.5 ** (age / wanted.half_life)
            sentences = re.split(r"(?<=[.!?]) ", self.world.items[name].text)
            asks = sum(one.endswith("?") for one in sentences) / len(sentences)
            if self.world.items[name].conversation is None:
                asks = 0.0
            score[name] = (
                fused[name]
                + 0.2 * share
                + new
                + 0.1 * (bool(wanted.pinned) and row_of(name) in wanted.pinned)
                - 0.08 * asks
            )
        coefficients = Calibration.load().coefficients["both" if kind == "both" else "main"]
        logit = {}
        for name in allowed:
            c = next(one for key, one in coefficients.items() if key == pair[name])
            alike = sorted((score[one] for one in allowed if pair[one] == pair[name]), reverse=True)
            level = (sum(alike[10:30]) + 0.2 * (20 - len(alike[10:30]))) / 20
            lead = alike[0] - (sum(alike[5:10]) + 0.2 * (5 - len(alike[5:10]))) / 5
            logit[name] = (
                c.bias + c.score * score[name] + c.gap * (score[name] - alike[0])
                + c.background * level + c.lead * lead
                - c.floor_slope * max(0, c.floor - score[name])
            )  # fmt: skip
        return {"lanes": lanes, "score": score, "logit": logit, "pair": pair}
