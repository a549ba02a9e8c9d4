"""From lanes to one score an item: pure functions over arrays [n], one entry a candidate.

Scores are absolute. Nothing is scaled by the best or the worst of a list, so a score does not
depend on which other items happen to be candidates. Where the constants come from:
evaluation/study/README.md.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from raggen_embed.script import Script

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Pair = Literal["latin", "cyrillic", "cross"]
Lane = Literal["late_main", "main", "late_multilingual", "multilingual", "words", "grams"]
Dense = Literal["main", "multilingual"]
Weights = Mapping[Pair, Mapping[Lane, float]]

PAIRS: Final[tuple[Pair, ...]] = ("latin", "cyrillic", "cross")
LANES: Final[tuple[Lane, ...]] = (
    *("late_main", "main", "late_multilingual", "multilingual"),
    *("words", "grams"),
)
DENSE: Final[tuple[Dense, ...]] = ("main", "multilingual")
# The lane of each model's tokens.
LATE: Final[Mapping[Dense, Lane]] = {"main": "late_main", "multilingual": "late_multilingual"}
SESSION_TOP: Final = 3  # whose mean is a session's worth

# By the scripts of question and item. Round numbers from a coarse grid over whole sets; the
# plateau is wide. "main" is the encoder that the settings name, MiniLM unless changed.
BOTH_MODELS: Final[Weights] = {
    "latin": {"late_main": 0.6, "main": 0.1, "words": 0.2, "grams": 0.1},
    "cyrillic": {"late_multilingual": 0.5, "multilingual": 0.2, "words": 0.2, "grams": 0.1},
    "cross": {"late_multilingual": 0.6, "multilingual": 0.2, "grams": 0.2},
}
MAIN_ONLY: Final[Weights] = {
    "latin": BOTH_MODELS["latin"],
    "cyrillic": {"main": 0.05, "words": 0.5, "grams": 0.45},
    "cross": {"main": 0.05, "words": 0.3, "grams": 0.65},
}
RECENCY_MAX: Final = 0.05  # bounds of the explicit extra terms, in units of the fused score
PINNED_MAX: Final = 0.1


@dataclass(frozen=True)
class Formula:
    """What a search is made of. The defaults are the product; evaluation switches parts off.

    ``weights``: the lanes' by pair of scripts; a lane without one is not even computed. ``lift``:
    share of a better neighbour's strength, one and two places away. ``session``: share of the mean
    of the session's (or parent's) SESSION_TOP best. ``asking``: what a message loses that only
    asks. ``pool``: candidates a lane puts forward, ``neighbours``: whether what stands beside them
    joins. ``late_pool``, ``late_tokens``: for how many of them, and tokens of these, a late lane is
    computed.
    """

    weights: Weights = field(default_factory=lambda: BOTH_MODELS)
    lift: tuple[float, ...] = (0.5, 0.3)
    session: float = 0.2
    asking: float = 0.08
    pool: int = 30
    neighbours: bool = True
    late_pool: int = 40
    late_tokens: int = 6000

    @classmethod
    def of(cls, models: Container[str]) -> Formula:
        """The product's, for the models that are switched on."""
        return cls(BOTH_MODELS if "multilingual" in models else MAIN_ONLY)

    def uses(self, lane: Lane, question: Script, item: Script) -> bool:
        """Whether a lane says anything about such items for such questions."""
        return self.weights[pair(question, item)].get(lane, 0) > 0

    def asks(self, model: Dense, question: Script, item: Script) -> bool:
        """Whether any lane of a model says anything about such items for such questions."""
        return self.uses(model, question, item) or self.uses(LATE[model], question, item)

    def reads(self, model: Dense, item: Script) -> bool:
        """Whether any lane of a model looks at such items, so that it has to read them."""
        return self.keeps(model, item) or self.keeps(LATE[model], item)

    def keeps(self, lane: Lane, item: Script) -> bool:
        """Whether any question asks a lane about such items."""
        return self.uses(lane, "latin", item) or self.uses(lane, "cyrillic", item)


def pair(question: Script, item: Script) -> Pair:
    """Which weights hold between a question and an item."""
    return "cross" if question != item else question


def fuse(lanes: Mapping[Lane, Floats], weights: Mapping[Lane, float]) -> dict[Lane, Floats]:
    """Each lane's share, weight · lane; the fused score is their sum. A cosine below 0 is 0."""
    return {lane: np.float32(w) * np.clip(lanes[lane], 0, 1) for lane, w in weights.items()}


def session_share(fused: Floats, group: Ints, share: float) -> Floats:
    """``share`` of the mean of the three best of an item's session or parent.

    ``group`` numbers sessions; −1 is none, such an item takes its own score, so that sums stay
    comparable between chats and single passages. Shorter sessions are filled up with zeros.
    """
    if not len(fused):
        return fused.copy()
    order = np.lexsort((-fused, group))
    starts = np.flatnonzero(np.diff(group[order], prepend=group[order[0]] - 1))
    place = np.arange(len(order)) - np.repeat(starts, np.diff(starts, append=len(order)))
    best = np.where(place < SESSION_TOP, np.maximum(fused[order], 0), 0)
    means = np.add.reduceat(best, starts) / SESSION_TOP
    out = np.empty_like(fused)
    out[order] = np.repeat(means, np.diff(starts, append=len(order)))
    return np.asarray(np.float32(share) * np.where(group < 0, fused, out), np.float32)


def asking(share: Floats, in_chat: NDArray[np.bool_], strength: float) -> Floats:
    """What messages lose, in [−strength, 0], by the share of their sentences that asks.

    A question repeats the words of a question, and answers nothing. Passages of documents are left
    alone: there a heading may ask, and the answer stands below.
    """
    return np.asarray(-np.float32(strength) * share * in_chat, np.float32)


def recency(age_days: Floats, half_life_days: float, strength: float) -> Floats:
    """A bonus in [0, RECENCY_MAX] that halves every half-life; strength 0 switches it off.

    An item without a time (NaN) gets none; one from the future counts as of now.
    """
    most = RECENCY_MAX * min(max(strength, 0.0), 1.0)
    bonus = most * np.exp2(-np.maximum(age_days, 0) / half_life_days)
    return np.asarray(np.nan_to_num(bonus, nan=0.0), np.float32)


def pinned(is_pinned: NDArray[np.bool_], strength: float = 1.0) -> Floats:
    """A bonus in [0, PINNED_MAX] for pinned items; strength 0 switches it off."""
    return np.float32(PINNED_MAX * min(max(strength, 0.0), 1.0)) * is_pinned.astype(np.float32)
