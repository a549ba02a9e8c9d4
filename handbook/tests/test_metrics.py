"""The page of all metrics has every one, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from handbook import metrics
from handbook.setting import UndocumentedError


def test_every_metric_is_on_both_pages() -> None:
    for language in ("en", "ru"):
        page = metrics.page(language)
        for found in metrics.described().values():
            for one in found:
                assert f"`{one.name}" in page, one.name


def test_names_as_a_scrape_has_them() -> None:
    known = metrics.known()
    assert {
        "raggen_web_answers_total",
        "raggen_web_own_seconds_bucket",
        "raggen_web_build_info",
        "raggen_embed_cache_windows_total",
        "raggen_embed_request_seconds_count",
        "raggen_embed_build_info",
    } <= known
    assert "raggen_web_answers" not in known


def test_one_without_a_translation_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    texts = metrics.TEXTS.read_text().replace("[raggen_web_chats]", "[raggen_web_chat]")
    file = tmp_path / "metrics.toml"
    file.write_text(texts)
    monkeypatch.setattr(metrics, "TEXTS", file)
    with pytest.raises(UndocumentedError, match=r"raggen_web_chat.*raggen_web_chats"):
        metrics.described()
