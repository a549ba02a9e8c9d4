"""Whether a service and a ledger tell the same story."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from embed_service import Service, item

from raggen_embed.encoder import Encoder
from raggen_embed.multilingual import Multilingual
from raggen_embed.preparation import Preparation
from raggen_embed.schemas import Item
from torture.ledger import Ledger, made
from torture.sentences_of import is_english, text_of
from torture.tables import Row, rows

Fresh = Callable[[str, str], dict[str, npt.NDArray[np.float32]]]
SAMPLE = 6


def fresh_vectors(encoder: Encoder, multilingual: Multilingual) -> Fresh:
    """A function from an item's id and text to vectors that nobody stored, by role."""
    preparation = Preparation(encoder.windower)

    def fresh(identifier: str, text: str) -> dict[str, npt.NDArray[np.float32]]:
        one = preparation.item(Item.model_validate(item(identifier, text)))
        [main] = encoder.encode(one.inputs)
        [other] = multilingual.encode(one.inputs, [one.kind])
        return {"main": main.vector[None], "multilingual": other.vector[None]}

    return fresh


def versions(data: Path) -> dict[int, int]:
    """What is stored, versions by number."""
    return {int(one.id.removeprefix("i")): one.version for one in rows(data)}


def settle_and_compare(data: Path, ledger: Ledger) -> tuple[list[Row], int]:
    """Everything stored is what the ledger says, no more and no less, and whole.

    Returns:
        What is stored, and how many requests that were never answered turned out to be done.
    """
    stored = rows(data)
    found = {int(one.id.removeprefix("i")): one for one in stored}
    happened = ledger.settle({number: one.version for number, one in found.items()})
    lost = sorted(ledger.stored.keys() - found.keys())
    back = sorted(found.keys() - ledger.stored.keys())
    assert not lost, f"acknowledged and lost: {lost}"
    assert not back, f"deleted, refused or never sent, and there: {back}"
    for number, one in found.items():
        assert one.version == ledger.stored[number], f"i{number} is at {one.version}"
        assert one.text == text_of(number, one.version)
        english = is_english(number)
        assert one.script == ("latin" if english else "cyrillic")
        assert one.vectors.keys() == {"multilingual", *(["main"] if english else [])}
        assert all(vectors.shape == (1, 384) for vectors in one.vectors.values())
    return stored, happened


def compare_vectors(stored: Sequence[Row], fresh: Fresh) -> float:
    """Stored vectors belong to the stored texts; the least cosine to a fresh one."""
    least = 1.0
    for one in stored:
        made_now = fresh(one.id, one.text)
        for role, vectors in one.vectors.items():
            cosine = float((vectors * made_now[role]).sum())
            # Revisions of a text are .9 alike, the same text in another batch .999.
            assert cosine > 0.995, (one.id, role, cosine)
            least = min(least, cosine)
    return least


def compare_by_http(service: Service, ledger: Ledger, rng: random.Random, others: int) -> None:
    """The service counts and finds what the ledger says; looks closely at what changed last.

    Args:
        others: how many items there are of other owners.
    """
    readiness = service.http.get("/readyz").json()
    assert readiness["items"] == len(ledger.stored) + others
    total = service.search_whole("x", k=1)["total_items"]
    assert total == len(ledger.stored)
    for number in ledger.sample(rng, SAMPLE):
        look_closely(service, ledger, number)


def look_closely(service: Service, ledger: Ledger, number: int) -> None:
    """An item is there and found by what it says, or neither of both."""
    version = ledger.stored.get(number)
    answer = service.get(f"i{number}")
    if version is None:
        assert answer.status_code == 404, f"i{number} was deleted"
        gone = ledger.deleted.get(number, 0)
        if gone:
            assert f"i{number}" not in service.ids(text_of(number, gone), k=100, min_relevance=0)
            # A late upsert of what was deleted changes nothing.
            assert service.put(made(number, gone))[0]["status"] == "deleted"
        return
    text = text_of(number, version)
    assert answer.json()["item"]["text"] == text
    found = service.search(text, k=100, min_relevance=0)
    # An item of the other language may be nearer still, to the multilingual model.
    alike = [one for one in found if one["text"].startswith("The ") == is_english(number)]
    assert alike[0]["id"] == f"i{number}"
    assert alike[0]["text"] == text
    assert len({one["id"] for one in found}) == len(found)
