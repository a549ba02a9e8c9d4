"""Makes e5_means.npz: the mean vector of an ordinary text, and of a token of one.

    python -m evaluation.study.make_e5_means

By the script and by what a text is to the model: a question, something kept, or that with a header.
The texts are ordinary_texts.json, written by hand for this, the same in both languages: no set is
looked at. The headers are the product's, with eight names and as many years.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from evaluation.study.models import BATCH
from raggen_embed.encoder import Encoding
from raggen_embed.engine import Kind
from raggen_embed.header import header_of
from raggen_embed.multilingual import Floats, Multilingual, packaged
from raggen_embed.schemas import Item
from raggen_embed.script import SCRIPTS, Script

TEXTS: Final = Path(__file__).with_name("ordinary_texts.json")
PARTS: Final = ("vectors", "tokens")
FILE: Final = Path(str(files("raggen_embed"))) / "e5_means.npz"


def ordinary_texts() -> dict[tuple[Kind, Script], list[str]]:
    """The texts of each kind and script."""
    read: dict[str, dict[str, list[str]]] = json.loads(TEXTS.read_text(encoding="utf-8"))
    texts: dict[tuple[Kind, Script], list[str]] = {}
    for script in SCRIPTS:
        statements = read[script]["statements"]
        texts["plain", script] = statements
        texts["question", script] = read[script]["questions"]
        texts["headed", script] = [*map(headed, statements, said_by(read[script]["names"]))]
    return texts


def said_by(names: list[str]) -> Iterator[dict[str, Any]]:
    """Speakers and dates without end, spread over the year."""
    place = 0
    while True:
        when = datetime(2019 + place % 8, 1 + place * 5 % 12, 1 + place * 11 % 28)  # noqa: DTZ001
        yield {"speaker": names[place % len(names)], "timestamp": f"{when.isoformat()}Z"}
        place += 1


def headed(text: str, said: dict[str, Any]) -> str:
    """A text as the model reads an item's."""
    item = Item.model_validate({"id": "ordinary", "version": 1, "text": text, **said})
    return header_of(item).prefix + text


def encodings(model: Multilingual, texts: list[str], kind: Kind) -> list[Encoding]:
    """What the model makes of them, the shortest first."""
    order = sorted(texts, key=len)
    parts = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    return [one for part in parts for one in model.encode(part, [kind] * len(part))]


def means() -> dict[str, Floats]:
    """What Multilingual takes away, by the names that it knows."""
    texts = ordinary_texts()
    names = [f"{part}-{kind}-{script}" for kind, script in texts for part in PARTS]
    # Nothing is taken away from the vectors yet.
    model = Multilingual(packaged(), 1, dict.fromkeys(names, np.zeros(1, np.float32)))
    found = {}
    for (kind, script), ordinary in texts.items():
        read = encodings(model, ordinary, kind)
        found[f"vectors-{kind}-{script}"] = np.mean([one.vector for one in read], axis=0)
        found[f"tokens-{kind}-{script}"] = np.concatenate([one.tokens for one in read]).mean(axis=0)
    return found


def main() -> None:
    """Write them."""
    made: dict[str, Any] = {**means()}
    np.savez(FILE, **made)


if __name__ == "__main__":
    main()
