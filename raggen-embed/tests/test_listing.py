"""Lists, collections, statistics, and deletion by what items are."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from embed_service import Json, Service, Start, item
from hypothesis import given, settings
from hypothesis import strategies as st

from raggen_embed.errors import NotFound
from raggen_embed.listing import Chosen, Listing
from raggen_embed.listing_schemas import MAX_CURSOR, after_cursor, cursor_after

ITEMS = "/api/v1/items"
FIELDS = {
    "id",
    "version",
    "collection",
    "conversation",
    "session",
    "seq",
    "speaker",
    "timestamp",
    "language",
    "parent",
    "text_sha256",
}


def page(service: Service, **asked: Any) -> Json:
    answer = service.http.get(ITEMS, params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def everything(service: Service, **asked: Any) -> list[Json]:
    found: list[Json] = []
    cursor: dict[str, str] = {}
    for _ in range(100):
        answer = page(service, **asked, **cursor)
        found += answer["items"]
        if answer["next_cursor"] is None:
            return found
        assert len(answer["items"]) == asked.get("limit", 100)
        cursor = {"cursor": answer["next_cursor"]}
    raise AssertionError("it does not end")


def clear(service: Service, **asked: Any) -> Json:
    answer = service.http.post(f"{ITEMS}/delete-matching", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def noon(day: int, offset: int = 0) -> str:
    zone = timedelta(hours=offset)
    moment = datetime(2026, 5, day, 12, tzinfo=UTC) + zone
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + f"{offset:+03d}:00"


@pytest.fixture
def filled(service: Service, owner: str) -> list[str]:
    """20 items: odd ones in "notes", each third in chat c0, c1, c2, one a day, in many zones."""
    service.put(
        *[
            item(
                f"i{n:02}",
                f"Note number {n}.",
                n + 1,
                owner=owner,
                collection="notes" if n % 2 else "messages",
                conversation=f"c{n % 3}",
                timestamp=noon(n + 1, n % 12 - 6),
            )
            for n in range(20)
        ],
        item("timeless", "No time at all.", owner=owner, collection="notes"),
    )
    return [f"i{n:02}" for n in range(20)]


@pytest.mark.parametrize("limit", [1, 2, 7, 20, 21, 22, 1000])
def test_pages_hold_everything_once(
    service: Service, owner: str, filled: list[str], limit: int
) -> None:
    listed = everything(service, owner=owner, limit=limit)
    assert [one["id"] for one in listed] == [*filled, "timeless"]
    assert set(listed[3]) == FIELDS
    assert (listed[3]["version"], listed[3]["conversation"]) == (4, "c0")
    assert "Note number" not in str(listed)


def test_filters(service: Service, owner: str, filled: list[str]) -> None:
    def ids(**asked: Any) -> list[str]:
        return [one["id"] for one in everything(service, owner=owner, limit=3, **asked)]

    assert ids(collection="notes") == [*filled[1::2], "timeless"]
    assert ids(conversation="c1") == filled[1::3]
    assert ids(collection="notes", conversation="c1") == filled[1::6]
    # At the very moment is neither before nor after, in whatever zone it is written.
    assert ids(before=noon(4)) == filled[:3]
    assert ids(after=noon(4, 5)) == filled[4:]
    assert ids(after=noon(4), before=noon(6)) == ["i04"]
    assert ids(collection="nothing") == []
    assert everything(service, owner=f"{owner} 2") == []


@pytest.mark.parametrize("border", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_times_at_the_ends_of_the_calendar(service: Service, owner: str, border: str) -> None:
    ends = ["0001-01-01T00:00:01+13:00", "9999-12-31T23:59:58-13:00", "2026-01-01T00:00:00Z"]
    service.put(
        *[item(f"e{n}", "An end.", owner=owner, timestamp=one) for n, one in enumerate(ends)]
    )
    early = border.startswith("0001")
    assert [one["id"] for one in everything(service, owner=owner, before=border)] == (
        [] if early else ["e0", "e1", "e2"]
    )
    assert [one["id"] for one in everything(service, owner=owner, after=border)] == (
        ["e0", "e1", "e2"] if early else []
    )


def test_a_list_is_stable_while_others_write(service: Service, owner: str) -> None:
    stay = [f"s{n:02}" for n in range(40)]
    service.put(*[item(one, "It stays.", owner=owner) for one in stay])
    stop = threading.Event()

    def write() -> None:
        with httpx.Client(base_url=service.http.base_url, timeout=60) as http:
            version = 1
            while not stop.is_set():
                version += 1
                batch = [
                    item(f"s{n:02}x", "It comes and goes.", version, owner=owner)
                    for n in range(0, 40, 5)
                ]
                batch.append(item(stay[version % 40], "It stays.", version, owner=owner))
                http.put(ITEMS, json={"items": batch})
                targets = [{"id": one["id"], "version": version} for one in batch[:-1]]
                http.post(f"{ITEMS}/delete", json={"owner": owner, "items": targets})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            ids = [one["id"] for one in everything(service, owner=owner, limit=3)]
            assert ids == sorted(set(ids))
            assert [one for one in ids if not one.endswith("x")] == stay
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("cursor", ["!", "a", "%00", "____", "_" * MAX_CURSOR])
def test_a_cursor_of_somebody_else(service: Service, cursor: str) -> None:
    answer = service.http.get(ITEMS, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256))
@settings(max_examples=200)
def test_a_cursor_leads_back_to_its_id(identifier: str) -> None:
    cursor = cursor_after(identifier)
    assert len(cursor) <= MAX_CURSOR
    assert after_cursor(cursor) == identifier
    with pytest.raises(NotFound):
        after_cursor(cursor + "!")


def test_collections_of_an_owner(service: Service, owner: str, filled: list[str]) -> None:
    answer = service.http.get("/api/v1/collections", params={"owner": owner}).json()
    assert answer == {
        "owner": owner,
        "collections": [
            {"name": "messages", "items": 10, "conversations": 3},
            {"name": "notes", "items": 11, "conversations": 3},
        ],
    }
    nobody = service.http.get("/api/v1/collections", params={"owner": f"{owner} 2"}).json()
    assert nobody["collections"] == []


@pytest.mark.parametrize(
    ("asked", "gone"),
    [
        ({"conversations": ["c1"]}, slice(1, 20, 3)),
        ({"collections": ["notes", "nothing"], "before": noon(30)}, slice(1, 20, 2)),
        ({"after": noon(5)}, slice(5, 20)),
        ({"all": True, "conversations": ["c0"]}, slice(0, 20, 3)),
    ],
)
def test_deletion_by_filter(
    service: Service, owner: str, filled: list[str], asked: Json, gone: slice
) -> None:
    service.put(item("i01", "Somebody else's.", owner=f"{owner} 2", conversation="c1"))
    before = service.http.get("/readyz").json()["generation"]
    cleared = clear(service, owner=owner, **asked)
    assert (cleared["deleted"], cleared["kept"]) == (len(filled[gone]), 0)
    assert cleared["generation"] == service.http.get("/readyz").json()["generation"] > before
    left = [one for one in [*filled, "timeless"] if one not in filled[gone]]
    assert [one["id"] for one in everything(service, owner=owner)] == left
    found = service.ids("note number", owner=owner, k=100, min_relevance=0)
    assert sorted(found) == left
    assert service.get("i01", f"{owner} 2").status_code == 200
    # A late upsert of what was deleted is refused, a newer version is not.
    name = filled[gone][-1]
    version = int(name[1:]) + 1
    [late] = service.put(item(name, "Late.", version, owner=owner))
    assert late["status"] == "deleted"
    [newer] = service.put(item(name, "Newer.", version + 1, owner=owner))
    assert newer["status"] == "created"
    assert clear(service, owner=owner, conversations=["nothing"])["deleted"] == 0


@pytest.mark.parametrize(
    "asked",
    [{}, {"all": False}, {"before": None}, {"collections": []}, {"all": "yes"}, {"texts": ["a"]}],
)
def test_deleting_everything_has_to_be_said(service: Service, owner: str, asked: Json) -> None:
    service.put(item("a", "Still here.", owner=owner))
    answer = service.http.post(f"{ITEMS}/delete-matching", json={"owner": owner, **asked})
    assert answer.status_code == 422, answer.text
    if set(asked) <= {"all", "before"} and asked.get("all") != "yes":
        assert "all: true deletes everything of this owner" in answer.json()["error"]["message"]
    assert service.get("a", owner).status_code == 200
    assert clear(service, owner=owner, all=True)["deleted"] == 1
    assert service.get("a", owner).status_code == 404


def test_many_are_deleted_in_batches_and_others_are_served(start: Start) -> None:
    service = start(multilingual="off").ready()
    for first in range(0, 600, 200):
        service.put(*[item(f"m{n:03}", f"Item {n}.") for n in range(first, first + 200)])
    cleared: list[Json] = []
    clearing = threading.Thread(target=lambda: cleared.append(clear(service, all=True)))
    clearing.start()
    with httpx.Client(base_url=service.http.base_url, timeout=60) as http:
        while clearing.is_alive():
            assert http.post("/api/v1/search", json={"text": "item"}).status_code == 200
    clearing.join()
    assert (cleared[0]["deleted"], cleared[0]["kept"]) == (600, 0)
    service.stop()
    assert start(service.data).ready().http.get("/readyz").json()["items"] == 0


def test_chosen_is_what_the_store_compares(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    condition, values = Chosen("me", ["a", "b"], None, moment, None).condition()
    assert condition == (
        "owner = ? AND collection IN (?, ?) AND timestamp < ? AND moment(timestamp) < ?"
    )
    assert values == ["me", "a", "b", "2026-01-03", moment.timestamp()]
    with pytest.raises(Exception, match="unable to open"):
        Listing(tmp_path / "nothing.db")
