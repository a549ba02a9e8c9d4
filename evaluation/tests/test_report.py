from pathlib import Path
from xml.etree import ElementTree

from evaluation.report import COMPARED, plot, table

FIGURES = {
    "chat <1>": {
        "ndcg@10": 51.2, "recall@5": 60.0, "recall@10": 70.0, "mrr@10": 48.0,
        "macro_ndcg@10": 50.0, "macro_recall@10": 66.0, "evidence@1000": 80.0, "ece": 0.0312,
        "kept_at_default": 93.0, "ms_per_query": 12.0, "minilm_ndcg@10": 20.0, "bm25_ndcg@10": 40.0,
    },
    "passages": {"ndcg@10": 97.0, "ece": 0.01},
}  # fmt: skip


def test_every_main_figure_shows_its_difference_to_the_last_kept_result() -> None:
    last = {"chat <1>": {key: FIGURES["chat <1>"][key] - 1.5 for key in COMPARED}}
    row = table(FIGURES, last).splitlines()[2]
    assert row.count("(+1.5)") == len(COMPARED) == 5
    assert "| 51.2 (+1.5) | 20.0 | 40.0 | 60.0 | 70.0 (+1.5) |" in row
    assert "| 0.031 | 93.0 | 12.0 |" in row


def test_a_set_that_was_never_kept_shows_none_and_what_it_lacks_is_empty() -> None:
    row = table(FIGURES, {"chat <1>": {"ndcg@10": 1.0}}).splitlines()[3]
    assert row.startswith("| passages | 97.0 |  |  |")
    assert "(" not in row


def test_no_difference_is_not_a_negative_one() -> None:
    assert "97.0 (+0.0)" in table(FIGURES, {"passages": {"ndcg@10": 97.01}})


def test_the_plot_is_a_picture_with_the_sets_names(tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    plot(FIGURES, path)
    root = ElementTree.fromstring(path.read_text("utf-8"))  # noqa: S314 - our own file
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert {"chat <1>", "passages", "51.2", "97.0", "raggen"} <= set(texts)
