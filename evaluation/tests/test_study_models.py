"""The study with the product's models, over sixty messages of our own."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from evaluation.study.derived import follow_up_figures
from evaluation.study.fit import fit_file
from evaluation.study.memory import Corpus
from evaluation.study.models import Models, Text
from evaluation.study.rows import pairs_of
from evaluation.study.small import small_figures, small_memories
from evaluation.study.trial import Trial, ablation

from raggen_embed.calibration import Calibration
from raggen_embed.engine import Kind
from raggen_embed.fusion import PAIRS, Formula
from raggen_embed.script import Script

SETS = [one.chosen for one in small_memories()]


def test_encodings_come_back_from_the_cache_as_they_were(models: Models) -> None:
    said = ["Where does she live?", "Где живёт Анна, и почему именно там?", "?"]
    kinds: list[Kind] = ["question", "plain", "headed"]
    texts = [
        Text(text, models.encoder.windower.count(text), kind)
        for text, kind in zip(said, kinds, strict=True)
    ]
    for role in models.dimensions:
        first, second = models.read(role, texts), models.read(role, texts)
        for one, other in zip(first, second, strict=True):
            assert one.ids.tolist() == other.ids.tolist()
            assert (one.bits == other.bits).all()
            assert np.array_equal(one.vector, other.vector)
            assert len(one.bits) == len(one.ids) > 0
        # An item needs its tokens' bits alone.
        assert [len(one.tokens) for one in second] == [len(second[0].ids), 0, 0]
    made = models.encoder.encode(said[:1])[0]
    assert np.abs(models.read("main", texts)[0].tokens - made.tokens).max() < 0.05


def test_a_model_reads_only_what_is_asked_of_it(models: Models) -> None:
    english = SETS[0].items[:2]
    asked: list[tuple[set[Script], bool]] = [({"latin"}, False), ({"latin", "cyrillic"}, True)]
    for scripts, is_read in asked:
        for entry in Corpus.read(english, models, scripts).entries:
            assert len(entry.read["main"].vectors) == 1
            assert bool(len(entry.read["multilingual"].vectors)) is is_read


def test_the_whole_ablation_of_a_set(models: Models) -> None:
    russian = SETS[1]
    rows = ablation(russian, models)
    assert {"nothing", "late_multilingual", "words", "lift", "header"} <= set(rows)
    assert rows["multilingual encoder"]["ndcg@10"] < rows["nothing"]["ndcg@10"]
    assert rows["nothing"] | {"ms_per_query": 0} == (
        Trial.of(russian, models).figures(Formula.of(models.dimensions)) | {"ms_per_query": 0}
    )


def test_a_memory_of_a_few_items_knows_nothing_of_the_others(models: Models) -> None:
    trial = Trial.of(SETS[0], models)
    few = trial.corpus.memory(models, Formula.of(models.dimensions), [0, 7, 9])
    assert len(few) == 3
    search = replace(trial.search(), memory=few)
    assert sorted(search.find("anything at all", 10).slots.tolist()) == [0, 1, 2]


def test_a_standalone_question_is_answered_as_without_history(models: Models) -> None:
    figures = follow_up_figures(SETS[0], models)
    standalone = figures["standalone"]
    assert standalone["none"] == standalone["full question"]
    assert 0 <= standalone["rule fires, %"] < 50


def test_the_fit_writes_a_file_that_the_product_reads(models: Models, tmp_path: Path) -> None:
    assert set().union(*(pairs_of(one) for one in SETS)) == set(PAIRS)
    out = tmp_path / "relevance.json"
    report = fit_file(SETS, [models, models.main_only()], out)
    document = json.loads(out.read_text("utf-8"))
    present, written = Calibration.load(), Calibration.model_validate(document)
    assert (written.minimum, written.words, written.meaning) == (
        present.minimum,
        present.words,
        present.meaning,
    )
    assert {name: set(row) for name, row in written.coefficients.items()} == {
        "both": set(PAIRS),
        "main": set(PAIRS),
    }
    assert document["provenance"]["models"] == models.fingerprints
    assert document["provenance"]["cross_fitted"] == report
    assert set(report) == {f"{kind}/{one.name}" for kind in ("both", "main") for one in SETS}


def test_small_memories_are_searched_better_with_the_multilingual_encoder(models: Models) -> None:
    both, alone = small_figures(models), small_figures(models.main_only())
    for direction in ("ru-to-ru", "en-to-ru", "ru-to-en"):
        assert both[direction]["R@5"] > alone[direction]["R@5"]
