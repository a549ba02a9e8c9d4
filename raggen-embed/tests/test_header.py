"""The natural-language header."""

from __future__ import annotations

from typing import Any

import pytest

from raggen_embed.header import header_of
from raggen_embed.schemas import Item

WHEN = "2023-05-08T23:30:00-05:00"


@pytest.mark.parametrize(
    ("fields", "prefix", "date", "name"),
    [
        ({"text": "Hi", "speaker": "user", "timestamp": WHEN},
         "On 8 May 2023, the user said: ", "8 May 2023", ""),
        ({"text": "Hi", "speaker": "assistant"}, "the assistant said: ", "", ""),
        ({"text": "Hi", "speaker": "Olga", "timestamp": WHEN},
         "On 8 May 2023, Olga said: ", "8 May 2023", "Olga"),
        ({"text": "Hi", "timestamp": WHEN}, "On 8 May 2023: ", "8 May 2023", ""),
        ({"text": "Hi"}, "", "", ""),
        ({"text": "Привет, John", "speaker": "user", "timestamp": WHEN},
         "8 мая 2023 г. пользователь сказал: ", "8 мая 2023 г.", ""),
        ({"text": "Привет", "speaker": "Ольга"}, "Ольга говорит: ", "", "Ольга"),
        ({"text": "42", "speaker": "assistant", "language": "ru"}, "ассистент сказал: ", "", ""),
    ],
)  # fmt: skip
def test_header(fields: dict[str, Any], prefix: str, date: str, name: str) -> None:
    header = header_of(Item.model_validate({"id": "a", "version": 1, **fields}))
    assert (header.prefix, header.date, header.name) == (prefix, date, name)
