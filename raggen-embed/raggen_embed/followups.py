"""When a question cannot stand alone, and which earlier turn it borrows from. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from raggen_embed.analysis import folded_words

# Words that carry no topic of their own.
FUNCTION: Final = frozenset(
    folded_words("""
    a an the and or but so if of to in on at by for with from about as than then there here
    is are was were be been do does did have has had can could will would shall should may might
    must not no yes what when where who whom whose which why how i you me my your we our us
    tell say said know mean please more else again also too just any some much many long often
    exactly kind ok okay well really got get
    и а но или да нет не ни же ли бы то в во на с со к ко по о об от до из у за для при про над под
    что чего чему чем как когда где куда откуда кто кого кому кем чей чья чьё чьи
    какой какая какое какие какого какую каком какому почему зачем сколько который которая которые
    я ты вы мы мне меня мой моя моё мои тебе тебя твой ваш вам вас нас нам наш
    быть был была было были есть будет скажи расскажи знаешь ещё еще тоже также именно так вот ну
    ладно ок пожалуйста подробнее подробней точно можно надо
    """)
)
# What was named before: persons; and things or places, whose words also open questions that stand
# alone.
PERSONS: Final = frozenset(
    folded_words("""
    he she they him her them his hers their theirs
    он она они его её ее их ему ей им ним ней них нём нем неё нее
    """)
)
THINGS: Final = frozenset(
    folded_words("""
    it its that this these those one ones there then same
    оно это этот эта эти этого этой этом этому этим этих тот та те того той том тому тем тех
    там тогда туда оттуда такой такая такое такие сам сама сами
    """)
)
WEIGHT_POINTING: Final = 0.5  # of the earlier turn, when the question has words of its own
WEIGHT_EMPTY: Final = 0.8  # and when it has none: "and why?"
MIN_CONTENT: Final = 2  # fewer content words than this cannot find anything alone
MAX_CONTENT_THINGS: Final = 3  # beyond, "this" mostly points within the question itself
MAX_CONTENT_PERSONS: Final = 6
TURNS: Final = 3  # how far back the turn that stands alone is looked for

_NAME: Final = re.compile(r"(?<=[\w,;:] )[A-ZА-ЯЁ]\w+")


def content_words(text: str) -> list[str]:
    """The words that say what the question is about."""
    silent = FUNCTION | PERSONS | THINGS
    return [word for word in folded_words(text) if word.removesuffix("'s") not in silent]


def history_weight(question: str) -> float:
    """How much of an earlier turn a question needs: 0 when it stands alone.

    A name inside the sentence, or enough content words, makes it stand alone.
    """
    if _NAME.search(question):
        return 0.0
    content = len(content_words(question))
    if content < MIN_CONTENT:
        return WEIGHT_EMPTY
    said = set(folded_words(question))
    person = bool(said & PERSONS) and content <= MAX_CONTENT_PERSONS
    thing = bool(said & THINGS) and content <= MAX_CONTENT_THINGS
    return WEIGHT_POINTING if person or thing else 0.0


def history_for(question: str, turns: Sequence[str]) -> tuple[int, float] | None:
    """Which of the person's earlier turns, oldest first, a question needs, and its weight.

    The latest of the last TURNS that stands alone, or the very last; None when the question stands
    alone itself or nothing came before it.
    """
    weight = history_weight(question)
    if weight == 0 or not turns:
        return None
    last = len(turns) - 1
    for place in range(last, max(last - TURNS, -1), -1):
        if turns[place].strip() and history_weight(turns[place]) == 0:
            return place, weight
    return last, weight
