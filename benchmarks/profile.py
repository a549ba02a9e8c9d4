"""`python -m benchmarks.profile encoding|writing|searching`: which part of the service takes how
much of a processor's time, in this process, without HTTP.

A part's time is its own thread's, without that of the parts that it calls. A model works on a
library's threads, too: for a search its time is the whole process', reading the same questions
again, alone.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import os
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from benchmarks import stores, texts, writing
from benchmarks.__main__ import FOLDER
from benchmarks.encoding import token_count
from benchmarks.sizes import FULL, QUICK, Sizes
from raggen_embed import lanes, ranking
from raggen_embed.catalogue import Catalogue
from raggen_embed.collection import Collection
from raggen_embed.dense import DenseIndex
from raggen_embed.encoder import Encoder
from raggen_embed.finding import Finding
from raggen_embed.index import Index
from raggen_embed.lexical import Postings
from raggen_embed.memory import Memory, Read
from raggen_embed.models import Models
from raggen_embed.neighbours import Neighbours
from raggen_embed.preparation import Preparation
from raggen_embed.progress import Start
from raggen_embed.ranking import Ranker
from raggen_embed.reader import Reader
from raggen_embed.results import Results
from raggen_embed.search_schemas import SearchRequest
from raggen_embed.searching import Searching
from raggen_embed.sentence_bert import SentenceBert
from raggen_embed.settings import Settings
from raggen_embed.sources import Sources
from raggen_embed.store import Store
from raggen_embed.tokens import Tokens

Part = tuple[Any, str, str]

ENCODING: Final[list[Part]] = [
    (Preparation, "text", "cutting into windows"),
    (SentenceBert, "read", "the network, with its tokenizer"),
    (Encoder, "_encoding", "vectors of tokens"),
    (Encoder, "encode", "vectors of texts"),
]
WRITING: Final[list[Part]] = [
    (Store, "apply", "SQLite: rows, commit, sync"),
    (Index, "_entry", "what the index needs of each item"),
    (Read, "of", "distinct tokens"),
    (Catalogue, "place", "catalogue"),
    (Catalogue, "displace", "what a row held before"),
    (Neighbours, "extend", "neighbours"),
    (Postings, "extend", "postings"),
    (Tokens, "extend", "tokens"),
    (DenseIndex, "extend", "vectors"),
    (Index, "apply", "rest of the index"),
]
SEARCHING: Final[list[Part]] = [
    (Preparation, "question", "preparing the question"),
    (Ranker, "rank", "rest of ranking"),
    (DenseIndex, "search", "nearest vectors"),
    (DenseIndex, "score", "cosines of the candidates"),
    (Postings, "frequencies", "how many items hold each term"),
    (Postings, "scores", "postings, all items"),
    (Postings, "strengths", "postings, candidates"),
    (Sources, "signs", "signs of tokens from SQLite"),
    (Memory, "signs", "rest of the signs"),
    (lanes, "maxsim", "token match"),
    (ranking, "gather", "rest of gathering candidates"),
    (Reader, "rows", "texts from SQLite"),
    (Results, "result", "results as they are shown"),
    (Finding, "find", "rest of finding"),
    (Searching, "_answer", "rest of answering"),
]


class Clock:
    """Processor time by part."""

    def __init__(self) -> None:
        """Make one that has measured nothing."""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open = threading.local()

    def timed(self, work: Callable[..., Any], part: str) -> Callable[..., Any]:
        """The same, measured."""

        @functools.wraps(work)
        def timed(*args: Any, **options: Any) -> Any:
            outer = getattr(self._open, "within", 0.0)
            self._open.within = 0.0
            started = time.thread_time()
            try:
                return work(*args, **options)
            finally:
                took = time.thread_time() - started
                self.seconds[part] += took - self._open.within
                self._open.within = outer + took

        return timed


@contextmanager
def measured(parts: list[Part]) -> Iterator[Clock]:
    """Let a clock measure these until the end of it."""
    clock = Clock()
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in parts]
    try:
        for (owner, name, part), (_, _, work) in zip(parts, before, strict=True):
            if isinstance(work, classmethod):
                setattr(owner, name, classmethod(clock.timed(work.__func__, part)))
            else:
                setattr(owner, name, clock.timed(work, part))
        yield clock
    finally:
        for owner, name, work in before:
            setattr(owner, name, work)


def encode(sizes: Sizes, _: Path, clock: Clock) -> tuple[int, float]:
    """Encode messages in process, as a batch of bulk work: how many, and seconds in all."""
    models = Models.load(Settings(multilingual=False))
    preparation = Preparation(models.encoder.windower)
    messages = texts.messages(sizes.messages, token_count())
    try:
        models.read_now("main", [preparation.text(one) for one in messages[:64]])
        clock.seconds.clear()
        before = time.process_time()
        models.read_now("main", [preparation.text(one) for one in messages])
        return len(messages), time.process_time() - before
    finally:
        models.close()


def write(sizes: Sizes, folder: Path, clock: Clock) -> tuple[int, float]:
    """Write batches, encoding excluded: how many, and seconds of processors in all."""
    data = folder / "data-profile"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    collection = Collection.open(Settings(data_dir=data), Start())
    try:
        batches = writing.batches_of(collection, min(writing.DIFFERENT, sizes.written))
        writing.written(collection, [*islice(batches, writing.WARM)])
        # Fewer than would have a new base made meanwhile, by a process of its own.
        prepared = [*islice(batches, 50)]
        clock.seconds.clear()
        before = time.process_time()
        writing.written(collection, prepared)
        return len(prepared), time.process_time() - before
    finally:
        collection.close()
        shutil.rmtree(data, ignore_errors=True)


def search(sizes: Sizes, folder: Path, clock: Clock) -> tuple[int, float]:
    """Ask many different questions: how many, and seconds of processors in all."""
    warm, asked = 20, texts.questions(sizes.questions + 20)
    requests = [
        SearchRequest.model_validate({"text": text, "owner": stores.OWNER, "k": 10})
        for text in asked
    ]

    async def ask(collection: Collection, some: list[SearchRequest]) -> None:
        for one in some:
            await collection.search(one)

    with stores.large_and_indexed(folder, "profile", sizes.items, sizes.kept) as data:
        collection = Collection.open(Settings(data_dir=data), Start())
        try:
            asyncio.run(ask(collection, requests[:warm]))
            clock.seconds.clear()
            before = time.process_time()
            asyncio.run(ask(collection, requests[warm:]))
            taken = time.process_time() - before
            read_again(collection, [one.text for one in requests[warm:]], clock)
            return len(requests) - warm, taken
        finally:
            collection.close()


def read_again(collection: Collection, questions: list[str], clock: Clock) -> None:
    """Let each model that searches ask read these questions."""
    serving = collection._serving  # noqa: SLF001 - HTTP would be measured, too
    asked = [serving.preparation.question(text) for text in questions]
    roles = {role for one in asked for role in serving.index.roles(stores.OWNER, one.script)}
    for role in sorted(roles):
        before = time.process_time()
        for one in asked:
            if role in serving.index.roles(stores.OWNER, one.script):
                serving.models.read_now(role, one.said)
        clock.seconds[f"the {role} model reads it"] = time.process_time() - before


KINDS: Final = {
    "encoding": (ENCODING, encode, "a message"),
    "writing": (WRITING, write, "a batch of 64"),
    "searching": (SEARCHING, search, "a search"),
}


def main() -> None:
    """Print a table: milliseconds of a processor for each message, batch of 64, or search."""
    parser = argparse.ArgumentParser(prog="benchmarks.profile", description=__doc__)
    parser.add_argument("what", choices=[*KINDS])
    parser.add_argument("--quick", action="store_true", help="small sizes: to see that it works")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where data are kept")
    options = parser.parse_args()
    sizes = QUICK if options.quick else FULL
    parts, work, unit = KINDS[options.what]
    options.folder.mkdir(parents=True, exist_ok=True)
    with measured(parts) as clock:
        count, seconds = work(sizes, options.folder.resolve(), clock)
    rows = [(part, 1000 * own / count) for part, own in clock.seconds.items()]
    rest = 1000 * seconds / count - sum(own for _, own in rows)
    print(f"| part | processor ms {unit} |\n|---|---:|")
    for part, own in sorted(rows, key=lambda row: -row[1]):
        print(f"| {part} | {own:.2f} |")
    print(f"| the remainder: threads and what they wait for | {rest:.2f} |")
    print(f"| **all** | **{1000 * seconds / count:.2f}** |")
    print(f"\n{count} times; load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
