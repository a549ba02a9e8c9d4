"""Remembering and forgetting through the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from embed_service import Service, Start, item


def statuses(results: list[dict[str, object]]) -> list[object]:
    return [result["status"] for result in results]


def test_what_was_acknowledged_is_found_by_the_next_search(service: Service, owner: str) -> None:
    for number in range(20):
        text = f"The parcel number {number} lies in locker {chr(97 + number) * 3}."
        service.put(item(f"p{number}", text, owner=owner))
        assert f"p{number}" in service.ids(
            f"Which locker is parcel {number} in?", owner=owner, k=100
        )


def test_upserts_are_keyed_by_id_and_version(service: Service, owner: str) -> None:
    first = item("a", "The key is under the mat.", 3, owner=owner)
    assert statuses(service.put(first)) == ["created"]
    assert statuses(service.put(first)) == ["unchanged"]
    assert statuses(service.put(item("a", "It hangs in the hall.", 2, owner=owner))) == ["stale"]
    assert statuses(service.put(item("a", "Other text.", 3, owner=owner))) == ["stale"]
    assert service.get("a", owner).json()["item"]["text"] == "The key is under the mat."
    newer = item("a", "The key is in the blue teapot.", 4, owner=owner)
    [updated] = service.put(newer)
    assert updated == {"id": "a", "version": 4, "status": "updated"}
    assert service.ids("Where is the teapot?", owner=owner) == ["a"]
    assert service.ids("What is under the mat?", owner=owner, min_relevance=0.9) == []
    assert service.search_whole("key", owner=owner)["total_items"] == 1


def test_a_batch_is_applied_in_order(service: Service, owner: str) -> None:
    results = service.put(
        item("a", "one", 1, owner=owner),
        item("a", "two", 2, owner=owner),
        item("a", "one again", 1, owner=owner),
    )
    assert statuses(results) == ["created", "updated", "stale"]
    assert service.get("a", owner).json()["item"]["text"] == "two"


def test_a_deleted_item_is_not_brought_back_by_a_late_upsert(service: Service, owner: str) -> None:
    service.put(item("a", "I collect stamps from Iceland.", 2, owner=owner))
    assert service.delete("a", 1, owner)["status"] == "stale"
    assert service.ids("stamps Iceland", owner=owner) == ["a"]
    assert service.delete("a", 2, owner)["status"] == "deleted"
    assert service.delete("a", 2, owner)["status"] == "absent"
    assert service.get("a", owner).status_code == 404
    assert service.ids("stamps Iceland", owner=owner) == []
    [late] = service.put(item("a", "I collect stamps from Iceland.", 2, owner=owner))
    assert late == {"id": "a", "version": 2, "status": "deleted"}
    assert statuses(service.put(item("a", "I collect coins.", 3, owner=owner))) == ["created"]


def test_deleting_what_is_not_there_yet_stops_its_late_upsert(service: Service, owner: str) -> None:
    assert service.delete("never", 5, owner)["status"] == "absent"
    assert statuses(service.put(item("never", "Hello there.", 5, owner=owner))) == ["deleted"]
    assert statuses(service.put(item("never", "Hello again.", 6, owner=owner))) == ["created"]


def test_deletes_in_a_batch(service: Service, owner: str) -> None:
    service.put(item("a", "Alpha.", owner=owner), item("b", "Beta.", 7, owner=owner))
    answer = service.http.post(
        "/api/v1/items/delete",
        json={
            "owner": owner,
            "items": [
                {"id": "a", "version": 1},
                {"id": "b", "version": 1},
                {"id": "c", "version": 1},
            ],
        },
    )
    assert statuses(answer.json()["results"]) == ["deleted", "stale", "absent"]


def test_an_item_comes_back_verbatim(service: Service, owner: str) -> None:
    sent = item(
        "conv/1 ?#%",
        "  Line one\n\tline two 👩‍👩‍👧 e\u0301 \u0000 end  ",
        9,
        owner=owner,
        collection="notes",
        conversation="c",
        session="s",
        seq=12,
        speaker="Olga",
        timestamp="2026-05-08T13:56:00.250000+03:00",
        language="en",
        parent="doc",
        metadata={"page": 3, "ratio": 0.5, "ok": True, "who": "Ольга"},
    )
    service.put(sent)
    answer = service.http.get("/api/v1/items/conv%2F1%20%3F%23%25", params={"owner": owner})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"item": sent, "windows": 1, "model": "all-MiniLM-L6-v2"}


def test_owners_are_strictly_apart(service: Service, owner: str) -> None:
    mine = "My safe opens with the code 4711."
    service.put(item("x", mine, owner=owner, conversation="shared"))
    service.put(item("x", "I like tea.", owner=f"{owner} 2", conversation="shared"))
    other = f"{owner} 2"
    assert service.ids("What code opens my safe?", owner=other, min_relevance=0, k=100) == ["x"]
    [found] = service.search("What code opens my safe?", owner=other, min_relevance=0)
    assert found["text"] == "I like tea."
    assert service.get("x", other).json()["item"]["text"] == "I like tea."
    assert service.get("x", f"{owner} 3").status_code == 404
    assert service.delete("x", 99, other)["status"] == "deleted"
    assert service.ids("What code opens my safe?", owner=owner) == ["x"]


def test_another_owners_words_do_not_show_in_scores(service: Service, owner: str) -> None:
    service.put(item("x", "The yacht is called Nausicaa.", owner=owner))
    [before] = service.search("Nausicaa yacht", owner=owner)
    service.put(*[item(f"y{n}", f"Nausicaa yacht {n}", owner=f"{owner} 2") for n in range(30)])
    [after] = service.search("Nausicaa yacht", owner=owner)
    assert after["lexical"] == before["lexical"]


@pytest.mark.parametrize("how", ["delete", "update"])
def test_deleted_text_is_gone_from_the_files(start: Start, tmp_path: Path, how: str) -> None:
    service = start().ready()
    fillers = [item(f"f{n}", f"Filler sentence number {n} about gardens.") for n in range(40)]
    service.put(
        *fillers,
        item("secret", "The xyzzyplugh password is Qwertzuiop. " * 30, speaker="Wilhelmina"),
    )
    needles = [b"xyzzyplugh", b"Qwertzuiop", b"Wilhelmina"]

    def present() -> list[bytes]:
        whole = b"".join(p.read_bytes() for p in service.data.iterdir() if p.is_file())
        return [needle for needle in needles if needle in whole]

    assert present() == needles
    if how == "delete":
        service.delete("secret", 1)
    else:
        service.put(item("secret", "Nothing here.", 2))
    assert present() == []
    assert "xyzzyplugh" not in str(service.search("xyzzyplugh password", min_relevance=0, k=100))
    service.kill()
    again = start(service.data).ready()
    assert again.get("secret").status_code == (404 if how == "delete" else 200)
    assert "xyzzyplugh" not in str(again.search("xyzzyplugh password", min_relevance=0, k=100))
