"""What is missing is made again, in pieces, each of which is kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from opened_collection import Loaded, Opened, hurry, settings_of

from raggen_embed import renewal
from raggen_embed.encoder import Encoder
from raggen_embed.models import Models
from raggen_embed.renewal import renew_readings, renew_terms
from raggen_embed.serving import Serving
from raggen_embed.sources import Sources
from raggen_embed.store import Store

MANY = 10


@pytest.fixture
def both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder
) -> Iterator[tuple[Store, Serving]]:
    """A store whose items have lost what was made of them."""
    hurry(monkeypatch)
    monkeypatch.setattr(Encoder, "load", Loaded(encoder).load)
    monkeypatch.setattr(renewal, "BATCH", 3)
    settings = settings_of(tmp_path)
    one = Opened(tmp_path)
    one.put(*range(MANY))
    one.close()
    store = Store(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        serving = Serving.of(settings, store, Models.load(settings), (pool, pool))
        store.upkeep.forget_analysis()
        for number in serving.readers.numbers.values():
            store.upkeep.forget_readings(number)
        yield store, serving
        serving.models.close()
    store.close()


def test_terms_then_readings(both: tuple[Store, Serving]) -> None:
    store, serving = both
    sources, reads = Sources(store.reader), serving.readers.reads
    assert len(sources.without_terms(100, after=0)) == MANY
    renew_terms(sources, store.upkeep, serving.preparation)
    assert sources.without_terms(100, after=0) == []
    assert sources.unread_count(reads) == MANY
    told: list[int] = []

    def stop_after_two(read: int) -> bool:
        told.append(read)
        return len(told) < 2

    def renew(*rest: object) -> int:
        return renew_readings(sources, store.upkeep, serving.preparation, serving.readers, *rest)  # type: ignore[arg-type]

    assert renew(renewal.at_once, stop_after_two) == 6
    assert told == [3, 6]
    assert sources.unread_count(reads) == MANY - 6
    assert renew() == MANY - 6
    assert renew() == 0
    serving.index.fill(store.generation)
    assert len(serving.index) == MANY


def test_what_changes_meanwhile_is_left_to_the_next_round(both: tuple[Store, Serving]) -> None:
    """Vectors of a text that is gone must not be kept for the one in its place."""
    store, serving = both
    sources, reads = Sources(store.reader), serving.readers.reads
    renew_terms(sources, store.upkeep, serving.preparation)
    [first, *_] = sources.unread(reads, 1, after=0)
    made = serving.readers.read_now([serving.preparation.item(first.item)])
    store.upkeep.write_readings([(first.row, first.sequence + 1, made[0])])
    assert sources.unread_count(reads) == MANY
    store.upkeep.write_readings([(first.row, first.sequence, made[0])])
    assert sources.unread_count(reads) == MANY - 1
