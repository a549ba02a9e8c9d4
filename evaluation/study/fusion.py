"""From lanes to one score an item: pure functions over arrays [n], one entry a candidate.

Scores are absolute. Nothing is scaled by the best or the worst of a list, so a score does not
depend on which other items happen to be candidates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.study.script import Script

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Pair = Literal["latin", "cyrillic", "cross"]
Lane = Literal["late_minilm", "late_multilingual", "words", "grams", "minilm", "multilingual"]

PAIRS: Final[tuple[Pair, ...]] = ("latin", "cyrillic", "cross")
SESSION_SHARE: Final = 0.2  # of the mean of the session's three best
SESSION_TOP: Final = 3
POOL: Final = 30  # candidates a lane, before neighbours; 30 … 200 give the same nDCG@10 (±.1)
LATE_POOL: Final = 40  # how many of the pool get the late MiniLM lane: −.2, a third of its time

# By the scripts of question and item. Round numbers from a coarse grid over whole sets; the
# plateau is wide (README.md, "Constants").
WEIGHTS: Final[Mapping[Pair, Mapping[Lane, float]]] = {
    "latin": {"late_minilm": 0.6, "minilm": 0.1, "words": 0.2, "grams": 0.1},
    "cyrillic": {"late_multilingual": 0.3, "multilingual": 0.3, "words": 0.2, "grams": 0.2},
    "cross": {"late_multilingual": 0.4, "multilingual": 0.35, "grams": 0.25},
}
WEIGHTS_MINILM_ONLY: Final[Mapping[Pair, Mapping[Lane, float]]] = {
    "latin": WEIGHTS["latin"],
    "cyrillic": {"late_minilm": 0.1, "minilm": 0.05, "words": 0.45, "grams": 0.4},
    "cross": {"minilm": 0.05, "words": 0.3, "grams": 0.65},
}
RECENCY_MAX: Final = 0.05  # bounds of the explicit extra terms, in units of the fused score
PINNED_MAX: Final = 0.1


def pair(query: Script, item: Script) -> Pair:
    """Which weights hold between a query and an item."""
    return "cross" if query != item else query


def fuse(lanes: Mapping[Lane, Floats], weights: Mapping[Lane, float]) -> dict[Lane, Floats]:
    """Each lane's share, weight · lane; the fused score is their sum. A cosine below 0 is 0."""
    return {lane: np.float32(w) * np.clip(lanes[lane], 0, 1) for lane, w in weights.items()}


def session_share(fused: Floats, group: Ints) -> Floats:
    """SESSION_SHARE of the mean of the three best of an item's session or parent.

    `group` numbers sessions; −1 is none, such an item takes its own score, so that sums stay
    comparable between chats and single passages. Shorter sessions are filled up with zeros.
    """
    out = fused.copy()
    order = np.lexsort((-fused, group))
    grouped = group[order]
    starts = np.flatnonzero(np.concatenate([[True], grouped[1:] != grouped[:-1]]))
    for start, stop in zip(starts, [*starts[1:], len(grouped)], strict=True):
        if start < stop and grouped[start] >= 0:
            best = fused[order[start : min(stop, start + SESSION_TOP)]]
            out[order[start:stop]] = best.sum() / SESSION_TOP
    return np.float32(SESSION_SHARE) * out


def shortlist(
    lanes: Mapping[Lane, Floats], before: Sequence[Ints], after: Sequence[Ints]
) -> NDArray[np.bool_]:
    """[n]: the LATE_POOL best by the cheap lanes, and their neighbours (columns, −1 for none)."""
    cheap = 0.5 * np.clip(lanes["minilm"], 0, 1) + lanes["words"] + lanes["grams"]
    count = len(cheap)
    keep = np.zeros(count + 1, np.bool_)  # one more, so that −1 has somewhere to go
    best = np.argpartition(-cheap, min(LATE_POOL, count) - 1)[:LATE_POOL]
    keep[best] = True
    for column in (*before, *after):
        keep[column[best]] = True
    return keep[:count]


def recency(age_days: Floats, half_life_days: float, strength: float) -> Floats:
    """A bonus in [0, RECENCY_MAX] that halves every half-life; strength 0 switches it off."""
    most = RECENCY_MAX * min(max(strength, 0.0), 1.0)
    return np.asarray(most * np.exp2(-np.maximum(age_days, 0) / half_life_days), np.float32)


def pinned(is_pinned: NDArray[np.bool_], strength: float) -> Floats:
    """A bonus in [0, PINNED_MAX] for pinned items; strength 0 switches it off."""
    return np.float32(PINNED_MAX * min(max(strength, 0.0), 1.0)) * is_pinned.astype(np.float32)
