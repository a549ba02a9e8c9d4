"""Settings are frozen, and a wrong one says what to write. handbook/tests sees to their page."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from raggen_embed.errors import SettingsError
from raggen_embed.settings import load_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "70000"),
        ("min_relevance", "nan"),
        ("cors_origins", "*"),
        ("cors_origins", "localhost:3000"),
        ("log_level", "loud"),
        ("threads", "0"),
        ("queue_windows", "1e9"),
    ],
)
def test_a_wrong_setting_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"RAGGEN_EMBED_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"RAGGEN_EMBED_{name.upper()} .* write "):
        load_settings()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAGGEN_EMBED_CORS_ORIGINS", "https://a.example , http://[::1]:3000,")
    monkeypatch.setenv("RAGGEN_EMBED_LOG_LEVEL", "WARNING")
    settings = load_settings()
    assert settings.cors_origins == ("https://a.example", "http://[::1]:3000")
    assert settings.log_level == "warning"
    with pytest.raises(ValidationError):
        settings.port = 1
