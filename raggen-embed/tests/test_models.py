"""What both models share."""

from __future__ import annotations

import copy

from raggen_embed.encoder import Encoder
from raggen_embed.models import LETTERS, _flat, _windowed
from raggen_embed.preparation import Preparation
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
    assert blob.tokens == [1]
    assert _flat([plain, blob])[1] == [plain.tokens[0], 1600 // LETTERS]
