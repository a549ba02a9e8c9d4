"""Another model takes over while texts are stored and searched: nobody waits, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from opened_collection import Loaded, Opened, another, hurry, text_of, wait

from raggen_embed import opening, shadow
from raggen_embed.encoder import PACKAGED, Encoder
from raggen_embed.errors import DiskFull, Overloaded
from raggen_embed.index import Index
from raggen_embed.searching import Searching
from raggen_embed.shadow import Progress, Shadow
from raggen_embed.upkeep import Upkeep

Open = Callable[[str], Opened]
MANY = 30


@pytest.fixture(scope="module")
def loaded(encoder: Encoder) -> Loaded:
    return Loaded(encoder)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> str:
    return another(tmp_path_factory.mktemp("models") / "another")


@pytest.fixture
def open_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded: Loaded) -> Iterator[Open]:
    """Opens collections on one directory with a model, one after another."""
    hurry(monkeypatch)
    monkeypatch.setattr(Encoder, "load", loaded.load)
    opened: list[Opened] = []

    def open_(model: str) -> Opened:
        for one in opened:
            one.close()
        opened.append(Opened(tmp_path / "data", model))
        return opened[-1]

    yield open_
    for one in opened:
        one.close()


class Gate:
    """Stops the new model before each batch that it reads of what is stored."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, batch: int = 4) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        write = Upkeep.write_readings

        def gated(upkeep: Upkeep, encoded: list[object]) -> None:
            self.reached.set()
            assert self.open.wait(60)
            write(upkeep, encoded)  # type: ignore[arg-type]

        monkeypatch.setattr(Upkeep, "write_readings", gated)
        monkeypatch.setattr("raggen_embed.renewal.BATCH", batch)


def shadow_of(one: Opened) -> Shadow:
    found = one.collection._shadow
    assert found is not None
    return found


def switched(one: Opened) -> None:
    wait(lambda: shadow_of(one).progress.state == "switched")


def filled(open_: Open, count: int = MANY) -> Opened:
    one = open_(PACKAGED)
    one.put(*range(count))
    return one


def stored_models(one: Opened) -> dict[str, bool]:
    found = one.collection._writer.run(one.collection._store.upkeep.models)
    return {model.place: model.active for model in found}


def test_it_takes_over(open_: Open, other: str) -> None:
    before = filled(open_).search(text_of(3))
    one = open_(other)
    assert one.collection.model == "all-MiniLM-L6-v2"
    switched(one)
    name = one.collection.model
    assert name == Path(other).name != "all-MiniLM-L6-v2"
    progress = shadow_of(one).progress
    assert (progress.state, progress.read, progress.total) == ("switched", MANY, MANY)
    assert progress.overlap is not None
    assert progress.overlap > 0.8
    # The same weights: the same answers.
    found = one.search(text_of(3))
    assert [n for n, _ in found][:5] == [n for n, _ in before][:5]
    assert stored_models(one) == {PACKAGED: False, other: True}
    one.put(100)
    assert one.search(text_of(100))[0][0] == "100"


def test_its_base_is_a_snapshot_and_those_before_are_swept(open_: Open, other: str) -> None:
    one = filled(open_)
    one.wait_for_base(MANY)
    [before] = one.files()
    one = open_(other)
    switched(one)
    one.wait_for_base(MANY)
    wait(lambda: not before.exists())
    wait(lambda: len(one.files()) == 1)


def test_few_texts_are_read_at_the_start(open_: Open, other: str) -> None:
    filled(open_, opening.SOON)
    one = open_(other)
    assert one.collection._shadow is None
    assert one.collection.model == Path(other).name
    assert len(one.search("lamp")) == opening.SOON


def test_back_again_is_immediate(open_: Open, other: str) -> None:
    filled(open_)
    one = open_(other)
    switched(one)
    one.put(100)
    one.delete(5)
    back = open_(PACKAGED)
    assert back.collection._shadow is None
    assert back.collection.model == "all-MiniLM-L6-v2"
    found = [name for name, _ in back.search(text_of(100))]
    assert found[0] == "100"
    assert {*found} == {*map(str, range(MANY)), "100"} - {"5"}


def test_it_goes_on_where_it_was(open_: Open, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(open_)
    gate = Gate(monkeypatch)
    one = open_(other)
    assert shadow_of(one).progress == Progress("filling", 0, MANY)
    assert gate.reached.wait(60)
    gate.open.set()
    wait(lambda: shadow_of(one).progress.read >= 8)
    gate.open.clear()
    threading.Timer(0.3, gate.open.set).start()
    one.close()  # waits for the batch that is being written
    read = shadow_of(one).progress.read
    if read == MANY:
        pytest.fail("nothing was left to go on with")
    gate.open.clear()
    gate.reached.clear()
    one = open_(other)
    assert gate.reached.wait(60)
    assert 8 <= shadow_of(one).progress.read < MANY
    assert one.collection.model == "all-MiniLM-L6-v2"
    gate.open.set()
    switched(one)
    assert shadow_of(one).progress.read == MANY


def test_progress_counts_what_comes_meanwhile(
    open_: Open, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(open_)
    gate = Gate(monkeypatch)
    one = open_(other)
    assert gate.reached.wait(60)
    thread = threading.Thread(target=one.put, args=(100, 101))
    thread.start()  # waits for the batch that is being written
    gate.open.set()
    seen = []
    while shadow_of(one).progress.state != "switched":
        seen.append(shadow_of(one).progress)
        time.sleep(0.002)
    thread.join()
    assert all(progress.read <= progress.total for progress in seen)
    assert seen[0].total == MANY
    assert shadow_of(one).progress.read == shadow_of(one).progress.total == MANY + 2


class Busy:
    """Somebody who writes and somebody who searches, each in a thread, until they are stopped."""

    def __init__(self, one: Opened) -> None:
        self.failures: list[object] = []
        self.written = self.searched = 0
        self._one = one
        self._stopped = threading.Event()
        works = (self._write, self._search)
        self._threads = [threading.Thread(target=self._guarded, args=(work,)) for work in works]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            while not self._stopped.is_set():
                work()
        except Exception as error:  # noqa: BLE001 - the test fails with it
            self.failures.append(error)

    def _write(self) -> None:
        number = 100 + self.written
        self._one.put(number)
        self._one.put(number % MANY, version=number, more=f" Heron {number}.")
        if self._one.search(text_of(number))[0][0] != str(number):
            self.failures.append(("not found", number))
        if number % 3 == 0:
            self._one.delete(number)
            if str(number) in dict(self._one.search(text_of(number))):
                self.failures.append(("still found", number))
        self.written += 1

    def _search(self) -> None:
        missing = {*map(str, range(MANY))} - {name for name, _ in self._one.search("lamp heron")}
        if missing:
            self.failures.append(("torn", missing))
        self.searched += 1


def test_writes_and_searches_go_on(
    open_: Open, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From before the first text is read until after the switch: every acknowledged write is found
    by the next search, a deleted item by none, and nobody gets an error."""
    filled(open_)
    monkeypatch.setattr("raggen_embed.renewal.BATCH", 2)
    one = open_(other)
    busy = Busy(one)
    try:
        switched(one)
        written, searched = busy.written, busy.searched
        wait(lambda: busy.failures or (busy.written > written + 2 and busy.searched > searched + 2))
    finally:
        busy.stop()
    assert busy.failures == []
    assert min(written, searched) > 0


def test_an_item_that_comes_between_reading_and_indexing(
    open_: Open, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models before have read it, and those that take over have not yet."""
    filled(open_)
    fill = Index.fill
    comes = [200, 201]

    def filled_late(index: Index, generation: int) -> None:
        if threading.current_thread().name == "shadow" and comes:
            one.put(comes.pop())
        fill(index, generation)

    monkeypatch.setattr(Index, "fill", filled_late)
    one = open_(other)
    switched(one)
    assert comes == []
    assert {"200", "201"} <= {name for name, _ in one.search("lamp")}


def test_a_full_queue_or_disk_puts_it_off(
    open_: Open, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(open_)
    asked = written = 0
    question = Searching.question_now

    def busy(own: Searching, *rest: object) -> object:
        nonlocal asked
        asked += 1
        if asked in (1, 3):
            raise Overloaded("busy", retry_after=1)
        return question(own, *rest)  # type: ignore[arg-type]

    write = Upkeep.write_readings

    def full(upkeep: Upkeep, *rest: object) -> None:
        nonlocal written
        written += 1
        if written == 1:
            raise DiskFull("full")
        write(upkeep, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Searching, "question_now", busy)
    monkeypatch.setattr(Upkeep, "write_readings", full)
    one = open_(other)
    assert one.search(text_of(4))[0][0] == "4"
    switched(one)
    assert asked > 4
    assert written > 1


def test_what_fails_leaves_the_models_before(
    open_: Open, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(open_)
    monkeypatch.setattr(shadow, "PATIENCE_SECONDS", 600)

    def fail(*_: object, **__: object) -> int:
        raise RuntimeError("no")

    monkeypatch.setattr(shadow, "renew_readings", fail)
    one = open_(other)
    wait(lambda: shadow_of(one).progress.state == "failed")
    assert one.collection.model == "all-MiniLM-L6-v2"
    one.put(100)
    assert one.search(text_of(100))[0][0] == "100"
    started = time.monotonic()
    one.close()
    assert time.monotonic() - started < 10


def test_closing_while_it_reads_is_prompt(
    open_: Open, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(open_, 200)
    monkeypatch.setattr("raggen_embed.renewal.BATCH", 1)
    one = open_(other)
    wait(lambda: shadow_of(one).progress.read > 0)
    started = time.monotonic()
    one.close()
    assert time.monotonic() - started < 10
    assert shadow_of(one).progress.read < 200
    assert shadow_of(one).progress.state == "filling"
