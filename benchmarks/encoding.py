"""How many texts a second become vectors in process, beside the peers, on the same weights."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from tokenizers import Tokenizer

from benchmarks import texts
from benchmarks.machine import has_bf16
from benchmarks.peers import ROOT, Peers, packaged_model
from benchmarks.processes import BrokenError, OutOfTimeError, stop
from benchmarks.rows import Row, at_least
from benchmarks.samples import pair_ratio, spread
from benchmarks.sizes import Sizes

OURS: Final = "raggen-embed"
REFERENCE: Final = "sentence-transformers"
TARGETS: Final = {REFERENCE: 3.8, "fastembed": 1.9}
START_SECONDS: Final = 120
ORDER_SECONDS: Final = 180
CHECKED: Final = 64  # texts whose vectors are compared
PROGRAMS: Final = "benchmarks.programs"


@dataclass
class Encoding:
    """A program that encodes on order; see programs/__init__.py."""

    process: subprocess.Popen[bytes]
    log: Path
    _read: bytes = field(default=b"")

    def order(self, words: str, seconds: float = ORDER_SECONDS) -> str:
        """Send an order; the line that it is answered with."""
        assert self.process.stdin is not None  # noqa: S101 - a pipe, see encoding_program
        self.process.stdin.write(f"{words}\n".encode())
        self.process.stdin.flush()
        return self.line(seconds)

    def line(self, seconds: float) -> str:
        """The next line.

        Raises:
            OutOfTimeError: there was none.
            BrokenError: the program ended.
        """
        assert self.process.stdout is not None  # noqa: S101
        end, pipe = time.monotonic() + seconds, self.process.stdout.fileno()
        while b"\n" not in self._read:
            if not select.select([pipe], [], [], max(0.0, end - time.monotonic()))[0]:
                raise OutOfTimeError(f"no answer in {seconds:.0f} s")
            more = os.read(pipe, 1 << 20)
            if not more:
                said = self.log.read_text("utf-8", "replace").strip()
                raise BrokenError(f"the program ended; its last words: {said[-400:]}")
            self._read += more
        line, _, self._read = self._read.partition(b"\n")
        return line.decode()


@contextmanager
def encoding_program(
    python: str, name: str, arguments: Sequence[str], log: Path
) -> Iterator[Encoding]:
    """Start one of the encoding programs and wait until its model has read a text."""
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [python, "-m", f"{PROGRAMS}.{name}", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    try:
        started = Encoding(process, log)
        while started.line(START_SECONDS) != "ready":
            pass  # a library's own words
        yield started
    finally:
        stop(process.pid)
        process.communicate()


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """Rows of messages and of passages, beside each peer."""
    drawn = _texts(sizes, folder / "texts.json")
    with programs(folder, folder / "texts.json") as running:
        cosines = _cosines(running)
        rows = []
        for kind in ("messages", "passages"):
            taken = _interleaved(running, kind, sizes.rounds)
            speeds = {
                name: [len(drawn[kind]) / seconds for seconds in some]
                for name, some in taken.items()
            }
            rows += [_row(kind, peer, speeds, cosines) for peer in TARGETS]
    return rows


@contextmanager
def programs(folder: Path, file: Path) -> Iterator[dict[str, Encoding]]:
    """All three programs with their models loaded, by name; an idle one takes no processor time."""
    peers, model, threads = Peers(folder / "peers"), packaged_model(), str(os.cpu_count() or 1)
    onnx = peers.onnx_model(model)
    with ExitStack() as stack:

        def start(python: str, name: str, *arguments: str) -> Encoding:
            log = folder / f"{name}.log"
            return stack.enter_context(encoding_program(python, name, [str(file), *arguments], log))

        yield {
            OURS: start(sys.executable, "raggen", threads),
            REFERENCE: start(
                peers.sentence_transformers().python, "sentence_transformers_default", str(model)
            ),
            "fastembed": start(peers.fastembed().python, "fastembed_default", str(onnx), threads),
        }


def token_count() -> texts.Count:
    """Counts tokens as the model does, the special ones included."""
    tokenizer = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text).ids)


def _texts(sizes: Sizes, file: Path) -> dict[str, list[str]]:
    tokens = token_count()
    drawn = {
        "messages": texts.messages(sizes.messages, tokens),
        "passages": texts.passages(sizes.passages, tokens),
    }
    drawn["checked"] = [*drawn["messages"][:CHECKED], *drawn["passages"][:CHECKED]]
    file.write_text(json.dumps(drawn))
    return drawn


def _interleaved(running: Mapping[str, Encoding], kind: str, rounds: int) -> dict[str, list[float]]:
    """Seconds of each program in each round; the first round warms up and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in running}
    for _ in range(rounds + 1):
        for name, program in running.items():
            taken[name].append(float(program.order(kind)))
    return {name: seconds[1:] for name, seconds in taken.items()}


def _cosines(running: Mapping[str, Encoding]) -> dict[str, float]:
    """The least cosine of each program's vectors to the reference's."""
    made = {
        name: np.array(json.loads(program.order("vectors")), np.float64)
        for name, program in running.items()
    }
    unit = {name: own / np.linalg.norm(own, axis=1, keepdims=True) for name, own in made.items()}
    return {name: float((own * unit[REFERENCE]).sum(axis=1).min()) for name, own in unit.items()}


def _row(
    kind: str, peer: str, speeds: Mapping[str, Sequence[float]], cosines: Mapping[str, float]
) -> Row:
    pairs = [ours / theirs for ours, theirs in zip(speeds[OURS], speeds[peer], strict=True)]
    precision = "bf16" if has_bf16() else "no bf16 here: f32, for which the target was not made"
    return Row(
        f"encoding {kind}, beside {peer}",
        round(pair_ratio(speeds[OURS], speeds[peer]), 2),
        "×",
        at_least(TARGETS[peer]),
        {f"{name} {kind}/s": round(median(speeds[name]), 1) for name in (OURS, peer)},
        f"{precision}; least cosine to the reference {cosines[OURS]:.5f} "
        f"(peer {cosines[peer]:.5f}); pairs {spread(pairs)}",
    )
