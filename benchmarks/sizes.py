"""How much is measured: all of it, or just enough to see that every benchmark works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Counts, and seconds; the defaults are those of ``make bench``."""

    messages: int = 512  # encoded a round
    passages: int = 128
    rounds: int = 7  # interleaved pairs a row
    clients: tuple[int, ...] = (8, 32, 64)
    client_seconds: float = 4  # of load a round
    items: int = 100_000  # in the memory that is searched
    kept: int = 4_000  # of them stored through the API; the rest are copies
    questions: int = 300
    crowd: int = 50
    crowd_seconds: int = 60
    vectors: int = 1_000_000
    real_vectors: int = 20_000  # encoded by the model; the others are made of them
    asked: int = 200  # queries of the vector index in each case
    large: int = 1_000_000  # items of the memory whose bytes are counted
    written: int = 20_000  # items
    starts: int = 3
    remembered: int = 10_000  # messages in raggen-web's memory
    chat_questions: int = 400  # of ten chats together
    route_calls: int = 200


FULL = Sizes()
QUICK = Sizes(
    messages=24,
    passages=8,
    rounds=2,
    clients=(4,),
    client_seconds=0.5,
    items=600,
    kept=200,
    questions=12,
    crowd=4,
    crowd_seconds=4,
    vectors=5_000,
    real_vectors=300,
    asked=20,
    large=2_000,
    written=512,
    starts=1,
    remembered=200,
    chat_questions=20,
    route_calls=3,
)
