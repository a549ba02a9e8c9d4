"""`make eval` over a set of our own, from files to report, through a real service."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from evaluation import __main__ as command
from evaluation.sets import RetrievalSet
from evaluation.study.small import small_memories

FIGURES = {
    *("ndcg@10", "recall@5", "recall@10", "mrr@10", "ece", "kept_at_default", "ms_per_query"),
    *("minilm_ndcg@10", "bm25_ndcg@10"),
}
OF_CHATS = {
    *("macro_ndcg@10", "macro_recall@10", "evidence@1000"),
    *("minilm_macro_ndcg@10", "bm25_macro_ndcg@10"),
}


def write(chosen: RetrievalSet, folder: Path) -> None:
    """A set as files."""
    folder.mkdir(parents=True)
    queries = [{"id": query.id, "text": query.text} for query in chosen.queries]
    rows: list[tuple[str, list[dict[str, Any]]]] = [
        ("corpus", [*chosen.items]),
        ("queries", queries),
    ]
    for name, lines in rows:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    judged = [f"{q}\t{item}\t{grade}" for q, one in chosen.relevant.items()
              for item, grade in one.items()]  # fmt: skip
    header = "query-id\tcorpus-id\tscore"
    (folder / "qrels.tsv").write_text("\n".join([header, *judged, ""]), "utf-8")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["evaluation", *arguments])
    return command.main()


def test_a_set_of_any_name_gets_figures_a_report_and_a_plot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "KEPT", tmp_path / "kept.json")
    write(small_memories()[1].chosen, tmp_path / "sets" / "my own chat")
    out = tmp_path / "reports" / "file.json"
    assert run(monkeypatch, "--sets", f"{tmp_path}/sets", "--out", str(out), "--keep") == 0
    figures = json.loads(out.read_text("utf-8"))["sets"]
    assert set(figures["my own chat"]) == FIGURES | OF_CHATS
    assert figures["my own chat"]["ndcg@10"] > 50
    report = out.with_suffix(".md").read_text("utf-8")
    assert "| my own chat |" in report
    assert f"]({out.stem}.svg)" in report
    assert "my own chat" in out.with_suffix(".svg").read_text("utf-8")
    assert json.loads((tmp_path / "kept.json").read_text("utf-8"))["sets"] == figures
    assert "| my own chat |" in capsys.readouterr().out


def test_what_is_wrong_with_the_sets_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "file.json")
    assert run(monkeypatch, "--sets", f"{tmp_path}/nowhere", "--out", out) == 2
    assert "not a folder" in capsys.readouterr().err
    write(small_memories()[0].chosen, tmp_path / "sets" / "one")
    sets = ("--sets", f"{tmp_path}/sets", "--out", out)
    assert run(monkeypatch, *sets, "--only", "other") == 2
    assert "no set other" in capsys.readouterr().err
    monkeypatch.setenv("RAGGEN_EMBED_THREADS", "none")
    assert run(monkeypatch, *sets) == 2
    assert "raggen-embed stopped with status" in capsys.readouterr().err
