"""Copies of what is stored are items like any other."""

from __future__ import annotations

from pathlib import Path

from evaluation.client import running_embed
from evaluation.copies import copied
from evaluation.large import OWNER


def test_every_copy_is_found(tmp_path: Path) -> None:
    where = {"RAGGEN_EMBED_DATA_DIR": str(tmp_path)}
    texts = ["My dog Archie is afraid of thunder.", "Мою собаку зовут Арчи.", "Tea at five."]
    with running_embed(where) as client:
        client.upsert(
            [
                {"id": str(n), "version": 1, "text": text, "owner": OWNER, "conversation": "c"}
                for n, text in enumerate(texts)
            ]
        )
    assert copied(tmp_path, 9) == 9
    with running_embed(where) as client:
        body = {"text": "What is Archie afraid of?", "owner": OWNER, "k": 9, "min_relevance": 0}
        found = client.search(body).results
        assert {one["id"] for one in found} == {
            f"{n}{mark}" for n in range(3) for mark in ("", "-1", "-2")
        }
        assert [one["id"][0] for one in found[:3]] == ["0", "0", "0"]
        narrowed = client.search(body | {"conversations": ["c-2"]}).results
        assert narrowed[0]["id"] == "0-2"
