"""Words to stems, spellings to 4-grams, both to keys."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
import time
import types
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from raggen_embed import analysis
from raggen_embed.analysis import Bag, Vocabulary, gram_bag, grams, key_of, stem_of, word_bag, words
from raggen_embed.script import script_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("собаки", "собаку"),
        ("грозы", "ГРОЗУ"),
        ("ёлка", "елки"),
        ("полёт", "полете"),
        ("идти", "шёл"),  # pymorphy3 alone knows this
        ("дети", "ребёнок"),
        ("чтение", "чтения"),
        ("dogs", "Dog's"),
        ("dog’s", "dog's"),
        ("running", "runs"),
        ("йод", unicodedata.normalize("NFD", "йод")),
        ("café", "cafe\u0301"),
        ("ﬁles", "file"),
    ],
)
def test_forms_of_a_word_are_one_stem(one: str, other: str) -> None:
    assert [word.key for word in words(one)] == [word.key for word in words(other)] != []


def test_the_normal_form_goes_through_snowball_too() -> None:
    """What pymorphy3 takes for different words, because one is an adjective, Snowball joins."""
    assert stem_of("красивый") == stem_of("красиво") == "красив"


def test_different_words_stay_different() -> None:
    said = "кот код год dog dig собака сабо"
    assert len({word.key for word in words(said)}) == len(said.split())


def test_words_keep_what_the_text_wrote_and_the_order() -> None:
    found = list(words("Ёжик, the DON’T-dog_42; ёжик!"))
    assert [word.text for word in found] == ["Ёжик", "the", "DON’T", "dog", "42", "ёжик"]
    assert [word.folded for word in found] == ["ежик", "the", "don't", "dog", "42", "ежик"]
    assert found[0].key == found[-1].key == key_of(found[0].stem)


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Tchaikovsky", "Чайковский"),
        ("Olga Petrova", "Ольга Петрова"),
        ("Moscow Novgorod", "Москов Новгород"),
        ("Photography", "Фотографии"),
        ("Docker", "Докер"),
        ("Wolfgang", "Вольфганг"),
    ],
)
def test_a_name_shares_most_4_grams_with_its_transcription(latin: str, cyrillic: str) -> None:
    one, other = set(grams(latin)), set(grams(cyrillic))
    assert len(one & other) >= 0.5 * min(len(one), len(other)), (one, other)
    assert not set(grams("umbrella")) & other


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [("tchaikovski", "чайковски"), ("photon", "фотон"), ("centr", "центр"), ("school", "шоол"),
     ("docker", "докер"), ("kharkov", "харьков"), ("quark", "кварк"), ("max", "макс"),
     ("jaz", "джаз"), ("watt", "ватт"), ("tom", "том"), ("math", "мат")],
)  # fmt: skip
def test_one_sound_is_spelled_one_way(latin: str, cyrillic: str) -> None:
    assert analysis.spelling_of(latin) == analysis.spelling_of(cyrillic)


def test_a_4_gram_never_reaches_over_two_words() -> None:
    assert grams("ab Кот") == ["_ab_", "_kot", "kot_"]
    assert grams("a") == ["_a_"]


def test_keys_are_the_same_in_another_process() -> None:
    terms = ["собак", "dog", "_kot", "\ud83d", ""]
    code = f"from raggen_embed.analysis import key_of; print([key_of(t) for t in {terms!a}])"
    for seed in ("1", "2"):
        said = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True,
        ).stdout  # fmt: skip
        assert said.strip() == str([key_of(term) for term in terms])
    # A change of keys needs a new ANALYSIS_VERSION, or no stored item is found any more.
    assert key_of("dog") == 5750585903842312732


@given(st.lists(st.integers(0, 2**63 - 1) | st.integers(0, 5)))
def test_a_bag_counts(keys: list[int]) -> None:
    bag = Bag.of(keys)
    assert bag.keys.dtype == np.int64
    assert bag.counts.dtype == np.int32
    assert dict(zip(bag.keys.tolist(), bag.counts.tolist(), strict=True)) == {
        key: keys.count(key) for key in keys
    }
    assert bag.keys.tolist() == sorted(set(keys))
    assert bag.length == len(keys)


def test_the_bags_of_a_text() -> None:
    text = "Кот видит кота. A cat!"
    assert word_bag(text).counts[word_bag(text).keys == key_of(stem_of("кот"))].tolist() == [2]
    assert word_bag(text).length == 5
    assert gram_bag(text).length == len(grams(text))
    assert key_of("_kot") in gram_bag(text).keys.tolist()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n\0 … 😀👩‍👩‍👧 _ ''", 0),
        ("\ud83d", 0),
        ("dog\udc00кот", 2),
        ("我喜欢猫 猫", 2),
        ("x" * 200_000, 1),
        ("ё" * 200_000, 1),
        ("猫" * 200_000, 1),
        ("слово " * 33_333, 33_333),
        ("a'" * 100_000, 1),
        ("?" * 200_000, 0),
        ("e\u0301" + "\u0301" * 199_000, 1),
        ("".join(f"слово{n:05} " for n in range(18_000)), 18_000),
    ],
)
def test_hostile_texts(text: str, count: int) -> None:
    started = time.perf_counter()
    bag, other = word_bag(text), gram_bag(text)
    assert time.perf_counter() - started < 20
    assert bag.length == count
    assert (other.length > 0) == (count > 0)
    # A blob without spaces does not fill the memory with its spelling (щ is four letters of it).
    assert other.length <= 1024 * count


@given(st.text(st.characters()))
def test_any_text(text: str) -> None:
    found = list(words(text))
    assert [word.folded for word in found] == analysis.folded_words(text)
    assert all(0 <= word.key < 2**63 for word in found)
    assert word_bag(text).length == len(found)
    assert (gram_bag(text).length > 0) == (len(found) > 0)


class Guarded:
    """The real analyser, which notices when a second thread comes while one is inside."""

    def __init__(self) -> None:
        self._real = analysis._morphology()
        self._inside = 0

    def parse(self, word: str) -> Any:
        self._inside += 1
        time.sleep(0.0005)  # lets other threads run, where nothing holds them back
        alone = self._inside == 1
        found = self._real.parse(word)
        self._inside -= 1
        assert alone, "two threads in the dictionary"
        return found


class Owned:
    """A real stemmer, which notices when a thread uses another one's."""

    def __init__(self, language: str) -> None:
        self._real = Stemmer.Stemmer(language)
        self._thread = threading.get_ident()

    def stemWord(self, word: str) -> Any:  # noqa: N802
        assert threading.get_ident() == self._thread
        return self._real.stemWord(word)


def test_eight_threads_stem_as_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    endings = ["а", "ы", "у", "ой", "ам", "ing", "s", "ed"]
    said = [f"{stem}{end}" for stem in ("собак", "кошк", "ламп", "walk", "talk") for end in endings]
    # A module of its own, which has made no stemmer and remembers no word yet.
    spec = importlib.util.spec_from_file_location("afresh", analysis.__file__)
    assert spec is not None
    assert spec.loader is not None
    fresh: Any = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "afresh", fresh)
    spec.loader.exec_module(fresh)
    guarded = Guarded()
    fresh._morphology = lambda: guarded
    fresh.Stemmer = types.SimpleNamespace(Stemmer=Owned)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: {word: fresh.stem_of(word) for word in said}, range(8)))
    alone = {word: stem_of(word) for word in said}
    assert all(one == alone for one in found)


@pytest.mark.parametrize(("text", "courtesy"), [
    ("Hi!", True), ("thank you very much", True), ("Добрый вечер", True), ("спасибо 😀", True),
    ("what is it", False), ("", False), ("hi, where is my dog?", False),
    ("привет, где собака", False),
])  # fmt: skip
def test_courtesy(text: str, courtesy: bool) -> None:
    assert Vocabulary().is_courtesy(text) is courtesy


@pytest.mark.parametrize(
    ("text", "script"),
    [("dog", "latin"), ("собака", "cyrillic"), ("Почему падает Python?", "cyrillic"),
     ("Why does Питон fall?", "latin"), ("1 + 1", "latin"), ("", "latin"), ("猫猫猫 да", "latin")],
)  # fmt: skip
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


def test_what_is_remembered_of_a_word_is_its_beginning_alone() -> None:
    """Or a hundred thousand pasted keys, each as long as a message may be, would stay."""
    beginning = "k" * analysis._MAX_SPELLING
    gram_bag(beginning)
    before = analysis._grams_of.cache_info().currsize
    for number in range(5):
        gram_bag(beginning + str(number) * 1000)
    assert analysis._grams_of.cache_info().currsize == before
