import json
from pathlib import Path
from typing import Any

import pytest
from evaluation.sets import SetError, find_sets, read_set


def write(folder: Path, items: list[dict[str, Any]], judged: str = "q1\ta\t1\n") -> Path:
    folder.mkdir(parents=True)
    queries = [{"id": "q1", "text": "who?"}, {"id": "q2", "text": "nobody asked"}]
    for name, rows in (("corpus", items), ("queries", queries)):
        lines = "\n".join(json.dumps(row) for row in rows) + "\n"
        (folder / f"{name}.jsonl").write_text(lines, "utf-8")
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}", "utf-8")
    return folder


def test_a_query_without_a_relevant_item_is_left_out(tmp_path: Path) -> None:
    judged = "q1\ta\t2\nq1\tb\t0\nq2\tb\t0\n"
    one = read_set(write(tmp_path / "s", [{"id": "a", "text": "x"}], judged))
    assert [query.id for query in one.queries] == ["q1"]
    assert one.relevant == {"q1": {"a": 2}}


def test_a_set_of_turns_is_a_chat(tmp_path: Path) -> None:
    plain = read_set(write(tmp_path / "plain", [{"id": "a", "text": "x"}]))
    chat = read_set(write(tmp_path / "chat", [{"id": "a", "text": "x", "conversation": "c"}]))
    assert (plain.is_chat, chat.is_chat) == (False, True)


def test_sets_are_found_below_a_folder_by_name_or_in_it(tmp_path: Path) -> None:
    for name in ("second", "first"):
        write(tmp_path / name, [{"id": "a", "text": "x"}])
    assert [one.name for one in find_sets(tmp_path)] == ["first", "second"]
    assert [one.name for one in find_sets(tmp_path / "first")] == ["first"]


def test_errors_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="not a folder"):
        find_sets(tmp_path / "nowhere")
    with pytest.raises(SetError, match="no set in"):
        find_sets(tmp_path)
    folder = write(tmp_path / "s", [{"id": "a", "text": "x"}], judged="q1\ta\tmany\n")
    with pytest.raises(SetError, match="query-id, corpus-id, score"):
        read_set(folder)
    (folder / "qrels.tsv").unlink()
    with pytest.raises(SetError, match=r"qrels\.tsv is missing"):
        read_set(folder)
