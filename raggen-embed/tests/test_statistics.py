"""What is stored, in numbers."""

from __future__ import annotations

from embed_service import Start, item


def test_statistics_count_what_is_stored(start: Start) -> None:
    service = start().ready()
    empty = service.http.get("/api/v1/statistics").json()
    assert (empty["items"], empty["owners"], empty["windows"], empty["deleted"]) == (0, 0, 0, 0)
    long = "The lake is calm today. " * 150
    service.put(item("a", "Short."), item("b", long), item("c", "Коротко.", owner="other"))
    service.put(item("d", "Gone soon."))
    service.delete("d", 1)
    counted = service.http.get("/api/v1/statistics").json()
    windows = service.get("b").json()["windows"]
    assert windows > 2
    assert (counted["items"], counted["indexed_items"], counted["owners"]) == (3, 3, 2)
    assert (counted["deleted"], counted["windows"]) == (1, windows + 2)
    by_role = {one["role"]: one for one in counted["models"]}
    assert by_role["main"]["name"] == "all-MiniLM-L6-v2"
    # MiniLM has nothing to say of Russian.
    assert by_role["main"]["windows"] == windows + 1
    assert by_role["multilingual"]["windows"] == windows + 2
    assert all(one["loaded"] for one in counted["models"])
    files = [path for path in service.data.iterdir() if path.name.startswith("raggen-embed.db")]
    # The index of the write-ahead log is no data.
    sizes = sum(path.stat().st_size for path in files if not path.name.endswith("-shm"))
    assert counted["database_bytes"] == sizes
    assert counted["generation"] == service.http.get("/readyz").json()["generation"]
    assert counted["memory"]["resident"] > counted["memory"]["anonymous"] > 50_000_000
