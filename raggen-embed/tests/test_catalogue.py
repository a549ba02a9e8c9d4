"""The catalogue against a list of its items."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from frozen import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.catalogue import Catalogue, Filter
from raggen_embed.columns import Columns
from raggen_embed.placement import Placement
from raggen_embed.script import SCRIPTS, Script

TIMES = ["2026-01-01T00:00:00Z", "2026-01-01T02:00:00+03:00", "2026-01-02T00:00:00.25+00:00"]
# A name in Cyrillic and one that no UTF-8 has; sorted by code points and by bytes, they differ.
NAMES = ["a", "b", "ж", "", "\ud800", "\uffff", "\U0001f600"]
Item = tuple[Placement, Script, float]
items: st.SearchStrategy[Item] = st.tuples(
    st.builds(
        Placement,
        row=st.just(0),
        sequence=st.integers(1, 99),
        owner=st.just("o"),
        collection=st.sampled_from(NAMES),
        conversation=st.none() | st.sampled_from(NAMES),
        session=st.none() | st.sampled_from(NAMES),
        parent=st.none() | st.sampled_from(NAMES),
        seq=st.none() | st.integers(0, 5),
        timestamp=st.none() | st.sampled_from(TIMES),
    ),
    st.sampled_from(SCRIPTS),
    st.sampled_from([0.0, 0.5, 1.0]),
)
chosen = st.none() | st.lists(st.sampled_from([*NAMES, "nobody's"]), max_size=3)
times = st.none() | st.sampled_from(TIMES).map(datetime.fromisoformat)
filters = st.builds(
    Filter,
    chosen,
    chosen,
    chosen,
    st.none() | st.lists(st.integers(0, 40)),
    times,
    times,
    st.none() | st.lists(st.sampled_from(SCRIPTS)),
)


class World:
    """A catalogue, and what it must hold: slot → item."""

    def __init__(self, base: list[Item], *, reload: bool) -> None:
        own = [
            (replace(one, row=2 * at), script, asking)
            for at, (one, script, asking) in enumerate(base)
        ]
        self.catalogue = Catalogue()
        self.catalogue.build(columns(own))
        if reload:
            loaded = Catalogue()
            loaded.load(frozen(self.catalogue.arrays()))
            self.catalogue = loaded
        self.held: dict[int, Item] = dict(enumerate(own))
        self.room = len(base)

    def slot_of(self, row: int) -> int | None:
        return next((slot for slot, (one, *_) in self.held.items() if one.row == row), None)

    def put(self, changes: dict[int, Item | None]) -> None:
        """Replace or remove what rows hold."""
        for row in changes:
            slot = self.slot_of(row)
            assert self.catalogue.displace(row) == slot
            if slot is not None:
                del self.held[slot]
        placed = [
            (replace(item[0], row=row), *item[1:])
            for row, item in changes.items()
            if item is not None
        ]
        slots = self.catalogue.place(
            [one for one, _, _ in placed],
            [script for _, script, _ in placed],
            [asking for *_, asking in placed],
        )
        assert slots.tolist() == [*range(self.room, self.room + len(placed))]
        self.held |= zip(slots.tolist(), placed, strict=True)
        self.room += len(placed)

    def allows(self, wanted: Filter, slot: int) -> bool:
        if slot not in self.held:
            return False
        one, script, _ = self.held[slot]
        time = None if one.timestamp is None else datetime.fromisoformat(one.timestamp)
        return (
            (wanted.collections is None or one.collection in wanted.collections)
            and (wanted.conversations is None or one.conversation in wanted.conversations)
            and one.conversation not in (wanted.exclude_conversations or ())
            and one.row not in (wanted.exclude_rows or ())
            and (wanted.scripts is None or script in wanted.scripts)
            and (wanted.before is None or (time is not None and time < wanted.before))
            and (wanted.after is None or (time is not None and time > wanted.after))
        )


def columns(base: list[Item]) -> Columns:
    placements = [one for one, *_ in base]
    return Columns(
        rows=np.array([one.row for one in placements], np.int64),
        sequences=np.array([one.sequence for one in placements], np.int64),
        collections=[one.collection for one in placements],
        conversations=[one.conversation for one in placements],
        sessions=[one.session for one in placements],
        parents=[one.parent for one in placements],
        seq=np.array([-1 if one.seq is None else one.seq for one in placements], np.int64),
        timestamps=[one.timestamp for one in placements],
        scripts=np.array([SCRIPTS.index(script) for _, script, _ in base], np.int8),
        asking=np.array([asking for *_, asking in base], np.float32),
    )


@settings(max_examples=300)
@given(
    st.lists(items, max_size=10),
    st.booleans(),
    st.lists(st.dictionaries(st.integers(0, 30), items | st.none(), max_size=4), max_size=10),
    st.lists(filters, min_size=1, max_size=4),
)
def test_everything_after_any_changes(
    base: list[Item],
    reload: bool,
    steps: list[dict[int, Item | None]],
    wanted: list[Filter],
) -> None:
    world = World(base, reload=reload)
    for changes in steps:
        world.put(changes)
    catalogue, held = world.catalogue, world.held
    assert (len(catalogue), catalogue.room) == (len(held), world.room)
    for script in SCRIPTS:
        assert catalogue.count(script) == sum(own == script for _, own, _ in held.values())
    for one in wanted:
        mask = catalogue.mask(one)
        expected = [world.allows(one, slot) for slot in range(world.room)]
        assert (mask is None) == (one == Filter())
        assert mask is None or mask.tolist() == expected
    found = [world.slot_of(row) for row in range(40)]
    assert [catalogue.slot_of(row) for row in range(40)] == found
    assert catalogue.slots_of(range(40)).tolist() == [slot for slot in found if slot is not None]
    check_columns(catalogue, held)


def check_columns(catalogue: Catalogue, held: dict[int, Item]) -> None:
    slots = np.array(sorted(held, reverse=True), np.int32)
    own = [held[slot] for slot in slots.tolist()]
    rows, sequences = catalogue.versions(slots)
    versions = [(one.row, one.sequence) for one, *_ in own]
    assert [*zip(rows.tolist(), sequences.tolist(), strict=True)] == versions
    rows, sequences = catalogue.stored()
    assert [*zip(rows.tolist(), sequences.tolist(), strict=True)] == sorted(versions)
    assert catalogue.asking(slots).tolist() == [asking for *_, asking in own]
    assert [SCRIPTS[one] for one in catalogue.scripts(slots)] == [script for _, script, _ in own]
    in_chat = [one.conversation is not None for one, *_ in own]
    assert catalogue.in_chat(slots).tolist() == in_chat
    now = datetime(2026, 1, 3, tzinfo=UTC)
    days = [
        np.nan if one.timestamp is None
        else (now - datetime.fromisoformat(one.timestamp)).total_seconds() / 86_400
        for one, *_ in own
    ]  # fmt: skip
    assert np.allclose(catalogue.ages(slots, now.timestamp()), days, equal_nan=True)


def test_an_empty_catalogue() -> None:
    catalogue = Catalogue()
    assert (len(catalogue), catalogue.room) == (0, 0)
    assert catalogue.slot_of(1) is catalogue.displace(1) is None
    assert catalogue.slots_of([1, 2]).tolist() == []
    mask = catalogue.mask(Filter(collections=["a"]))
    assert mask is not None
    assert mask.shape == (0,)
