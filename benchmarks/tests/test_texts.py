"""Texts are always the same, of the lengths that they should have, and none comes twice."""

from __future__ import annotations

from benchmarks import texts
from benchmarks.encoding import token_count

from raggen_embed.schemas import Item


def test_messages_and_passages_have_their_lengths() -> None:
    tokens = token_count()
    messages, passages = texts.messages(300, tokens), texts.passages(40, tokens)
    assert (len(set(messages)), len(set(passages))) == (300, 40)
    assert {8 <= tokens(one) <= 40 for one in messages} == {True}
    assert {100 <= tokens(one) <= 256 for one in passages} == {True}
    assert max(map(tokens, messages)) > min(map(tokens, messages)) + 10
    assert messages == texts.messages(300, tokens)


def test_questions_are_different() -> None:
    asked = texts.questions(20_000)
    assert len(set(asked)) == 20_000
    assert asked[:500] == texts.questions(500)


def test_items_are_what_the_service_takes_and_some_are_russian() -> None:
    items = texts.items(200, "bench")
    assert [Item.model_validate(one).id for one in items] == [str(n) for n in range(200)]
    russian = sum("а" in one["text"] for one in items)
    assert 20 < russian < 60
